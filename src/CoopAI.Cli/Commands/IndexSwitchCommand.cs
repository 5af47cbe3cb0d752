using System.CommandLine;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.DependencyInjection;
using static CoopAI.Cli.Commands.IndexCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai index switch</c>.</summary>
internal static class IndexSwitchCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var target = new Argument<string?>("COLLECTION") { Description = "A finished collection; without it: the one kept from before.", Arity = ArgumentArity.ZeroOrOne };
        var confirm = new Option<bool>("--confirm") { Description = "Change nothing, but delete what is kept from before." };
        var discard = new Option<bool>("--discard") { Description = "Change nothing, but delete what unfinished rebuilds left." };
        var command = new Command("switch", "Search in another collection, in one step.") { target, confirm, discard };
        command.Run(environment, async (context, ct) =>
        {
            var index = QdrantOnly(context);
            var (name, wantsConfirm, wantsDiscard) = (context.Arguments.GetValue(target), context.Arguments.GetValue(confirm), context.Arguments.GetValue(discard));
            if ((name is not null ? 1 : 0) + (wantsConfirm ? 1 : 0) + (wantsDiscard ? 1 : 0) > 1)
                throw new BadInputException("Give one of COLLECTION, --confirm and --discard.");
            if (wantsConfirm || wantsDiscard)
            {
                var deleted = wantsConfirm ? await index.ConfirmAsync(ct) : await index.DiscardUnfinishedAsync(ct);
                if (context.WantsJson) context.WriteJson(new { deleted });
                else await context.Out.WriteLineAsync(deleted.Count == 0 ? "Nothing was there to delete." : $"Deleted: {string.Join(", ", deleted)}.");
                return ExitStatus.Done;
            }

            var before = await index.SwitchAsync(name, ct);
            var now = (await index.GetStatusAsync(ct)).Collections.Single(c => c.Role == QdrantCollectionRole.Searched).Name;
            if (context.WantsJson) context.WriteJson(new { searched = now, previous = before });
            else await context.Out.WriteLineAsync(now == before ? $"{now} was searched already." : $"Searches use {now} from now on. {before ?? "Nothing"} was searched before.");
            return ExitStatus.Done;
        });
        return command;
    }
}
