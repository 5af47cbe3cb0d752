using System.Diagnostics;
using System.Text;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Security;

/// <summary>The service as its own process, with its own data folder, and every line that it wrote.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    public const string Slug = "youth-panel";

    private readonly StringBuilder _lines = new();
    private readonly Process _process;

    private ServiceProcess(string directory, params string[] settings)
    {
        Data = directory;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "CoopAI.Web.dll"), "--urls", "http://127.0.0.1:0", "--data", directory, .. settings]) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, e) => Note(e.Data, ready);
        _process.ErrorDataReceived += (_, e) => Note(e.Data, ready);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The service ended: " + Log));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ready = ready.Task;
    }

    public string Data { get; }

    public Task<string> Ready { get; }

    public string Log
    {
        get
        {
            lock (_lines) return _lines.ToString();
        }
    }

    /// <summary>Starts it over a folder with one case study; <paramref name="prepare"/> may add to the folder first.</summary>
    public static async Task<ServiceProcess> StartAsync(Func<IServiceProvider, Task>? prepare, params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("coopai-process-").FullName;
        await using (var services = CoopServices.Build(new ConfigurationBuilder().Build(), directory))
        {
            await services.GetRequiredService<CorpusService>().IngestAsync(
                [new CaseStudy { Slug = Slug, Title = "Youth panel of Northbeck", LeadMember = "Northbeck Council", Topics = ["young people"], Text = "Northbeck Council set up a panel of young people. The young people shared out £150,000 for youth projects." }], "test");
            if (prepare is not null) await prepare(services);
            services.GetRequiredService<Adapters.Sqlite.CoopDatabase>().ReleaseFile();
        }

        var service = new ServiceProcess(directory, settings);
        await service.Ready.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        return service;
    }

    /// <summary>Ends it and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private void Note(string? line, TaskCompletionSource<string> ready)
    {
        if (line is null) return;
        lock (_lines) _lines.AppendLine(line);
        const string Says = "CoopAI is ready: ";
        if (line.StartsWith(Says, StringComparison.Ordinal)) ready.TrySetResult(line[Says.Length..]);
    }
}
