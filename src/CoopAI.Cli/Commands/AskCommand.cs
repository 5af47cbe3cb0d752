using System.CommandLine;
using CoopAI.Core.Briefs;
using CoopAI.Core.Questions;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ask</c>.</summary>
internal static class AskCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var text = new Argument<string>("QUESTION") { Description = "A question about what other councils have done, up to 2,000 characters." };
        var asker = new Option<string?>("--asker") { Description = "Your own council: decides which pre-election period applies.", HelpName = "NAME" };
        var markdown = new Option<bool>("--markdown") { Description = "Print the brief as Markdown, for a report." };
        var previous = new Option<string?>("--previous") { Description = "Id of an answer that this follows up: its question, filter and case studies are carried on.", HelpName = "ID" };
        var without = new Option<string[]>("--without") { Description = "A reading that you do not want: council:NAME, place:NAME, topic:NAME, years or word:AS TYPED. May be given several times.", HelpName = "READING" };
        var filters = new SearchCommands.FilterOptions();
        var command = new Command("ask", "Answer a question with precedents; every sentence is proven by its citation.") { text, asker, markdown, previous, without };
        filters.AddTo(command);
        command.Run(environment, async (context, ct) =>
        {
            var question = Question.Create(context.Arguments.GetValue(text), filters.Read(context), context.Arguments.GetValue(asker), context.Arguments.GetValue(previous), context.Arguments.GetValue(without));
            Rehearsal.Begin(context.Services);
            await CorpusCommands.OpenCorpusAsync(context, ct);
            context.Get<GuidanceOnRecord>().Ensure();
            Answer answer;
            try
            {
                answer = await context.Get<AskQuestion>().AskAsync(question, ct: ct);
            }
            catch (DangerException e)
            {
                if (context.WantsJson) context.WriteJson(new { help = e.Danger, text = e.Message });
                else context.Out.WriteLine(e.Message);
                return ExitStatus.CheckFailed;
            }

            if (context.WantsJson) context.WriteJson(answer);
            else if (context.Arguments.GetValue(markdown)) await context.Out.WriteAsync(BriefMarkup.ToMarkdown(answer));
            else Print(context.Out, answer);
            return ExitStatus.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, Answer answer)
    {
        output.WriteLine(answer.Summary);
        output.WriteLine();
        if (answer.Understood is { } understood)
        {
            foreach (var note in understood.Notes.Where(n => !answer.Summary.Contains(n, StringComparison.Ordinal))) output.WriteLine(note);
            if (understood.Readings().ToList() is { Count: > 0 } readings) output.WriteLine($"Read as: {string.Join("; ", readings.Select(r => r.Says))}{Environment.NewLine}");
        }

        if (answer.Parts.Count > 1)
        {
            foreach (var part in answer.Parts) output.WriteLine($"- {part.Question}: {System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(part.Outcome.ToString()).Replace('-', ' ')}{(part.Missing is null ? "" : $". {part.Missing}")}");
            output.WriteLine();
        }

        var numbers = answer.Precedents.Select((p, i) => (p.Slug, Number: i + 1)).ToDictionary(p => p.Slug, p => p.Number, StringComparer.Ordinal);
        foreach (var sentence in answer.Sentences.Where(s => s.Text != answer.Summary))
        {
            var marks = string.Concat(sentence.Citations.Select(c => $" [{numbers.GetValueOrDefault(c.Slug)}]").Distinct());
            output.WriteLine(sentence.Kind == SentenceKind.Answer ? $"  “{sentence.Text}”{marks}" : sentence.Text);
        }

        if (answer.Tags.Count > 0) output.WriteLine($"{Environment.NewLine}Principles in these sentences: {string.Join(", ", answer.Tags.Select(t => $"{t.Id} ({t.Basis})"))}");
        if (answer.NotCovered.Count > 0) output.WriteLine($"{Environment.NewLine}Not covered: {string.Join(' ', answer.NotCovered)}");
        if (answer.Precedents.Count > 0) output.WriteLine($"{Environment.NewLine}Precedents");
        foreach (var p in answer.Precedents)
        {
            output.WriteLine($"  [{numbers[p.Slug]}] {p.Title} – {p.LeadMember ?? "lead council not stated"} ({p.Card.Period}){(p.Card.Stub ? ", stub" : "")}");
            output.WriteLine($"      outcome {(p.Card.Happened.Any() ? "stated" : "not stated")}, cost {(p.Card.Cost.Count > 0 ? "stated" : "not stated")}{(p.Card.Figures.Count > 0 ? $", figures: {string.Join("; ", p.Card.Figures.Select(f => f.Value))}" : "")}");
            foreach (var (kind, ids) in p.Principles.Kinds()) output.WriteLine($"      Principles {kind}: {string.Join(", ", ids)}");
            if (p.Url is { } url) output.WriteLine($"      {url}");
        }

        if (answer.Nearest.Count > 0) output.WriteLine($"{Environment.NewLine}Nearest titles");
        foreach (var near in answer.Nearest) output.WriteLine($"  {near.Title} ({near.Slug})");
        output.WriteLine();
        output.WriteLine($"{answer.Notice.Text} Answers for it: {answer.Notice.AccountableRole}, {answer.Notice.Contact}.");
        output.WriteLine($"Answer {answer.Id}, guidance {answer.Notice.GuidanceVersion}{(answer.Store is null ? "" : $", passage store {answer.Store}")}. Check its record: coopai ledger show {answer.Id}");
    }
}
