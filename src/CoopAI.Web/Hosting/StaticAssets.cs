using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CoopAI.Web.Hosting;

/// <summary>The styles and scripts, each under an address that holds the hash of its content and may be kept for a year.</summary>
/// <remarks>
/// GOV.UK Frontend is used without its font and crown, which are licensed for GOV.UK alone: its <c>@font-face</c> rules are taken out
/// and the system's font stands in, so that no page asks for a file that is not here.
/// </remarks>
public sealed partial class StaticAssets
{
    private const string SystemFont = "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif";

    private readonly FrozenDictionary<string, Asset> _byAddress;
    private readonly FrozenDictionary<string, string> _addresses;

    /// <param name="directory">Holds the files.</param>
    public StaticAssets(string directory)
    {
        var assets = Directory.GetFiles(directory).Where(f => Path.GetExtension(f) is ".css" or ".js" or ".svg").Order(StringComparer.Ordinal).Select(Load).ToList();
        _byAddress = assets.ToFrozenDictionary(a => a.Address, StringComparer.Ordinal);
        _addresses = assets.ToFrozenDictionary(a => a.Name, a => a.Address, StringComparer.Ordinal);
    }

    /// <summary>Where the build puts them.</summary>
    public static string DefaultDirectory => Path.Combine(AppContext.BaseDirectory, "Assets");

    /// <summary>The address of a file, for pages.</summary>
    /// <exception cref="KeyNotFoundException">No such file ships.</exception>
    public string this[string name] => _addresses[name];

    /// <summary>Serves <c>/assets/…</c>.</summary>
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/assets/{file}", (string file, HttpContext context) =>
    {
        if (!_byAddress.TryGetValue($"/assets/{file}", out var asset)) return Results.NotFound();
        var zipped = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.Vary = "Accept-Encoding";
        if (zipped) context.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(zipped ? asset.Zipped : asset.Plain, asset.Type);
    }).ExcludeFromDescription().AllowAnonymous();

    private static Asset Load(string path)
    {
        var name = Path.GetFileName(path);
        var text = File.ReadAllText(path);
        if (name == "govuk-frontend.min.css") text = FontFamily().Replace(FontFace().Replace(text, ""), $"font-family:{SystemFont}");
        text = SourceMap().Replace(text, "");
        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        using var zipped = new MemoryStream();
        using (var brotli = new BrotliStream(zipped, CompressionLevel.Optimal)) brotli.Write(bytes);
        return new Asset(
            name, $"/assets/{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}", bytes, zipped.ToArray(),
            Path.GetExtension(name) switch { ".css" => "text/css; charset=utf-8", ".svg" => "image/svg+xml", _ => "text/javascript; charset=utf-8" });
    }

    [GeneratedRegex(@"@font-face\{[^}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex FontFace();

    [GeneratedRegex(@"font-family:GDS Transport,arial,sans-serif", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 2000)]
    private static partial Regex FontFamily();

    [GeneratedRegex(@"/[*/]# sourceMappingURL=[^\n*]*(?:\*/)?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex SourceMap();

    private sealed record Asset(string Name, string Address, byte[] Plain, byte[] Zipped, string Type);
}
