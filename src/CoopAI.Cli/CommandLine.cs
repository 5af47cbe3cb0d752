using System.CommandLine;
using CoopAI.Adapters.Models;
using CoopAI.Cli.Commands;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Retrieval;

namespace CoopAI.Cli;

/// <summary>The <c>coopai</c> command.</summary>
public static class CommandLine
{
    /// <summary>Parses and runs one command line.</summary>
    /// <returns>See <see cref="ExitStatus"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliEnvironment environment, CancellationToken ct)
    {
        var root = CreateRoot(environment);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await environment.Error.WriteLineAsync(error.Message);
            await environment.Error.WriteLineAsync($"See: coopai {CommandPath(parsed)}--help");
            return ExitStatus.BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = environment.Out, Error = environment.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, ct);
        }
        catch (Exception e) when (ct.IsCancellationRequested || e is OperationCanceledException)
        {
            // Whatever breaks while everything is being put down is a consequence of the stop, not a fault.
            await environment.Error.WriteLineAsync("Stopped. What was finished is stored; run the same command again to go on.");
            return ExitStatus.BadInput;
        }
        catch (BadInputException e)
        {
            await environment.Error.WriteLineAsync(e.Message);
            return ExitStatus.BadInput;
        }
        catch (Microsoft.Extensions.Options.OptionsValidationException e)
        {
            foreach (var failure in e.Failures) await environment.Error.WriteLineAsync(failure);
            return ExitStatus.BadInput;
        }
        catch (Exception e) when (e is PassageStoreUnavailableException or ModelServiceException or AnsweringOffException)
        {
            await environment.Error.WriteLineAsync(e.Message);
            return ExitStatus.ServiceAway;
        }
        catch (Exception e)
        {
            // Nobody expected this one: say what it was and what to do, without a page of stack frames.
            await environment.Error.WriteLineAsync($"Something went wrong ({e.GetType().Name}): {e.Message} Run \"coopai doctor\"; if it finds nothing, report this line.");
            return ExitStatus.CheckFailed;
        }
    }

    /// <summary>Reads a command line without running it: what the documents show is held to what exists.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> args) => CreateRoot(new CliEnvironment(TextWriter.Null, TextWriter.Null, TextReader.Null)).Parse(args);

    /// <summary>Makes an action that hands a command its context and disposes of it.</summary>
    internal static void Run(this Command command, CliEnvironment environment, Func<CommandContext, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, ct) =>
        {
            await using var context = new CommandContext(parsed, environment);
            return await action(context, ct);
        });

    private static RootCommand CreateRoot(CliEnvironment environment)
    {
        var root = new RootCommand("CoopAI: precedents from co-operative councils, each sentence proven by its citation.")
        {
            CommandContext.Data,
            CommandContext.Json,
        };
        foreach (var command in All(environment)) root.Add(command);
        return root;
    }

    private static IEnumerable<Command> All(CliEnvironment environment) =>
    [
        IngestCommand.Create(environment),
        CaseStudyCommands.Create(environment),
        AskCommand.Create(environment),
        .. SearchCommands.Create(environment),
        .. TagCommands.Create(environment),
        .. LedgerCommands.Create(environment),
        .. ReviewCommands.Create(environment),
        .. GuidanceCommands.Create(environment),
        .. EvaluateCommands.Create(environment),
        .. ServiceCommands.Create(environment),
        .. IndexCommands.Create(environment),
        UserCommands.Create(environment),
    ];

    private static string CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at is not null && at.Command is not RootCommand; at = at.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(at.Command.Name);
        return names.Count == 0 ? "" : string.Join(' ', names) + " ";
    }
}
