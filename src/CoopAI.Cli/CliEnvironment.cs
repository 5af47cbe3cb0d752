using System.CommandLine;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Cli;

/// <summary>The streams of one run.</summary>
/// <param name="Configuration">Settings instead of those of this machine; null: the machine's.</param>
public sealed record CliEnvironment(TextWriter Out, TextWriter Error, TextReader In, IConfiguration? Configuration = null);

/// <summary>Exit statuses that scripts may rely on.</summary>
public static class ExitStatus
{
    public const int Done = 0;

    /// <summary>Done, but something failed its check.</summary>
    public const int CheckFailed = 1;

    /// <summary>Bad usage or bad input.</summary>
    public const int BadInput = 2;

    /// <summary>A needed service is away.</summary>
    public const int ServiceAway = 3;
}

/// <summary>What a command works with: its arguments, its streams and, made on first use, the product's services.</summary>
public sealed class CommandContext(ParseResult arguments, CliEnvironment environment) : IAsyncDisposable
{
    private ServiceProvider? _services;

    public static Option<DirectoryInfo> Data { get; } = new("--data")
    {
        Description = "Where the database lies.",
        Recursive = true,
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(CoopServices.DefaultDataDirectory),
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document on standard output, and nothing else there.",
        Recursive = true,
    };

    public ParseResult Arguments { get; } = arguments;

    public CliEnvironment Environment { get; } = environment;

    public string DataDirectory => Arguments.GetValue(Data)!.FullName;

    public bool WantsJson => Arguments.GetValue(Json);

    public TextWriter Out => Environment.Out;

    public TextWriter Error => Environment.Error;

    public IServiceProvider Services => _services ??= Build();

    private ServiceProvider Build()
    {
        var configuration = Configuration;
        KnownSettings.Check(configuration);
        return CoopServices.Build(configuration, DataDirectory);
    }

    /// <summary>The settings of this run.</summary>
    public IConfiguration Configuration => Environment.Configuration ?? CoopServices.ReadConfiguration();

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Prints the one document of a <c>--json</c> run.</summary>
    public void WriteJson<T>(T document) => Out.WriteLine(JsonSerializer.Serialize(document, CoopJson.Options));

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
    }
}
