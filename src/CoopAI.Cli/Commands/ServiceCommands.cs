using System.CommandLine;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai serve</c> and <c>coopai doctor</c>.</summary>
internal static class ServiceCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return ServeCommand.Create(environment);
        yield return DoctorCommand.Create(environment);
    }
}
