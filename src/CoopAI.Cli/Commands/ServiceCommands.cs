using System.CommandLine;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai serve</c>, <c>doctor</c>, <c>backup</c> and <c>restore</c>.</summary>
internal static class ServiceCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return ServeCommand.Create(environment);
        yield return DoctorCommand.Create(environment);
        yield return BackUpCommand.Create(environment);
        yield return RestoreCommand.Create(environment);
    }
}
