using System.CommandLine;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai serve</c>.</summary>
internal static class ServeCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var urls = new Option<string?>("--urls") { Description = "Address to listen on. Default http://127.0.0.1:5080, which only this machine can reach.", HelpName = "URL" };
        var command = new Command("serve", "Start the web pages and the HTTP interface.") { urls };
        command.Run(environment, async (context, ct) =>
        {
            string[] args = context.Arguments.GetValue(urls) is { } address ? ["--urls", address] : [];
            await using var app = CoopWeb.Build(args, context.DataDirectory);
            await CoopWeb.StartAsync(app, context.Out, ct);
            await app.WaitForShutdownAsync(ct);
            return ExitStatus.Done;
        });
        return command;
    }
}
