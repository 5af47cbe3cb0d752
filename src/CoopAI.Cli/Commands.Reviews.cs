using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Reviews;
using CoopAI.Core.Statistics;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Cli;

/// <summary><c>coopai reviews</c> and <c>coopai settings</c>: what members say of answers, and what people changed while the service ran.</summary>
internal static class ReviewCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return new Command("reviews", "Members' reviews of answers and of rules' verdicts.")
        {
            Add(environment),
            List(environment),
            Agreement(environment),
            Sample(environment),
            Export(environment),
        };
        yield return new Command("settings", "Settings changed while the service runs, with who changed them and why.")
        {
            History(environment),
            Switch(environment, on: false),
            Switch(environment, on: true),
        };
    }

    private static Command Add(CliEnvironment environment)
    {
        var id = new Argument<string>("ID") { Description = "The answer." };
        var by = new Option<string>("--by") { Description = "The member's name.", Required = true, HelpName = "NAME" };
        var verdict = new Option<string>("--verdict") { Description = "agree, disagree or unsure.", Required = true, HelpName = "VERDICT" };
        var rule = new Option<string?>("--rule") { Description = "The rule whose result is judged; without it, the answer as a whole.", HelpName = "VG06" };
        var target = new Option<string?>("--target") { Description = "Which of the rule's results, such as sentence:2.", HelpName = "KIND:ID" };
        var reason = new Option<string?>("--reason") { Description = "Why; required for a disagreement.", HelpName = "TEXT" };
        var command = new Command("add", "Record a review.") { id, by, verdict, rule, target, reason };
        command.Run(environment, (context, _) =>
        {
            var word = context.Arguments.GetValue(verdict)!;
            if (!Enum.GetNames<ReviewVerdict>().Contains(word, StringComparer.OrdinalIgnoreCase))
                throw new BadInputException($"--verdict {word}: write agree, disagree or unsure.");
            var review = context.Get<ReviewBook>().Add(new(
                context.Arguments.GetValue(id)!, context.Arguments.GetValue(by)!, Enum.Parse<ReviewVerdict>(word, ignoreCase: true),
                context.Arguments.GetValue(rule), context.Arguments.GetValue(target), context.Arguments.GetValue(reason)));
            if (context.WantsJson) context.WriteJson(review);
            else context.Out.WriteLine($"Recorded as entry {review.Entry}.");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    private static Command List(CliEnvironment environment)
    {
        var id = new Argument<string?>("ID") { Description = "The answer; without it, all reviews.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List reviews, oldest first.") { id };
        command.Run(environment, (context, _) =>
        {
            var book = context.Get<ReviewBook>();
            var reviews = context.Arguments.GetValue(id) is { } answer ? book.Of(answer) : book.All();
            if (context.WantsJson)
            {
                context.WriteJson(new { reviews });
                return Task.FromResult(ExitStatus.Done);
            }
            foreach (var r in reviews)
            {
                context.Out.WriteLine(
                    $"{r.Entry,7}  {LedgerCommands.Clock(r.At)}  {r.AnswerId}  {r.Rule ?? "answer"}{(r.Target is null ? "" : " " + r.Target)}  {r.Verdict.ToString().ToLowerInvariant()}  {r.Member ?? "[erased]"}{(r.Counts ? "" : "  (replaced)")}{(r.Reason is null ? "" : $"  {r.Reason}")}");
            }
            if (reviews.Count == 0) context.Out.WriteLine("There are no reviews.");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    private static Command Agreement(CliEnvironment environment)
    {
        var command = new Command("agreement", "How far members agree with each other: Krippendorff's alpha with its 95% interval.");
        command.Run(environment, (context, _) =>
        {
            var agreement = context.Get<ReviewBook>().Agreement();
            if (context.WantsJson)
            {
                context.WriteJson(agreement);
                return Task.FromResult(ExitStatus.Done);
            }
            Print("everything", agreement.All);
            Print("whole answers", agreement.WholeAnswers);
            foreach (var (rule, figure) in agreement.ByRule) Print(rule, figure);
            context.Out.WriteLine(string.Join(", ", agreement.Verdicts.Select(v => $"{v.Value} {v.Key.ToString().ToLowerInvariant()}")));
            return Task.FromResult(ExitStatus.Done);

            void Print(string name, Agreement a) => context.Out.WriteLine(a.Alpha is null
                ? $"{name,-14}  no figure yet: two members must have judged the same thing, and not everything alike"
                : string.Format(CultureInfo.InvariantCulture, "{0,-14}  alpha {1:0.00} [{2:0.00}, {3:0.00}] over {4} things judged {5} times", name, a.Alpha, a.Low, a.High, a.Units, a.Ratings));
        });
        return command;
    }

    private static Command Sample(CliEnvironment environment)
    {
        var week = new Option<string?>("--week") { Description = "ISO week such as 2026-W47. Default: the last whole week.", HelpName = "WEEK" };
        var size = new Option<int>("--size") { Description = "How many answers.", DefaultValueFactory = _ => ReviewSample.DefaultSize, HelpName = "N" };
        var seed = new Option<string?>("--seed") { Description = "Draw with this seed. Default: a random one. Either way it is recorded.", HelpName = "SEED" };
        var command = new Command("sample", "Draw the answers of a week that members are asked to review. A week is drawn once; the draw is an entry of the ledger.") { week, size, seed };
        command.Run(environment, (context, _) =>
        {
            var sample = context.Get<ReviewBook>().Sample(context.Arguments.GetValue(week), context.Arguments.GetValue(size), context.Arguments.GetValue(seed));
            if (context.WantsJson)
            {
                context.WriteJson(sample);
                return Task.FromResult(ExitStatus.Done);
            }
            context.Out.WriteLine($"Week {sample.Week}: {sample.Answers.Count} of {sample.Population} answers, drawn with the seed {sample.Seed} (entry {sample.Entry}).");
            foreach (var answer in sample.Answers) context.Out.WriteLine(answer);
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }

    private static Command Export(CliEnvironment environment)
    {
        var csv = new Option<bool>("--csv") { Description = "A table for a spreadsheet instead of JSON." };
        var command = new Command("export", "Print all reviews, replaced ones included.") { csv };
        command.Run(environment, async (context, _) =>
        {
            var book = context.Get<ReviewBook>();
            if (context.Arguments.GetValue(csv)) await context.Out.WriteAsync(book.ExportCsv());
            else context.WriteJson(new { reviews = book.All() });
            return ExitStatus.Done;
        });
        return command;
    }

    private static Command History(CliEnvironment environment)
    {
        var setting = new Argument<string?>("SETTING") { Description = "One setting, or \"guidance\"; without it, all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("history", "List every change with its author and reason, newest first.") { setting };
        command.Run(environment, (context, _) =>
        {
            var book = context.Get<SettingsBook>();
            var history = book.History(context.Arguments.GetValue(setting));
            if (context.WantsJson)
            {
                context.WriteJson(new { answering = book.Get() is null ? "on" : "off", history });
                return Task.FromResult(ExitStatus.Done);
            }
            foreach (var c in history)
                context.Out.WriteLine($"{c.Entry,7}  {LedgerCommands.Clock(c.At)}  {c.Setting}: {Show(c.From)} → {Show(c.To)}  {c.Author ?? "[not kept]"}: {c.Reason ?? "[not kept]"}");
            if (history.Count == 0) context.Out.WriteLine("Nothing was changed yet.");
            return Task.FromResult(ExitStatus.Done);

            static string Show(JsonNode? value) => value?.ToJsonString(CoopJson.Options) ?? "not set";
        });
        return command;
    }

    private static Command Switch(CliEnvironment environment, bool on)
    {
        var (by, reason) = LedgerCommands.Author();
        var command = new Command(on ? "on" : "off", on ? "Switch answering on again." : "Switch answering off: every door then refuses questions and shows the reason.") { by, reason };
        command.Run(environment, (context, _) =>
        {
            var change = context.Get<SettingsBook>().Switch(on, context.Arguments.GetValue(by)!, context.Arguments.GetValue(reason)!);
            if (context.WantsJson) context.WriteJson(change);
            else context.Out.WriteLine($"Answering is {(on ? "on" : "off")} (entry {change.Entry}).");
            return Task.FromResult(ExitStatus.Done);
        });
        return command;
    }
}
