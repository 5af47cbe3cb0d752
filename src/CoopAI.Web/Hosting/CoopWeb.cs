using System.Diagnostics;
using System.Text.Json;
using CoopAI.Adapters;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Api;
using CoopAI.Web.Security;
using CoopAI.Web.Transparency;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Serilog;

namespace CoopAI.Web.Hosting;

/// <summary>The web host: the same for <c>dotnet run</c>, for <c>coopai serve</c> and for tests.</summary>
public static class CoopWeb
{
    /// <summary>Largest request body, in bytes.</summary>
    public const long MaxBodyBytes = 1024 * 1024;

    /// <summary>A request that takes longer is ended with 504. The setting <c>RequestTime</c> can change it, up to 10 minutes: a slow chat model may need longer.</summary>
    public static readonly TimeSpan DefaultRequestTime = TimeSpan.FromSeconds(10);

    public const string ExampleQuestion = "Who has handed community centres over to local groups?";

    /// <param name="args">Settings as <c>--Section:Key value</c>; <c>--urls</c> and <c>--data</c> among them.</param>
    /// <param name="dataDirectory">Used when neither arguments nor configuration name one.</param>
    public static WebApplication Build(string[] args, string dataDirectory)
    {
        KnownSettings.Check(args);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(CoopWeb).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddEnvironmentVariables(CoopServices.EnvironmentPrefix);
        builder.Configuration.AddCommandLine(args);

        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.AddServerHeader = false;
        });

        builder.Services.AddCoopAI(builder.Configuration, builder.Configuration["Data"] ?? dataDirectory);
        builder.Services.AddCoopMonitoring();
        builder.Services.AddApiDocument();
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions["requestId"] = Activity.Current?.Id ?? context.HttpContext.TraceIdentifier);
        builder.Services.AddHostedService<GuidanceAtStart>();
        builder.Services.AddHostedService<RetentionJob>();
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        // Otherwise a body that cannot be read is answered without saying where it breaks.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddValidation();
        builder.Services.AddRazorPages();
        builder.Services.AddAntiforgery();
        builder.Services.AddSingleton<Pages.PrincipleNames>();
        builder.Services.AddSingleton<Pages.Answers.AnswerPageRenderer>();
        builder.Services.AddSingleton<Pages.OnceOnly>();
        builder.Services.AddSingleton<Pages.Audit.RuleExamples>();
        builder.Services.AddSingleton<Pages.Audit.FailedRules>();
        builder.Services.AddSingleton<Pages.Audit.CommitteeReports>();
        builder.Services.AddSingleton<Pages.Questions.AnswerProgress>();
        builder.Services.AddSingleton<Pages.Import.ImportRuns>();
        builder.Services.AddTransparency();
        builder.AddCoopSecurity(builder.Configuration["Data"] ?? dataDirectory);
        builder.Services.AddSingleton(_ => new StaticAssets(StaticAssets.DefaultDirectory));
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = false);
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = RequestTime(builder.Configuration),
            TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
        });

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseMiddleware<ClientAddress>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            // The handler logs what nobody expected, once. What a caller got wrong is no fault of ours.
            SuppressDiagnosticsCallback = _ => true,
            StatusCodeSelector = e => e switch
            {
                BadInputException or System.Text.RegularExpressions.RegexMatchTimeoutException => StatusCodes.Status400BadRequest,
                Core.Questions.DangerException => StatusCodes.Status422UnprocessableEntity,
                // A body that is too large, above all.
                BadHttpRequestException bad => bad.StatusCode,
                AntiforgeryValidationException { InnerException: BadHttpRequestException bad } => bad.StatusCode,
                AnsweringOffException or PassageStoreUnavailableException => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
        });
        app.UseWhen(context => IsForMachines(context.Request.Path), machines => machines.UseStatusCodePages());
        app.UseWhen(context => !IsForMachines(context.Request.Path), people => people.UseStatusCodePagesWithReExecute("/error/{0}"));
        app.UseResponseCompression();
        // After the status pages, so that a page of theirs is routed too.
        app.UseRouting();
        app.UseMiddleware<FirstLoadGate>();
        app.UseMiddleware<RequestLog>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<CostlyWork>();
        // The wait for a turn does not count.
        app.UseRequestTimeouts();
        app.UseKeptForms();
        app.UseAuthorization();
        app.MapOpenApi().AllowAnonymous();
        app.MapApi();
        app.Services.GetRequiredService<StaticAssets>().Map(app);
        GetTransparency.Map(app).AllowAnonymous();
        Pages.Questions.GetProgress.Map(app);
        Pages.CaseStudies.GetFeed.Map(app);
        app.MapRazorPages();
        return app;
    }

    /// <summary>Loads the corpus, starts listening, and says where and with which example.</summary>
    /// <exception cref="BadInputException">The database, the model or the address cannot be used, or the address is open to other machines without sign-in or without an organisation and its contact.</exception>
    public static async Task StartAsync(WebApplication app, TextWriter output, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(output);
        ListeningGuard.Check(app.Configuration, app.Services.GetRequiredService<IOptions<SignInOptions>>().Value, () => app.Services.GetRequiredService<HostOrganisation>()());
        Rehearsal.Begin(app.Services);
        // It listens at once: while the first load runs, every address says how far it has come.
        var loading = Task.Run(() => app.Services.GetRequiredService<CorpusService>().LoadShippedAsync(ProductFiles.Corpus, new FirstLoad(output), ct), ct);
        // A missing or wrong key stops the start, not the first answer.
        app.Services.GetRequiredService<SqliteLedger>().EnsureKey();
        var tagging = app.Services.GetRequiredService<CorpusTags>();
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException e)
        {
            throw new BadInputException($"The service cannot listen: {e.Message} Choose another address, for example --urls http://127.0.0.1:5081.", e);
        }

        // New case studies get their suggestions before anybody asks; later starts only make ready what the first page of staff needs, and officers' first questions go before that.
        if (await loading is not null) await tagging.UpdateAsync(ct);
        tagging.BeginUpdate(AfterTheStart);

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        await output.WriteLineAsync($"""
            CoopAI is ready: {address}
            Try it: curl -s {address}/api/answers -H "Content-Type: application/json" -d '{JsonSerializer.Serialize(new { question = ExampleQuestion })}'
            Stop it with Ctrl+C.
            """);
    }

    /// <summary>How long the service leaves the processors to the first questions.</summary>
    private static readonly TimeSpan AfterTheStart = TimeSpan.FromSeconds(2);

    private static TimeSpan RequestTime(IConfiguration configuration) => configuration["RequestTime"] is not { } text ? DefaultRequestTime
        : TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero && time <= TimeSpan.FromMinutes(10) ? time
        : throw new BadInputException($"RequestTime is \"{text}\"; write a time up to ten minutes, such as 00:00:10.");

    /// <summary>Whether a problem document is the right answer rather than a page.</summary>
    internal static bool IsForMachines(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/health") || path.StartsWithSegments("/openapi") || path.StartsWithSegments("/progress");

    private sealed class FirstLoad(TextWriter output) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => output.WriteLine(FormattableString.Invariant($"Loading the shipped case studies: {value.Done} of {value.Total}"));
    }

    private static void AddSerilog(this IServiceCollection services, IConfiguration configuration)
    {
        var logger = new LoggerConfiguration()
            .ReadFrom.Configuration(configuration)
            // The server's own lines below a warning hold addresses, and in them what people searched for: no setting brings them back.
            .Filter.ByExcluding(e => e.Level < Serilog.Events.LogEventLevel.Warning && e.Properties.TryGetValue("SourceContext", out var source)
                && source is Serilog.Events.ScalarValue { Value: string name } && (name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || name.StartsWith("System.Net.Http.", StringComparison.Ordinal)))
            .Enrich.FromLogContext()
            .WriteTo.Console(new LineFormatter())
            .CreateLogger();
        services.AddLogging(logging => logging.AddSerilog(logger, dispose: true));
    }
}
