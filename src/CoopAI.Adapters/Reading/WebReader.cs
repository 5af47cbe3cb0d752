using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace CoopAI.Adapters.Reading;

/// <summary>How pages are fetched from the web.</summary>
public sealed class WebOptions
{
    public const string Section = "Import";

    /// <summary>Who to write to about the fetching: an e-mail address or a page. Stands in the user agent; default: this product's page.</summary>
    public string Contact { get; init; } = "https://councils.coop";

    /// <summary>Least time between two requests to one host. Default 1 second.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time for one request. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pages of one run. Default 5,000.</summary>
    public int MaxPages { get; init; } = 5_000;
}

/// <summary>Fetches case studies from addresses, lists of them and sitemaps, politely and from public hosts only.</summary>
/// <remarks>
/// robots.txt is obeyed (RFC 9309); one request at a time and a pause between two to one host. Only http and https are fetched, and only from addresses
/// of the public internet: the address is checked where the connection is made, so neither a redirect nor a name that changes its address leads inside.
/// What was fetched is kept until its import is applied, so that a run which was cut off goes on there.
/// </remarks>
public sealed class WebReader : IDisposable
{
    private const int MaxRedirects = 5, MaxRobots = 512 * 1024, MaxAddresses = 50_000;

    private readonly CaseStudyImporter _importer;
    private readonly WebPages _pages;
    private readonly WebOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly Dictionary<string, Robots> _robots = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DateTimeOffset> _lastRequest = new(StringComparer.OrdinalIgnoreCase);

    public WebReader(CaseStudyImporter importer, WebPages pages, WebOptions options, TimeProvider clock)
        : this(importer, pages, options, clock, IsPublic)
    {
    }

