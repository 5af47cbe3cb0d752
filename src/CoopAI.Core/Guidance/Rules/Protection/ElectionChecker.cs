using System.Globalization;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>VG09: extra care between notice of election and polling day.</summary>
internal sealed class ElectionChecker : RuleChecker
{
    private readonly PhraseSet publicity;
    private readonly PhraseSet politicians;
    private readonly PhraseSet harmless;
    private readonly PhraseSet parties;
    private readonly bool inclusive;

    public ElectionChecker(RuleSettings settings)
    {
        var list = settings.List("lexicon", "pre_election.txt").Only("publicity-requests", "names-or-quotes-a-politician", "names-a-party", "harmless");
        publicity = list.Phrases("publicity-requests");
        politicians = list.Phrases("names-or-quotes-a-politician");
        parties = list.Phrases("names-a-party");
        harmless = list.Phrases("harmless", required: false);
        inclusive = settings.Flag("inclusive", true);
        var (file, content) = settings.File("window_table", "elections.csv");
        Table = ReadTable(file, content);
    }

    /// <summary>Windows of the framework's own table.</summary>
    public IReadOnlyList<ElectionWindow> Table { get; }

    /// <summary>The window that holds the context's day, or null; and whether dates for the asker are known at all.</summary>
    public (ElectionWindow? Active, bool Known) Window(RuleContext context)
    {
        var windows = context.Windows ?? Table;
        var mine = windows.Where(w => w.Council == "*" || (context.AskerCouncil is not null && context.Councils.Same(w.Council, context.AskerCouncil))).ToList();
        var active = mine.Find(w => inclusive ? context.AsOf >= w.From && context.AsOf <= w.To : context.AsOf > w.From && context.AsOf < w.To);
        return (active, mine.Count > 0);
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var (window, known) = Window(context);
        if (window is null)
        {
            yield return known
                ? Pass(Whole(context), $"{Day(context.AsOf)} is outside the pre-election period.")
                : CouldNotCheck(Whole(context), context.AskerCouncil is null
                    ? "Election dates not loaded for this asker: the council is not known."
                    : $"Election dates not loaded for {context.AskerCouncil}.");
            yield break;
        }

        var period = new RuleEvidence($"{window.Council}: {Day(window.From)} to {Day(window.To)}, both included", Url: window.Source);
        var failed = false;
        foreach (var (target, text) in Texts(context))
        {
            var tokens = context.Words(text);
            var spared = harmless.Find(tokens);
            var set = context.Stage == Stage.Question ? publicity.Find(tokens) : politicians.Find(tokens).Concat(parties.Find(tokens));
            if (set.FirstOrDefault(m => !spared.Any(s => s.Span.Overlaps(m.Span))) is not { } hit) continue;
            failed = true;
            yield return Fail(
                target with { Start = hit.Span.Start, End = hit.Span.End },
                context.Stage == Stage.Question ? "Publicity is not drafted in the pre-election period." : "A politician or party is named or quoted in the pre-election period.",
                new RuleEvidence(Cut(hit.Span.In(context.Plain(text)))), period);
        }

        if (!failed) yield return Pass(Whole(context), "In the pre-election period; nothing here names a politician or asks for publicity.", period) with { Key = "always", Action = Rule.ActionFor("always"), Line = "banner" };
        else yield return Pass(Whole(context), "In the pre-election period.", period) with { Key = "always", Action = Rule.ActionFor("always"), Line = "banner" };
    }

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static List<ElectionWindow> ReadTable(string file, string content)
    {
        var windows = new List<ElectionWindow>();
        var number = 0;
        var header = false;
        foreach (var raw in content.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (!header)
            {
                if (line != "council,notice,poll,source,loaded_on") throw ListFile.Bad(file, number, "the header must be 'council,notice,poll,source,loaded_on'");
                header = true;
                continue;
            }

            var cells = line.Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length != 5 || cells[0].Length == 0) throw ListFile.Bad(file, number, "a row has five cells: council, notice, poll, source, loaded_on");
            var (notice, poll) = (ReadDay(file, number, "notice", cells[1]), ReadDay(file, number, "poll", cells[2]));
            _ = ReadDay(file, number, "loaded_on", cells[4]);
            if (poll < notice) throw ListFile.Bad(file, number, $"the poll ({cells[2]}) is before the notice ({cells[1]})");
            windows.Add(new ElectionWindow(cells[0], notice, poll, cells[3].Length > 0 ? cells[3] : null));
        }

        if (!header) throw ListFile.Bad(file, 1, "the header 'council,notice,poll,source,loaded_on' is missing");
        return windows;
    }

    private static DateOnly ReadDay(string file, int line, string column, string cell) =>
        DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw ListFile.Bad(file, line, $"{column} is '{cell}'; it must be a day such as 2026-03-25");
}
