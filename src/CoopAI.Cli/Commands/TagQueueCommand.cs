using System.CommandLine;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Evaluation.Tagging;
using CoopAI.Orchestration.Tagging;
using static CoopAI.Cli.Commands.TagCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai queue</c>.</summary>
internal static class TagQueueCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var top = Top();
        var command = new Command("queue", "Undecided tags of the stored case studies, the most uncertain first.") { top };
        command.Run(environment, async (context, ct) =>
        {
            var count = Top(context, top);
            await CorpusCommands.OpenCorpusAsync(context, ct);
            var queue = await context.Get<CorpusTags>().GetQueueAsync(ct);
            if (context.WantsJson)
            {
                context.WriteJson(new { total = queue.Count, tags = queue.Take(count) });
                return ExitStatus.Done;
            }

            context.Out.WriteLine(FormattableString.Invariant($"{queue.Count} undecided tags; the most uncertain {Math.Min(count, queue.Count)}:"));
            foreach (var tag in queue.Take(count))
            {
                context.Out.WriteLine(FormattableString.Invariant($"{tag.Probability:P0}  {tag.Principle}: {Word(tag.Suggested)}{(tag.Published is { } on ? on ? ", on the page" : ", not on the page" : "")} – {tag.Title} ({tag.Slug})"));
                foreach (var evidence in tag.Evidence.Take(1)) context.Out.WriteLine($"      “{evidence.Sentence}”");
            }

            if (queue.Count > 0) context.Out.WriteLine($"Decide with: coopai tag {queue[0].Slug} --learn --accept {queue[0].Principle} (or --reject)");
            return ExitStatus.Done;

            static string Word(TagDecision decision) => decision switch { TagDecision.Yes => "suggested", TagDecision.Unsure => "unsure", _ => "not suggested" };
        });
        return command;
    }
}
