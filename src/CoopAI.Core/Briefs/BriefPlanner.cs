using System.Globalization;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Questions;

namespace CoopAI.Core.Briefs;

/// <summary>What is quoted of one case study.</summary>
/// <param name="Sentences">In reading order.</param>
public sealed record StudyPlan(StudyEvidence Study, IReadOnlyList<SentenceEvidence> Sentences);

/// <summary>How one question is answered.</summary>
/// <param name="Outcome">Answered, partly answered, may help or not found.</param>
/// <param name="Studies">Best first; empty when nothing is found.</param>
/// <param name="First">What has to be said before anything else, in whole sentences: a council or a year that is not held.</param>
/// <param name="Missing">What no quoted sentence says, in one whole sentence; null: nothing is missing.</param>
/// <param name="Nearest">The case studies that came nearest, when nothing is found.</param>
/// <param name="Chance">That the corpus answers the question, in (0, 1).</param>
public sealed record PartPlan(
    Outcome Outcome, double Chance, PartEvidence Evidence, IReadOnlyList<StudyPlan> Studies, IReadOnlyList<string> First, string? Missing, IReadOnlyList<StudyEvidence> Nearest);

/// <summary>Decides whether a question is answered, from which case studies and with which sentences.</summary>
/// <remarks>Pure and deterministic. What is learned decides how sure and how near; what is told about councils and years is fixed.</remarks>
public static class BriefPlanner
{
    private const int Nearest = 3;

    /// <summary>Sentences of the best case study, of each further one, and of each where several questions are answered.</summary>
    private const int MostOfBest = 5;
    private const int MostOfOthers = 3;
    private const int MostOfEach = 3;
    private const int MostStudiesOfEach = 2;

    /// <summary>A text of more sentences says more than that something exists.</summary>
    private const int MostOfStub = 2;

    private const int MostStudies = 4;
    private const int MostExamples = 5;

    /// <summary>Two sentences that share this much of their words say the same.</summary>
    private const double SameFrom = 0.7;

    /// <summary>A case study of a council that was asked for counts when it fits at least this much of the best fitting one of that council.</summary>
    private const double OfCouncilFrom = 0.3;

    /// <summary>When a council is named of which nothing is held, another council's case study has to fit better; when the best one is of the council that is named, it may fit less well.</summary>
    private const double ElsewherePenalty = 1.5;
    private const double OfCouncilBonus = 1;

    /// <summary>A case study that only names the council comes before its own when it fits this many times better.</summary>
    private const double NamedBetterBy = 4;

    /// <param name="parts">Questions of the message: of many, each gets less room.</param>
    /// <param name="before">Plans of the questions before this one: what they quote is not quoted again.</param>
    public static PartPlan Plan(PartEvidence evidence, BriefModel model, int parts = 1, IReadOnlyList<PartPlan>? before = null)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(model);
        var asked = evidence.Part;
        if (asked.Excluded.Count > 0) evidence = evidence with { Studies = [.. evidence.Studies.Where(s => !asked.Excluded.Contains(s.CaseStudy.Slug, StringComparer.Ordinal))] };
        var groups = asked.Councils.Select(c => (Council: c, Studies: OfCouncil(evidence.Studies, c))).ToList();
        var held = groups.Where(g => g.Studies.Count > 0).ToList();
        // A follow-up asks about the case studies of the answer before: that they are what is spoken of is sure.
        var followed = evidence.Studies.Where(s => s.Sentences.Count > 0 && asked.Preferred.Contains(s.CaseStudy.Slug, StringComparer.Ordinal)).ToList();
        var missing = groups.Where(g => g.Studies.Count == 0 && !evidence.Studies.Take(Nearest).Any(s => Names(s, g.Council))).Select(g => g.Council).ToList();
        var ofCouncil = held.Exists(h => h.Studies[0] == evidence.Studies[0]);
        var chance = BriefModel.Chance(evidence.LogOdds - (missing.Count > 0 && held.Count == 0 ? ElsewherePenalty : 0) + (ofCouncil ? OfCouncilBonus : 0));
        var first = missing.Select(c => $"Nothing is held on {Short(c)}.").ToList();
        if (followed.Count > 0)
        {
            chance = Math.Max(chance, model.AnsweredFrom);
            held = [.. followed.Take(MostStudies).Select(s => ((NamedCouncil)null!, (IReadOnlyList<StudyEvidence>)[s]))];
        }

