using System.Diagnostics;
using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Monitoring;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;

namespace CoopAI.Orchestration.Asking;

/// <summary>Answers one question: guidance, retrieval, guidance, composing, guidance, record.</summary>
/// <param name="composer">Writes the draft.</param>
/// <param name="fallback">Takes over when <paramref name="composer"/> fails, or when too little of its draft stands.</param>
/// <param name="newId">Gives each answer its id.</param>
/// <param name="metrics">Counts recorded answers; null: nobody counts.</param>
/// <remarks>Deterministic apart from id and times while the composer is. An answer is returned only after its record is durable.</remarks>
public sealed class AnswerPipeline(
    Retriever retriever, SearchCorpus corpus, GuidanceRunner guidance, IAnswerComposer composer, IAnswerComposer fallback, ILedger ledger,
    ITagBook tags, AnsweringOptions options, TimeProvider clock, Func<string> newId, CoopMetrics? metrics = null)
{
    private readonly AnswerRecorder _recorder = new(guidance, ledger, corpus);

    /// <summary>The fixed line that closes every brief.</summary>
    public const string OwnAccounts = "Case studies are councils' own accounts; nobody has checked them independently. Ask the council before you rely on one.";

    /// <summary>Whether answering is switched on; always, unless given.</summary>
    public IOffSwitch OffSwitch { get; init; } = new AlwaysOn();

    /// <summary>Says what the pipeline is doing, for a progress display.</summary>
    public async Task<Answer> AskAsync(Question question, IProgress<string>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (OffSwitch.Get() is { } off) throw new AnsweringOffException(off);
        var run = new AnswerRun(question, newId(), clock.GetUtcNow(), Stopwatch.StartNew(), ct);

        progress?.Report("Checking the question");
        var asked = Check(run, Context(run, Stage.Question) with { Text = question.Text });
        run.Rules.AddRange(asked.Results);
        if (asked.BlockedBy.Count > 0) return Finish(run, Outcome.Held, asked.Reply!, HoldsPersonalData(asked));
        if (Scope.Refusal(question.Text) is { } refusal) return Finish(run, Outcome.OutOfScope, refusal);

        progress?.Report("Searching the case studies");
        var search = await retriever.SearchAsync(new SearchRequest(question.Text, question.Filter, Facets: false), ct);
        run.Search = search;
        progress?.Report("Checking what was found");
        var (found, sources) = CheckFound(run, search);
        run.Sources = sources;
        if (found.BlockedBy.Count > 0 || sources.Count == 0) return Finish(run, Outcome.NotFound, NotFoundText(search));

        progress?.Report("Writing the brief");
        var draft = await DraftAsync(run, sources, ct);
        progress?.Report("Checking every sentence");
        var said = CheckDraft(run, draft, sources, composer.CanRetry);
        if (said.RetryReasons.Count > 0 && !run.FellBack)
        {
            draft = await DraftAsync(run, sources, ct, said.RetryReasons);
            said = CheckDraft(run, draft, sources, canRetry: false);
        }

        if (said.BlockedBy.Count > 0 && !run.FellBack && composer != fallback)
        {
            run.FallBack("Too little of what the language model wrote could be proven, so these sentences are quoted from the case studies instead.");
            run.Withhold(draft, said);
            draft = await fallback.ComposeAsync(question, sources, [], ct);
            said = CheckDraft(run, draft, sources, canRetry: false);
        }

        run.Rules.AddRange(said.Results);
        run.Withhold(draft, said);
        run.ServiceLines.AddRange(said.AddedLines);
        if (said.BlockedBy.Count > 0)
            return Finish(run, said.BlockedBy.All(b => b == "VG04") ? Outcome.NotFound : Outcome.Held, said.Reply ?? NotFoundText(search));

        run.Say(draft, said, sources);
        var missing = NotCovered(search);
        run.NotCovered.AddRange(missing.Words);
        return Finish(run, missing.Partly ? Outcome.PartlyAnswered : Outcome.Answered, Summary(run, missing.Partly));
    }

    private RuleContext Context(AnswerRun run, Stage stage) => new()
    {
        Stage = stage,
        Question = run.Question.Text,
        AsOf = DateOnly.FromDateTime(clock.GetLocalNow().DateTime),
        AskerCouncil = run.Question.AskerCouncil,
    };

    // What the last run of each stage was given is kept, so that a changed framework can be run over it later.
    private GuidanceOutcome Check(AnswerRun run, RuleContext context)
    {
        run.Stages[context.Stage] = context;
        return guidance.Run(context);
    }

    private static bool HoldsPersonalData(GuidanceOutcome asked) =>
        asked.Results.Any(r => r is { Rule: "VG06", Status: RuleStatus.Fail or RuleStatus.CouldNotCheck });

    private (GuidanceOutcome Outcome, List<Source> Sources) CheckFound(AnswerRun run, SearchResult search)
    {
        var outcome = Check(run, Context(run, Stage.Retrieved) with
        {
            Text = run.Question.Text,
            Passages = [.. search.Hits.SelectMany(h => h.Passages.Select(p => AsRulePassage(h.CaseStudy, p.Passage.Id, p.Passage.Text)))],
            Retrieval = new RetrievalFigures(
                search.Hits.SelectMany(h => h.Passages.Select(p => (p.Passage.Id, h.Score))).ToDictionary(p => p.Id, p => p.Score, StringComparer.Ordinal),
                search.Floor,
                search.Coverage.Share,
                [.. search.Coverage.Words.Where(w => w.Nearest < options.CoveredFrom).Select(w => w.Word)],
                [.. search.NearMisses.Take(3).Select(n => n.CaseStudy.Title)]),
        });
        run.Rules.AddRange(outcome.Results);
        run.Quarantined.AddRange(outcome.Quarantined);
        var byId = search.Hits.SelectMany(h => h.Passages).ToDictionary(p => p.Passage.Id, StringComparer.Ordinal);
        var order = outcome.Passages.Select((p, i) => (p.Id, i)).ToDictionary(p => p.Id, p => p.i, StringComparer.Ordinal);
        var texts = outcome.Passages.ToDictionary(p => p.Id, p => p.Text, StringComparer.Ordinal);
        var sources = search.Hits
            .Select(h => new Source(h.CaseStudy, h.Score,
                [.. h.Passages.Where(p => texts.ContainsKey(p.Passage.Id)).Select(p => p with { Passage = p.Passage with { Text = texts[p.Passage.Id] } })]))
            .Where(s => s.Passages.Count > 0);
        // The best precedent stays first: a re-rank spreads councils among the others.
        if (outcome.ReRanked) sources = sources.OrderBy(s => s.Passages.Min(p => order[p.Passage.Id]));
        return (outcome, [.. sources]);
    }

    private async Task<IReadOnlyList<DraftSentence>> DraftAsync(AnswerRun run, List<Source> sources, CancellationToken ct, IReadOnlyList<string>? faults = null)
    {
        try
        {
            return await composer.ComposeAsync(run.Question, sources, faults ?? [], ct);
        }
        catch (ComposerException e) when (composer != fallback)
        {
            run.FallBack($"{e.Message} These sentences are quoted from the case studies instead.");
            return await fallback.ComposeAsync(run.Question, sources, [], ct);
        }
    }

    private GuidanceOutcome CheckDraft(AnswerRun run, IReadOnlyList<DraftSentence> draft, List<Source> sources, bool canRetry)
    {
        run.Notice = NoticeOf(run);
        return Check(run, Context(run, Stage.Answer) with
        {
            Text = string.Join(' ', draft.Select(d => d.Text)),
            Sentences = [.. draft.Select((d, i) => new RuleSentence(i, d.Text, d.Kind, d.Cites))],
            Passages = [.. sources.SelectMany(s => s.Passages.Select(p => AsRulePassage(s.CaseStudy, p.Passage.Id, p.Passage.Text)))],
            Notice = new AnswerNotice(
                run.Notice.Text, run.Notice.Model, run.Notice.GuidanceVersion, run.Notice.GeneratedAt.ToString("O", CultureInfo.InvariantCulture),
                run.Notice.ChallengeUrl, run.Notice.AccountableRole, run.Notice.Contact),
            Html = BriefMarkup.ToHtml(draft),
            CanRetry = canRetry,
        });
    }

    private Notice NoticeOf(AnswerRun run)
    {
        var writer = run.FellBack ? fallback : composer;
        var how = writer == fallback && writer.Name == "extractive"
            ? "This brief was put together with AI: a program chose the sentences and quotes them word for word."
            : "This brief was written with AI, by a language model. Every sentence was checked against the passages it cites.";
        return new Notice(
            $"{how} It may leave things out. Check the case studies before you rely on it.", writer.Model, guidance.Framework.Version, run.At,
            $"/answers/{run.Id}#challenge", options.AccountableRole, options.Contact);
    }

    private static RulePassage AsRulePassage(CaseStudy c, string id, string text) =>
        new(id, text, c.LeadMember, c.ParticipatingMembers, c.Year, c.Principles, c.Slug, c.Url);

    private (IReadOnlyList<string> Words, bool Partly) NotCovered(SearchResult search)
    {
        var phrases = search.Coverage.Phrases.Where(p => p.FoundIn.Count == 0).Select(p => p.Phrase).ToList();
        // Search reads some phrases as one word of its own; an officer is told only words that stand in the question.
        var words = search.Coverage.Words.Where(w => w.Nearest < options.CoveredFrom && search.Query.Contains(w.Word, StringComparison.OrdinalIgnoreCase) && !phrases.Exists(p => p.Contains(w.Word, StringComparison.OrdinalIgnoreCase))).Select(w => w.Word);
        return ([.. phrases.Concat(words)], phrases.Count > 0 || search.Coverage.Share < options.AnsweredFrom);
    }

    private static string NotFoundText(SearchResult search) => search.NearMisses.Count + search.Hits.Count == 0
        ? "No case study speaks to this. Ask in other words, or ask the Network or a peer council."
        : "No case study speaks to this question. The nearest titles are listed; they may not help. Ask in other words, or ask the Network or a peer council.";

    private static string Summary(AnswerRun run, bool partly)
    {
        var count = run.Said.SelectMany(s => s.Citations).Select(c => c.Slug).Distinct(StringComparer.Ordinal).Count();
        var found = count == 1 ? "One case study speaks to this." : FormattableString.Invariant($"{count} case studies speak to this.");
        return partly ? $"{found} Part of the question is in none of them." : found;
    }

    private Answer Finish(AnswerRun run, Outcome outcome, string summary, bool withoutQuestion = false)
    {
        run.Notice ??= NoticeOf(run);
        var shown = outcome is Outcome.Answered or Outcome.PartlyAnswered;
        var sentences = shown ? run.Said : [AnswerSentence.Service(summary)];
        if (shown)
        {
            if (run.FallbackReason is { } reason) sentences.Add(AnswerSentence.Service(reason));
            sentences.AddRange(run.ServiceLines.Select(l => AnswerSentence.Service(l.Text, l.Rule)));
            sentences.Add(AnswerSentence.Service(OwnAccounts, "VG05"));
        }

        Source[] precedents = shown ? [.. run.Sources.Take(options.Precedents)] : [];
        var tagsOf = tags.TagsOf([.. precedents.Select(p => p.CaseStudy)]);
        var used = run.Said.SelectMany(s => s.Citations).Select(c => c.Slug).ToHashSet(StringComparer.Ordinal);
        var answer = new Answer
        {
            Id = run.Id,
            At = run.At,
            Question = withoutQuestion ? null : run.Question.Text,
            Filter = run.Question.Filter,
            AskerCouncil = run.Question.AskerCouncil,
            Outcome = outcome,
            Summary = summary,
            Sentences = sentences,
            Precedents = [.. precedents.Select(p => PrecedentOf(p, tagsOf[p.CaseStudy.Slug]))],
            Withheld = run.Withheld,
            NotCovered = run.NotCovered,
            Nearest = outcome == Outcome.NotFound ? [.. Nearest(run).Take(3)] : [],
            Sources = [.. Considered(run, used)],
            Notice = run.Notice,
            Composer = run.FellBack ? fallback.Name : composer.Name,
            Rules = run.Rules,
            Milliseconds = run.Watch.Elapsed.TotalMilliseconds,
        };
        var recorded = _recorder.Record(answer, run, Context(run, Stage.Record), run.FellBack ? fallback.PromptHash : composer.PromptHash);
        metrics?.Record(recorded);
        return recorded;
    }

    private static Precedent PrecedentOf(Source source, PrincipleTags tags)
    {
        var c = source.CaseStudy;
        return new Precedent(
            c.Slug, c.Title, c.Url, c.LeadMember, c.Year, Math.Round(source.Score, 6),
            [.. source.Passages.Where(p => p.BestSentence is not null).Select(p => Cite(p.Passage, p.BestSentence!.Value.In(c.Text))).DistinctBy(m => m.Start)],
            tags, EvidenceCards.Of(c));
    }

    private static IEnumerable<ConsideredSource> Nearest(AnswerRun run) => run.Search is not { } search ? [] :
        search.Hits.Concat(search.NearMisses).Select(h => Considered(h, false, "Near, but not enough to answer from."));

    private static IEnumerable<ConsideredSource> Considered(AnswerRun run, HashSet<string> used)
    {
        if (run.Search is not { } search) yield break;
        foreach (var hit in search.Hits)
        {
            var isUsed = used.Contains(hit.CaseStudy.Slug);
            var held = hit.Passages.All(p => run.Quarantined.Contains(p.Passage.Id));
            yield return Considered(hit, isUsed, isUsed ? "Quoted in the brief."
                : held ? "A rule kept all of its passages from being used."
                : "Relevant, but others fit the question better.");
        }

        foreach (var miss in search.NearMisses)
            yield return Considered(miss, false, string.Create(CultureInfo.InvariantCulture, $"Its score lies below {search.Floor:0.00}, the least that counts as evidence."));
    }

    private static ConsideredSource Considered(SearchHit hit, bool used, string why) =>
        new(hit.CaseStudy.Slug, hit.CaseStudy.Title, hit.CaseStudy.LeadMember, hit.CaseStudy.Year, Math.Round(hit.Score, 6), used, why);

    internal static Citation Cite(Passage passage, string quote)
    {
        var at = passage.Text.IndexOf(quote, StringComparison.Ordinal);
        // A written sentence is in no passage word for word: it cites the whole of it.
        return at >= 0
            ? new Citation(passage.Id, passage.Slug, quote, passage.Start + at, passage.Start + at + quote.Length)
            : new Citation(passage.Id, passage.Slug, passage.Text, passage.Start, passage.Start + passage.Text.Length);
    }
}