    /// <param name="allows">Whether an address may be connected to; tests let their own server in.</param>
    internal WebReader(CaseStudyImporter importer, WebPages pages, WebOptions options, TimeProvider clock, Func<IPAddress, bool> allows)
    {
        (_importer, _pages, _options, _clock) = (importer, pages, options, clock);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // A proxy would make the connection where nothing is checked.
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = async (context, ct) => await ConnectAsync(context.DnsEndPoint, allows, ct),
        };
        var retry = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = options.Pause, ShouldRetryAfterHeader = true, MaxDelay = TimeSpan.FromSeconds(60) })
            .AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.Timeout })
            .Build();
        _http = new HttpClient(new ResilienceHandler(retry) { InnerHandler = handler }) { Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"CoopAI/1.0 (reads case studies of co-operative councils; +{options.Contact.Replace('(', ' ').Replace(')', ' ')})");
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html, application/xhtml+xml, application/pdf, application/vnd.openxmlformats-officedocument.wordprocessingml.document, text/plain;q=0.8, application/xml;q=0.8, */*;q=0.1");
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en-GB, en;q=0.9, cy;q=0.5");
    }

    /// <summary>Fetches and reads.</summary>
    /// <param name="addresses">Pages, documents, sitemaps, or lists with one address a line.</param>
    /// <param name="refresh">Ask whether pages that were read before have changed; without addresses, every one that ever was.</param>
    /// <param name="notes">Told of every page and of the time that is left.</param>
    public async IAsyncEnumerable<ImportItem> ReadAsync(IReadOnlyList<Uri> addresses, bool refresh, IProgress<string>? notes = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var todo = new Queue<Uri>(addresses.Count > 0 ? addresses : refresh ? _pages.All().Select(a => new Uri(a)) : []);
        var known = todo.Select(Key).ToHashSet(StringComparer.Ordinal);
        var done = 0;
        var started = _clock.GetTimestamp();
        while (todo.TryDequeue(out var address))
        {
            if (done++ >= _options.MaxPages)
            {
                yield return new ImportProblem(address.ToString(), null, $"{_options.MaxPages} pages were fetched; this one and {todo.Count} more were not. Run the import again for the rest.");
                yield break;
            }

            var (page, problem) = await FetchAsync(address, refresh, ct);
            var left = _clock.GetElapsedTime(started) * ((double)todo.Count / done);
            notes?.Report(string.Create(CultureInfo.InvariantCulture, $"{done} of {done + todo.Count}: {address}{(problem is not null ? ": " + problem : page is null ? ": not changed" : "")}{(left.TotalSeconds > 10 ? $" (about {Math.Ceiling(left.TotalMinutes):0} min left)" : "")}"));
            if (problem is not null)
            {
                yield return new ImportProblem(address.ToString(), null, problem);
                continue;
            }

            if (page is null) continue;
            if (Listed(page, address) is { } listed)
            {
                foreach (var next in listed.Where(n => known.Count < MaxAddresses && known.Add(Key(n)))) todo.Enqueue(next);
                continue;
            }

            foreach (var item in _importer.Read(page.Body, address.ToString(), new ReadingOptions { Address = page.Address, ContentType = page.ContentType }))
            {
                if (item.Problem is { } wrong && AsksToSignIn(page)) yield return new ImportProblem(wrong.File, wrong.Place, "the page asks to sign in. Give the text itself, or a page that everybody can see.");
                else yield return item;
            }
        }
    }

    /// <summary>Notes that what was fetched is in the corpus: from now on only changes are asked for.</summary>
    public void NoteApplied() => _pages.NoteApplied();

    public void Dispose() => _http.Dispose();

    private async Task<(WebPage? Page, string? Problem)> FetchAsync(Uri address, bool refresh, CancellationToken ct)
    {
        var before = _pages.Find(Key(address));
        // A run that was cut off goes on with what it had.
        if (before is { Body.Length: > 0 } && _clock.GetUtcNow() - before.FetchedAt < TimeSpan.FromDays(1)) return (before, null);
        try
        {
            var at = address;
            for (var hops = 0; hops <= MaxRedirects; hops++)
            {
                if (Refusal(at) is { } refusal) return (null, refusal);
                if (!(await RobotsOfAsync(at, ct)).Allows(at)) return (null, $"the site’s robots.txt asks not to fetch {at.AbsolutePath}. Ask the site’s owner for the text.");
                using var request = new HttpRequestMessage(HttpMethod.Get, at);
                if (refresh && before?.ETag is { } tag && EntityTagHeaderValue.TryParse(tag, out var etag)) request.Headers.IfNoneMatch.Add(etag);
                if (refresh && before?.LastModified is { } modified) request.Headers.TryAddWithoutValidation("If-Modified-Since", modified);
                await PauseAsync(at, ct);
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                _lastRequest[at.Host] = _clock.GetUtcNow();
                var status = (int)response.StatusCode;
                if (status is 301 or 302 or 303 or 307 or 308)
                {
                    if (response.Headers.Location is not { } location) return (null, $"the page answers {status} and does not say where it went.");
                    at = new Uri(at, location);
                    continue;
                }

                if (status == 304) return (null, null);
                if (Explain(response.StatusCode) is { } explained) return (null, explained);
                var type = response.Content.Headers.ContentType?.ToString();
                var limit = type?.Contains("html", StringComparison.OrdinalIgnoreCase) == true ? ReadingLimits.HtmlBytes : ReadingLimits.DocumentBytes;
                if (response.Content.Headers.ContentLength > limit) return (null, TooLarge(limit));
                if (await ReadAsync(response.Content, limit, ct) is not { } body) return (null, TooLarge(limit));
                if (body.Length == 0) return (null, "the page is empty.");
                var page = new WebPage(Key(address), at.ToString(), type, response.Headers.ETag?.ToString(), response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture), _clock.GetUtcNow(), body);
                _pages.Keep(page);
                return (page, null);
            }

            return (null, $"the page leads on from one address to the next more than {MaxRedirects} times.");
        }
        catch (HttpRequestException e)
        {
            return (null, e.InnerException is NotPublicException inside ? inside.Message : e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "there is no host of this name.",
                HttpRequestError.SecureConnectionError => "its certificate cannot be trusted.",
                HttpRequestError.ConnectionError => "the host does not answer.",
                _ => "the host broke the connection off.",
            });
        }
        catch (Exception e) when (e is TaskCanceledException or Polly.Timeout.TimeoutRejectedException && !ct.IsCancellationRequested)
        {
            return (null, $"the host took longer than {_options.Timeout.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return (null, "the host broke the connection off, or what it sent is damaged.");
        }
    }

    private static string TooLarge(int limit) => $"the page is larger than {limit / (1024 * 1024)} MiB.";

    private static string? Explain(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        404 or 410 => $"the page does not exist ({(int)status}).",
        401 or 407 => "the page asks to sign in (401).",
        403 => "the site does not let this service in (403). Ask its owner, or give the text itself.",
        429 => "the site asks for fewer requests (429). Try again later.",
        >= 500 and var s => $"the site has a fault ({s}). Try again later.",
        var s => $"the site answers {s}.",
    };

    /// <summary>Why an address is not fetched, before any request; null: it may be.</summary>
    private static string? Refusal(Uri address) =>
        address.Scheme is not ("http" or "https") ? $"addresses that begin with {address.Scheme}: are not fetched; only http and https are."
        : address.UserInfo.Length > 0 ? "addresses with a name or password in them are not fetched."
        : address.Host.Length == 0 || address.ToString().Length > 2000 ? "this is no address of a page."
        : null;

    private static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken ct)
    {
        using var stream = await content.ReadAsStreamAsync(ct);
        using var memory = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (memory.Length + count > limit) return null;
            memory.Write(buffer, 0, count);
        }

        return memory.ToArray();
    }

    private async Task PauseAsync(Uri address, CancellationToken ct)
    {
        var pause = _robots.GetValueOrDefault(address.Authority)?.Delay is { } delay && delay > _options.Pause ? delay : _options.Pause;
        if (_lastRequest.TryGetValue(address.Host, out var last) && last + pause - _clock.GetUtcNow() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, _clock, ct);
        _lastRequest[address.Host] = _clock.GetUtcNow();
    }

    private async Task<Robots> RobotsOfAsync(Uri address, CancellationToken ct)
    {
        if (_robots.TryGetValue(address.Authority, out var known)) return known;
        await PauseAsync(address, ct);
        var at = new Uri(address, "/robots.txt");
        for (var hops = 0; hops <= MaxRedirects; hops++)
        {
            using var response = await _http.GetAsync(at, HttpCompletionOption.ResponseHeadersRead, ct);
            _lastRequest[at.Host] = _clock.GetUtcNow();
            if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location && new Uri(at, location) is { Scheme: "http" or "https" } next)
            {
                at = next;
                continue;
            }

            // Without rules everything may be fetched; a site in trouble is left alone.
            return _robots[address.Authority] = (int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests ? Robots.Nothing
                : response.IsSuccessStatusCode && await ReadAsync(response.Content, MaxRobots, ct) is { } body ? Robots.Parse(Encoding.UTF8.GetString(body)) : Robots.Everything;
        }

        return _robots[address.Authority] = Robots.Everything;
    }

    /// <summary>The addresses that a sitemap or a list holds, of the same host only; null: it is a page.</summary>
    private static IReadOnlyList<Uri>? Listed(WebPage page, Uri from)
    {
        var head = Encoding.UTF8.GetString(page.Body, 0, Math.Min(page.Body.Length, 2000)).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
        var found = new List<string>();
        if (head.StartsWith('<') && (head.Contains("<urlset", StringComparison.OrdinalIgnoreCase) || head.Contains("<sitemapindex", StringComparison.OrdinalIgnoreCase)))
        {
            try
            {
                using var xml = XmlReader.Create(new MemoryStream(page.Body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
                while (xml.Read() && found.Count < MaxAddresses)
                {
                    if (xml is { NodeType: XmlNodeType.Element, LocalName: "loc" } && !xml.IsEmptyElement && xml.Read() && xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) found.Add(xml.Value.Trim());
                }
            }
            catch (XmlException)
            {
                // What was found before the break is fetched.
            }
        }
        else if (page.ContentType?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true && head.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            var lines = Encoding.UTF8.GetString(page.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (lines.Length == 0 || lines.Any(l => !Uri.TryCreate(l, UriKind.Absolute, out _))) return null;
            found.AddRange(lines.Take(MaxAddresses));
        }
        else return null;

        return [.. found.Select(f => Uri.TryCreate(f, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>().Where(u => u.Host == from.Host)];
    }

    private static bool AsksToSignIn(WebPage page) => Encoding.UTF8.GetString(page.Body, 0, Math.Min(page.Body.Length, 200_000)).Contains("type=\"password\"", StringComparison.OrdinalIgnoreCase);

    private static string Key(Uri address) => address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    private sealed class NotPublicException(string message) : Exception(message);

    private static async Task<Stream> ConnectAsync(DnsEndPoint host, Func<IPAddress, bool> allows, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(host.Host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host.Host, ct);
        // The very address that is checked is connected to: a name cannot change in between.
        var open = addresses.Where(allows).ToArray();
        if (open.Length == 0) throw new NotPublicException($"{host.Host} is an address inside this network, not of the public internet, and is not fetched.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, host.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether an address is of the public internet: not this machine, not a private or local network, nothing reserved (IANA special-purpose registries).</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var b = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return b[0] is not (0 or 10 or 127 or >= 224) && !(b[0] == 100 && b[1] is >= 64 and < 128) && !(b[0] == 169 && b[1] == 254) && !(b[0] == 172 && b[1] is >= 16 and < 32)
                && !(b[0] == 192 && (b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99))) && !(b[0] == 198 && (b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100))) && !(b[0] == 203 && b[1] == 0 && b[2] == 113);
        }

        // Only 2000::/3 is in use; of it not documentation, Teredo, ORCHID, nor 6to4 and its like, which carry other addresses.
        return (b[0] & 0xE0) == 0x20 && !(b[0] == 0x20 && b[1] == 0x02) && !(b[0] == 0x20 && b[1] == 0x01 && ((b[2] == 0x0D && b[3] == 0xB8) || b[2] < 2)) && !(b[0] == 0x3F && b[1] == 0xFF);
    }

    /// <summary>What a site's robots.txt asks of this service (RFC 9309).</summary>
    internal sealed class Robots
    {
        private readonly List<(string Path, bool Allow)> _rules = [];

        public static Robots Everything { get; } = new();

        public static Robots Nothing { get; } = new() { _rules = { ("/", false) } };

        public TimeSpan? Delay { get; private set; }

        public static Robots Parse(string text)
        {
            var (own, all) = (new Robots(), new Robots());
            var (hasOwn, agents, inRules) = (false, new List<string>(), false);
            foreach (var raw in text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Take(20_000))
            {
                var line = raw.Split('#')[0];
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0) continue;
                var (name, value) = (line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
                if (name == "user-agent")
                {
                    if (inRules) agents.Clear();
                    inRules = false;
                    agents.Add(value.ToLowerInvariant());
                    hasOwn |= value.StartsWith("coopai", StringComparison.OrdinalIgnoreCase);
                    continue;
                }

                inRules = true;
                foreach (var target in agents.Select(a => a == "*" ? all : a.StartsWith("coopai", StringComparison.Ordinal) ? own : null).OfType<Robots>())
                {
                    if (name is "allow" or "disallow" && value.Length is > 0 and < 2000) target._rules.Add((value, name == "allow"));
                    else if (name == "crawl-delay" && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 60) target.Delay = TimeSpan.FromSeconds(seconds);
                }
            }

            return hasOwn ? own : all;
        }

        /// <summary>The longest rule that fits decides; of two as long, the one that allows.</summary>
        public bool Allows(Uri address)
        {
            var path = address.PathAndQuery;
            if (path == "/robots.txt") return true;
            var best = _rules.Where(r => Fits(r.Path, path)).OrderByDescending(r => r.Path.Length).ThenByDescending(r => r.Allow).Select(r => (bool?)r.Allow).FirstOrDefault();
            return best ?? true;
        }

        // "*" stands for anything, "$" at the end for the end; read left to right without going back further than the last star.
        private static bool Fits(string rule, string path)
        {
            var toEnd = rule.EndsWith('$');
            if (toEnd) rule = rule[..^1];
            else rule += "*";
            var (r, p, star, mark) = (0, 0, -1, 0);
            while (p < path.Length)
            {
                if (r < rule.Length && rule[r] == '*') (star, mark) = (r++, p);
                else if (r < rule.Length && rule[r] == path[p]) (r, p) = (r + 1, p + 1);
                else if (star >= 0) (r, p) = (star + 1, ++mark);
                else return false;
            }

            while (r < rule.Length && rule[r] == '*') r++;
            return r == rule.Length;
        }
    }
}