        if (evidence.Studies.Count == 0 || chance < model.MayHelpFrom)
        {
            return NotFound();
        }

        var sure = chance >= model.AnsweredFrom;
        var chosen = Choose(evidence, held.ConvertAll(h => h.Studies), model, sure, parts, before ?? []);
        if (chosen.Count == 0) return NotFound();
        if (YearNotHeld(asked.Years, chosen) is { } year) first.Add(year);
        var lacking = Missing(asked, chosen);
        var outcome = !sure ? Outcome.MayHelp : lacking is not null || first.Count > 0 ? Outcome.PartlyAnswered : Outcome.Answered;
        return new PartPlan(outcome, chance, evidence, chosen, first, lacking, []);

        PartPlan NotFound() => new(Outcome.NotFound, chance, evidence, [], first, null, [.. evidence.Studies.Take(Nearest)]);
    }

    private static List<StudyPlan> Choose(PartEvidence evidence, List<IReadOnlyList<StudyEvidence>> held, BriefModel model, bool sure, int parts, IReadOnlyList<PartPlan> before)
    {
        var several = evidence.Part.Kinds[0] is AskKind.Examples or AskKind.Compare;
        var named = held.Count > 0;
        // Of a council that was named nothing but its own is quoted; of several, each gets its say.
        var studies = named
            ? held.SelectMany(g => g.Where((s, i) => i == 0 || (held.Count == 1 && (Math.Exp(s.Fit - g[0].Fit) >= OfCouncilFrom || g[0].Sentences.Count <= 1))).Take(2)).DistinctBy(s => s.CaseStudy.Slug).ToList()
            : [.. evidence.Studies.Take(parts > 1 ? MostStudiesOfEach : several ? MostExamples : MostStudies)];
        var plans = new List<StudyPlan>();
        var said = new List<HashSet<string>>();
        bool Quoted(StudyEvidence study, SentenceEvidence sentence) => before.Any(p => p.Studies.Any(s => s.Study.CaseStudy.Slug == study.CaseStudy.Slug && s.Sentences.Any(x => x.Index == sentence.Index)));
        foreach (var (study, place) in studies.Select((s, i) => (s, i)))
        {
            // One line is soon said: the next one leads too.
            var leading = place == 0 || (named && held.Count > 1) || (place == 1 && studies[0].Sentences.Count <= 1);
            var most = !sure ? (leading ? 3 : 1) : leading ? MostOfBest : MostOfOthers;
            if (parts > 1) most = leading ? Math.Min(most, MostOfEach) : 1;
            var stems = StudySignals.Words(study.Source).Sentences;
            var picked = new SortedSet<int>();
            foreach (var sentence in study.Sentences.OrderByDescending(s => s.Answer).ThenBy(s => s.Index))
            {
                if (picked.Count >= most) break;
                if (sentence.Belongs < model.QuotedFrom && !(leading && picked.Count == 0)) continue;
                // Something has to stand under each question, even when it was said before.
                if (picked.Count > 0 && Quoted(study, sentence)) continue;
                if (said.Exists(s => Overlap(s, stems[sentence.Index]) >= SameFrom)) continue;
                picked.Add(sentence.Index);
            }

            if (picked.Count == 0) continue;
            foreach (var at in picked.ToList()) Complete(study, at, picked);
            said.AddRange(picked.Select(i => stems[i]));
            plans.Add(new StudyPlan(study, [.. picked.Select(i => study.Sentences[i])]));
        }

        return plans;
    }

    // "It has three pillars …" brings what it points to; "They are:" brings the items.
    private static void Complete(StudyEvidence study, int at, SortedSet<int> picked)
    {
        var sentences = study.Sentences;
        for (var i = at; i > 0 && at - i < 2 && (sentences[i].Leans || IsItem(sentences[i].Text)); i--) picked.Add(i - 1);
        for (var i = at; i + 1 < sentences.Count && i - at < 6 && (sentences[i].Text.EndsWith(':') || IsItem(sentences[i].Text)) && IsItem(sentences[i + 1].Text); i++) picked.Add(i + 1);
    }

    private static bool IsItem(string sentence) =>
        sentence.Length > 2 && (sentence[0] is '•' or '*' or '–' or '-' || (char.IsAsciiDigit(sentence[0]) && sentence.AsSpan(1, Math.Min(2, sentence.Length - 1)).IndexOfAny('.', ')') >= 0));

    private static double Overlap(HashSet<string> a, HashSet<string> b) => a.Count == 0 || b.Count == 0 ? 0 : (double)a.Count(b.Contains) / Math.Min(a.Count, b.Count);

    private static string? Missing(QuestionPart asked, List<StudyPlan> chosen)
    {
        var lacking = asked.Kinds.Where(k => !chosen.Exists(c => c.Sentences.Any(s => AskedCues.Answers(k, s.Text)))).Select(AskedCues.Missing).FirstOrDefault(m => m is not null);
        if (lacking is not null) return chosen.Count == 1 ? $"It does not {Negated(lacking)}." : $"None of them {lacking}.";
        return chosen.TrueForAll(c => c.Study.Sentences.Count <= MostOfStub && EvidenceCards.Of(c.Study.CaseStudy).Stub) ? "Only a short entry is held: it says that the work exists and little more." : null;

        static string Negated(string words)
        {
            var space = words.IndexOf(' ', StringComparison.Ordinal);
            return words[..space].TrimEnd('s') + words[space..].Replace(" or gives ", " or give ", StringComparison.Ordinal);
        }
    }

    private static string? YearNotHeld(NamedYears? years, List<StudyPlan> chosen)
    {
        if (years is null) return null;
        bool Inside(int year) => year >= (years.From ?? int.MinValue) && year <= (years.To ?? int.MaxValue);
        var told = chosen.Exists(c => (c.Study.CaseStudy.Year is { } y && Inside(y)) || YearsOf(c.Study.CaseStudy.Text).Any(Inside));
        return told ? null : $"Nothing is held on {years.Typed.Trim()}; these are of other years, or undated.";
    }

    private static IEnumerable<int> YearsOf(string text) =>
        Words.Split(text).Where(w => w.Text.Length == 4 && w.Text.All(char.IsAsciiDigit)).Select(w => int.Parse(w.Text, CultureInfo.InvariantCulture)).Where(y => y is > 1800 and < 2100);

    private static IReadOnlyList<StudyEvidence> OfCouncil(IReadOnlyList<StudyEvidence> studies, NamedCouncil council)
    {
        bool IsOf(string? name) => name is not null && council.Members.Contains(name, StringComparer.OrdinalIgnoreCase);
        var led = studies.Where(s => s.Sentences.Count > 0 && IsOf(s.CaseStudy.LeadMember)).ToList();
        if (led.Count == 0) led = [.. studies.Where(s => s.Sentences.Count > 0 && s.CaseStudy.ParticipatingMembers.Any(IsOf))];
        // "The Manchester academy" may be one of Greater Manchester.
        if (led.Count > 0 && led[0] != studies[0] && Names(studies[0], council) && Math.Exp(studies[0].Fit - led[0].Fit) >= NamedBetterBy) led.Insert(0, studies[0]);
        return led;
    }

    private static bool Names(StudyEvidence study, NamedCouncil council) =>
        $"{study.CaseStudy.Title} {study.CaseStudy.Text}".Contains(Short(council), StringComparison.OrdinalIgnoreCase);

    /// <summary>"Norwich City Council" as "Norwich".</summary>
    private static string Short(NamedCouncil council) => council.Typed.Trim().Length > 0 ? council.Typed.Trim() : council.Name;
}
