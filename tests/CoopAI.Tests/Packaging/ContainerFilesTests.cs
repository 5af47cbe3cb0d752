using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using CoopAI.Adapters;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Retrieval;
using CoopAI.Web.Hosting;
using CoopAI.Web.Security;
using CoopAI.Web.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using YamlDotNet.Serialization;

namespace CoopAI.Tests.Packaging;

/// <summary>Dockerfile and docker-compose.yml, read as files: no container engine runs these tests.</summary>
public sealed partial class ContainerFilesTests
{
    /// <summary>Sections that the product binds, and the settings that stand alone.</summary>
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.Ordinal)
    {
        [QdrantOptions.Section] = typeof(QdrantOptions),
        [ModelOptions.Section] = typeof(ModelOptions),
        [LedgerOptions.Section] = typeof(LedgerOptions),
        [RetrievalOptions.Section] = typeof(RetrievalOptions),
        [AnsweringOptions.Section] = typeof(AnsweringOptions),
        [SignInOptions.Section] = typeof(SignInOptions),
        [TransparencyOptions.Section] = typeof(TransparencyOptions),
        ["Store"] = typeof(PassageStoreKind),
        ["Data"] = typeof(string),
        ["Urls"] = typeof(string),
    };

    /// <summary>Variables of other programs that these files may set. Sources: Qdrant's configuration reference, Ollama's FAQ, .NET's and ASP.NET Core's documentation.</summary>
    private static readonly HashSet<string> OfOthers = new(StringComparer.Ordinal)
    {
        "QDRANT__TELEMETRY_DISABLED", "QDRANT__LOG_LEVEL", "OLLAMA_HOST", "DOTNET_EnableDiagnostics", "DOTNET_CLI_TELEMETRY_OPTOUT", "ASPNETCORE_HTTP_PORTS",
    };

    private static readonly JsonElement Compose = ReadYaml("docker-compose.yml");

    private static readonly IReadOnlyList<(string Name, string Arguments)> Dockerfile = ReadDockerfile();

    public static TheoryData<string> Services => [.. Compose.GetProperty("services").EnumerateObject().Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_is_pinned_checked_limited_and_without_new_privileges(string name)
    {
        var service = Service(name);

        Assert.Empty(ProblemsOf(service));
    }

    [Theory]
    [InlineData("""{"image":"x/y:latest"}""", "image")]
    [InlineData("""{"image":"x/y"}""", "image")]
    [InlineData("""{"image":"x/y:1"}""", "image")]
    [InlineData("""{"image":"x/y:1.2.3"}""", "healthcheck")]
    [InlineData("""{"image":"x/y:1.2.3","healthcheck":{"disable":true}}""", "healthcheck")]
    [InlineData("""{"image":"x/y:1.2.3","healthcheck":{"test":["CMD","true"]}}""", "limits")]
    public void A_service_that_lacks_something_is_found(string service, string lacking) =>
        Assert.Contains(lacking, ProblemsOf(JsonElement.Parse(service)));

    [Fact]
    public void Every_variable_of_ours_names_an_option_that_exists_and_holds_a_value_of_its_type()
    {
        var variables = Variables().ToList();

        Assert.Contains(variables, v => v.Name == "COOPAI_Qdrant__ApiKeyFile");
        foreach (var (name, value) in variables) Assert.Null(ProblemOf(name, value));
    }

    [Theory]
    [InlineData("COOPAI_Qdrant__Adress", "http://qdrant:6334")]
    [InlineData("COOPAI_Quadrant__Address", "http://qdrant:6334")]
    [InlineData("COOPAI_Models__Chat__Timeout", "eight seconds")]
    [InlineData("COOPAI_Store", "Elsewhere")]
    [InlineData("QDRANT__TELEMETRY", "true")]
    public void A_variable_that_binds_to_nothing_is_found(string name, string value) => Assert.NotNull(ProblemOf(name, value));

    [Fact]
    public void Nobody_starts_it_without_saying_who_answers_for_it()
    {
        var environment = Service("coopai").GetProperty("environment");

        // Compose itself refuses to start while a variable of this form is not set, with the words behind the question mark.
        Assert.StartsWith("${COOPAI_ORGANISATION:?set COOPAI_ORGANISATION", environment.GetProperty("COOPAI_Transparency__Organisation").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("${COOPAI_CONTACT:?set COOPAI_CONTACT", environment.GetProperty("COOPAI_Answering__Contact").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_of_the_service_are_valid_together()
    {
        var secret = Path.GetTempFileName();
        try
        {
            var settings = Service("coopai").GetProperty("environment").EnumerateObject().ToDictionary(v => Key(v.Name), v => (string?)(v.Name.EndsWith("ApiKeyFile", StringComparison.Ordinal) ? secret : Interpolate(v.Value.ToString())));
            using var services = CoopServices.Build(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), Path.GetTempPath());

            Assert.Equal(new Uri("http://qdrant:6334"), services.GetRequiredService<QdrantOptions>().Address);
            Assert.Equal(ChatProvider.None, services.GetRequiredService<ModelOptions>().Chat.Provider);
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public void Every_volume_network_secret_and_dependency_that_a_service_names_is_defined()
    {
        foreach (var service in Compose.GetProperty("services").EnumerateObject())
        {
            foreach (var volume in Strings(service.Value, "volumes")) Assert.True(Compose.GetProperty("volumes").TryGetProperty(volume.Split(':')[0], out _), $"{service.Name}: {volume}");
            foreach (var network in Strings(service.Value, "networks")) Assert.True(Compose.GetProperty("networks").TryGetProperty(network, out _), $"{service.Name}: {network}");
            foreach (var secret in Strings(service.Value, "secrets")) Assert.True(Compose.GetProperty("secrets").TryGetProperty(secret, out _), $"{service.Name}: {secret}");
            if (!service.Value.TryGetProperty("depends_on", out var needs)) continue;
            foreach (var need in needs.EnumerateObject())
            {
                Assert.True(Service(need.Name).TryGetProperty("healthcheck", out _));
                Assert.Equal("service_healthy", need.Value.GetProperty("condition").GetString());
            }
        }
    }

    [Fact]
    public void Every_path_on_the_host_exists_and_secrets_are_described_but_not_committed()
    {
        var build = Service("coopai").GetProperty("build");
        Assert.True(File.Exists(RepositoryFiles.Find(build.GetProperty("context").GetString()!, build.GetProperty("dockerfile").GetString()!)));
        var ignored = File.ReadAllLines(RepositoryFiles.Find(".gitignore"));
        foreach (var secret in Compose.GetProperty("secrets").EnumerateObject())
        {
            var file = secret.Value.GetProperty("file").GetString()!.TrimStart('.', '/');
            Assert.Contains($"`{Path.GetFileName(file)}`", File.ReadAllText(RepositoryFiles.Find(Path.GetDirectoryName(file)!, "README.md")), StringComparison.Ordinal);
            Assert.Contains($"/{Path.GetDirectoryName(file)}/*", ignored);
        }

        Assert.DoesNotContain(Services.Select(s => s.Data).SelectMany(s => Strings(Service(s), "volumes")), v => v.StartsWith('.') || v.StartsWith('/'));
    }

    [Fact]
    public void Everything_that_the_image_is_built_from_exists_and_is_not_kept_out()
    {
        var kept = File.ReadAllLines(RepositoryFiles.Find(".dockerignore")).Where(l => l.Length > 0 && !l.StartsWith('#')).ToList();
        var copied = Dockerfile.Where(i => i.Name == "COPY" && !i.Arguments.Contains("--from=", StringComparison.Ordinal)).SelectMany(i => i.Arguments.Split(' ')[..^1]).ToList();

        foreach (var path in copied)
        {
            Assert.True(Path.Exists(RepositoryFiles.Find(path.TrimEnd('/'))), path);
            Assert.DoesNotContain(path.TrimEnd('/').Split('/')[0], kept);
        }

        // What the projects take from outside their own folders must come along.
        foreach (var needed in new[] { "corpus/", "prompts/", "evals/", "src/", "global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig" })
            Assert.Contains(needed, copied);
        foreach (var project in Directory.GetFiles(RepositoryFiles.Find("src"), "*.csproj", SearchOption.AllDirectories))
        {
            foreach (Match outside in OutsidePath().Matches(File.ReadAllText(project)))
                Assert.Contains(copied, c => outside.Groups["path"].Value.StartsWith(c.TrimEnd('/'), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_image_is_built_in_stages_from_pinned_images_and_runs_without_root()
    {
        var stages = Dockerfile.Where(i => i.Name == "FROM").Select(i => i.Arguments.Split(" AS ")).ToList();
        Assert.Equal(["build", "final"], stages.Select(s => s[1]));
        Assert.All(stages, s => Assert.Matches(Pinned(), s[0]));
        Assert.All(Dockerfile.Where(i => i.Arguments.Contains("--from=", StringComparison.Ordinal)), i => Assert.Contains(Regex.Match(i.Arguments, "--from=(\\S+)").Groups[1].Value, stages.Select(s => s[1])));

        var last = Dockerfile.Skip(Dockerfile.Index().Last(i => i.Item.Name == "FROM").Index).ToList();
        var user = Assert.Single(last, i => i.Name == "USER").Arguments;
        Assert.Equal(user, Service("coopai").GetProperty("user").GetString());
        Assert.DoesNotMatch("^(root|0)(:|$)", user);
        Assert.DoesNotContain(last.SkipWhile(i => i.Name != "USER"), i => i.Name is "RUN" or "COPY");
        Assert.Single(last, i => i.Name == "HEALTHCHECK");
        Assert.Equal("/data", Assert.Single(last, i => i.Name == "VOLUME").Arguments);
    }

    [Fact]
    public void The_service_writes_only_to_its_volume_and_its_temporary_file_system()
    {
        var service = Service("coopai");

        Assert.True(service.GetProperty("read_only").GetBoolean());
        Assert.Equal(["data:/data"], Strings(service, "volumes"));
        Assert.StartsWith("/tmp:", Assert.Single(Strings(service, "tmpfs")), StringComparison.Ordinal);
        Assert.Equal("/data", service.GetProperty("environment").GetProperty("COOPAI_Data").GetString());
        Assert.Equal(["ALL"], Strings(service, "cap_drop"));
    }

    [Fact]
    public async Task Health_checks_ask_for_an_address_that_the_service_has_on_the_port_that_it_opens()
    {
        var asked = Strings(Service("coopai").GetProperty("healthcheck"), "test")[^1];
        var inImage = Dockerfile.Single(i => i.Name == "HEALTHCHECK").Arguments;
        var start = Dockerfile.Single(i => i.Name == "CMD").Arguments;
        var path = Regex.Match(asked, "GET (\\S+) HTTP").Groups[1].Value;
        await using var app = CoopWeb.Build([], Path.GetTempPath());

        Assert.Contains(path, ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>().Select(e => "/" + e.RoutePattern.RawText!.Trim('/')));
        Assert.Contains($"GET {path} HTTP", inImage, StringComparison.Ordinal);
        foreach (var place in new[] { asked, inImage }) Assert.Contains("/dev/tcp/127.0.0.1/8080", place, StringComparison.Ordinal);
        Assert.Contains(":8080", start, StringComparison.Ordinal);
        Assert.EndsWith(":8080", Assert.Single(Strings(Service("coopai"), "ports")), StringComparison.Ordinal);
        Assert.Equal("8080", Dockerfile.Single(i => i.Name == "EXPOSE").Arguments);
    }

    [Fact]
    public void A_model_server_stands_in_a_profile_and_the_chat_model_points_to_it()
    {
        Assert.Equal(["model"], Strings(Service("model"), "profiles"));
        var endpoint = new Uri(Service("coopai").GetProperty("environment").GetProperty("COOPAI_Models__Chat__Endpoint").GetString()!);
        Assert.Equal("model", endpoint.Host);
        Assert.Contains(endpoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), Service("model").GetProperty("environment").GetProperty("OLLAMA_HOST").GetString(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> ProblemsOf(JsonElement service)
    {
        var problems = new List<string>();
        if (!service.TryGetProperty("image", out var image) || !Pinned().IsMatch(image.GetString()!)) problems.Add("image");
        if (!service.TryGetProperty("healthcheck", out var check) || !check.TryGetProperty("test", out var test) || test.GetArrayLength() < 2) problems.Add("healthcheck");
        if (!service.TryGetProperty("deploy", out var deploy) || !deploy.TryGetProperty("resources", out var resources) || !resources.TryGetProperty("limits", out var limits)
            || !limits.TryGetProperty("memory", out _) || !limits.TryGetProperty("cpus", out _))
            problems.Add("limits");
        if (!Strings(service, "security_opt").Contains("no-new-privileges:true")) problems.Add("security_opt");
        if (!service.TryGetProperty("restart", out _)) problems.Add("restart");
        return problems;
    }

    private static string? ProblemOf(string name, string value)
    {
        if (!name.StartsWith(CoopServices.EnvironmentPrefix, StringComparison.Ordinal)) return OfOthers.Contains(name) ? null : $"{name} is not known";
        var parts = Key(name).Split(':');
        if (!Sections.TryGetValue(parts[0], out var type)) return $"{name}: there is no section {parts[0]}";
        foreach (var part in parts[1..])
        {
            if (type.GetProperty(part, BindingFlags.Public | BindingFlags.Instance) is not { CanWrite: true } property) return $"{name}: {type.Name} has no {part}";
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        }

        try
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("value", (string?)value)]).Build();
            return configuration.GetValue(type, "value") is null ? $"{name}: '{value}' is no {type.Name}" : null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<(string Name, string Value)> Variables()
    {
        foreach (var service in Compose.GetProperty("services").EnumerateObject())
        {
            if (!service.Value.TryGetProperty("environment", out var environment)) continue;
            foreach (var variable in environment.EnumerateObject()) yield return (variable.Name, Interpolate(variable.Value.ToString()));
        }

        foreach (var (_, arguments) in Dockerfile.Where(i => i.Name == "ENV"))
        {
            foreach (var pair in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2))) yield return (pair[0], pair[1]);
        }
    }

    /// <summary>"COOPAI_Qdrant__Address" is "Qdrant:Address" in the configuration.</summary>
    private static string Key(string variable) => variable[CoopServices.EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal);

    /// <summary>As on a host where no variable is set: <c>${NAME:-default}</c> is the default.</summary>
    private static string Interpolate(string value) => Default().Replace(value, "${default}");

    private static JsonElement Service(string name) => Compose.GetProperty("services").GetProperty(name);

    private static IReadOnlyList<string> Strings(JsonElement item, string name) =>
        item.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(v => v.GetString()!)] : [];

    private static JsonElement ReadYaml(string file)
    {
        var document = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(File.ReadAllText(RepositoryFiles.Find(file)))!;
        return JsonElement.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(document));
    }

    private static List<(string, string)> ReadDockerfile()
    {
        var lines = File.ReadAllLines(RepositoryFiles.Find("Dockerfile")).Where(l => !l.StartsWith('#') && l.Trim().Length > 0);
        var text = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        return [.. text.Split('\n').Select(l => l.Split(' ', 2)).Select(p => (p[0], Regex.Replace(p[1], " +", " ").Trim()))];
    }

    /// <summary>A name and a full version: three numbers.</summary>
    [GeneratedRegex("^[a-z0-9./-]+:v?[0-9]+\\.[0-9]+\\.[0-9]+(-[a-z0-9-]+)?(@sha256:[0-9a-f]{64})?$")]
    private static partial Regex Pinned();

    [GeneratedRegex("\\$\\{[A-Z_]+:-(?<default>[^}]*)\\}")]
    private static partial Regex Default();

    [GeneratedRegex("(?:Include|Project)=\"\\.\\./\\.\\./(?<path>[^*\"]+)")]
    private static partial Regex OutsidePath();
}
