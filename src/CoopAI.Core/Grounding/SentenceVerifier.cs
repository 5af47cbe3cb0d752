using System.Globalization;
using System.Numerics.Tensors;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Grounding.Councils;
using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Grounding.Quantities;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Guidance;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Grounding;

/// <summary>Holds a sentence against the passages it cites: VG01 (backed by its source), VG02 (numbers), VG03 (councils and quotations).</summary>
/// <remarks>
/// Written for any sentence, quoted or a chat model's own. Deterministic; says what it compared. Safe for concurrent use when
/// <c>encode</c> is. Without an encoder it works from words alone.
/// </remarks>
public sealed class SentenceVerifier
{
    private const int LongestSentence = 4000;
    private static readonly string[] Rules = ["VG01", "VG02", "VG03"];
    private const double BetterElsewhere = 0.15;

    private readonly GroundingSettings _settings;
    private readonly CouncilTable _councils;
    private readonly GroundingLexicon _lexicon;
    private readonly Func<string, ReadOnlyMemory<float>>? _encode;

    /// <param name="encode">L2-normalised embedding of a text, or null to go by words alone.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public SentenceVerifier(GroundingSettings? settings = null, CouncilTable? councils = null, GroundingLexicon? lexicon = null, Func<string, ReadOnlyMemory<float>>? encode = null)
    {
        _settings = (settings ?? new GroundingSettings()).Validated();
        _councils = councils ?? CouncilTable.Default;
        _lexicon = lexicon ?? GroundingLexicon.Default;
        _encode = encode;
    }

    /// <summary>Analyses the retrieved passages once for all sentences of an answer.</summary>
    /// <param name="retrieved">Passages in order; of two with one id the first counts.</param>
    public PreparedSources Prepare(IEnumerable<SourcePassage> retrieved)
    {
        ArgumentNullException.ThrowIfNull(retrieved);
        var passages = retrieved.DistinctBy(p => p.Id, StringComparer.Ordinal).ToArray();
        var names = new CouncilFinder(_councils, passages.SelectMany(p => p.Members));
        return new PreparedSources([.. passages.Select(p => new PreparedSource(p, names, _lexicon, _encode))], names);
    }

    /// <summary>Checks one sentence.</summary>
    /// <param name="sentence">With or without marks such as "[CS1]"; marks count as citations too.</param>
    /// <param name="citedPassageIds">Ids as in the passages.</param>
    /// <param name="retrieved">All passages of the answer.</param>
    /// <param name="sentenceNumber">0-based, for the results' target.</param>
    /// <returns>Three results: VG01, VG02, VG03.</returns>
    public IReadOnlyList<RuleResult> Verify(string sentence, IReadOnlyList<string> citedPassageIds, IEnumerable<SourcePassage> retrieved, int sentenceNumber = 0) =>
        Verify(sentence, citedPassageIds, Prepare(retrieved), sentenceNumber);

    /// <inheritdoc cref="Verify(string, IReadOnlyList{string}, IEnumerable{SourcePassage}, int)"/>
    public IReadOnlyList<RuleResult> Verify(string sentence, IReadOnlyList<string> citedPassageIds, PreparedSources sources, int sentenceNumber = 0)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        ArgumentNullException.ThrowIfNull(citedPassageIds);
        ArgumentNullException.ThrowIfNull(sources);
        var marked = Marked(sentence, sources);
        var cites = citedPassageIds.Concat(marked.SelectMany(m => m.Cites)).Distinct(StringComparer.Ordinal).ToArray();
        return Check(string.Join(' ', marked.Select(m => m.Text)), cites, marked.Any(m => m.IsClaim) || cites.Length > 0, sources, sentenceNumber);
    }

    /// <summary>Checks every sentence of a marked text, in reading order; three results a sentence.</summary>
    public IReadOnlyList<RuleResult> VerifyText(string text, PreparedSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return [.. Marked(text, sources).SelectMany((m, i) => Check(m.Text, m.Cites, m.IsClaim, sources, i))];
    }

    /// <summary>How far the passages support a sentence, in one figure for ordering: VG01's support, of whose log-odds each of changed meaning, a number and a council that fail takes one.</summary>
    /// <returns>In [0, 1], higher for better supported; 0 without a passage. It decides nothing: <see cref="Verify(string, IReadOnlyList{string}, PreparedSources, int)"/> does.</returns>
    public double ScoreOf(string sentence, PreparedSources sources)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.All.Count == 0) return 0;
        const double Least = 1e-6;
        var analysed = AnalysedText.Of(sentence, _lexicon);
        var claim = new Claim(analysed, [.. sources.All.Select(s => s.Passage.Id)], sources, s => Support.Of(analysed, s, _lexicon, _settings.WindowSentences));
        var best = claim.Supports.OrderByDescending(s => s.Overlap).ThenBy(s => s.Source.Passage.Id, StringComparer.Ordinal).First();
        var target = new RuleTarget("sentence", "0");
        bool[] failed = [Contradictions.Find(analysed, best, _lexicon).Count > 0, Numbers(claim, target).Status == RuleStatus.Fail, Councils(claim, target).Status == RuleStatus.Fail];
        var support = Math.Clamp(Joint(analysed, claim.Supports, best, Similarity(sentence, best)), Least, 1 - Least);
        return 1 / (1 + Math.Exp(failed.Count(f => f) - Math.Log(support / (1 - support))));
    }

    // What stands in square brackets in a source is the source's; a mark that no source holds must name one.
    private static IReadOnlyList<MarkedSentence> Marked(string text, PreparedSources sources) =>
        CitationMarks.Read(text, id => sources.Find(id) is not null, bracket => sources.All.Any(s => s.Passage.Text.Contains(bracket, StringComparison.Ordinal)));

    private RuleResult[] Check(string sentence, IReadOnlyList<string> cites, bool isClaim, PreparedSources sources, int number)
    {
        var target = new RuleTarget("sentence", number.ToString(CultureInfo.InvariantCulture));
        if (!isClaim)
            return [.. Rules.Select(r => Result(r, target, RuleStatus.NotApplicable, "A question or a heading claims nothing."))];
        if (sentence.Length > LongestSentence)
            return [.. Rules.Select(r => Result(r, target, RuleStatus.CouldNotCheck, $"The sentence is longer than {LongestSentence} characters."))];

        var analysed = AnalysedText.Of(sentence, _lexicon);
        var claim = new Claim(analysed, cites, sources, s => Support.Of(analysed, s, _lexicon, _settings.WindowSentences));
        return [Backed(claim, target), Numbers(claim, target), Councils(claim, target)];
    }

    private RuleResult Backed(Claim claim, RuleTarget target)
    {
        var (sentence, cites, cited) = (claim.Sentence, claim.Cites, claim.Cited);
        var unknown = cites.Where(c => claim.Sources.Find(c) is null).ToArray();
        if (cites.Count == 0) return Result("VG01", target, RuleStatus.Fail, "The sentence cites no source.");
        if (unknown.Length > 0) return Result("VG01", target, RuleStatus.Fail, $"The sentence cites {string.Join(", ", unknown)}, which is not among the sources of this answer.");
        var level = Quotations.Level(sentence.Text);
        if (cited.FirstOrDefault(s => s.HoldsWhole(level)) is { } whole)
            return Result("VG01", target, RuleStatus.Pass, $"The sentence stands word for word in {whole.Passage.Id}.", [new("Word for word in the source.", whole.Passage.Id, Sha256: whole.Sha256)]);
        var (supports, mentions) = (claim.Supports, claim.Mentions);
        var best = supports.OrderByDescending(s => s.Overlap).ThenBy(s => s.Source.Passage.Id, StringComparer.Ordinal).First();
        var similarity = Similarity(sentence.Text, best);
        var score = Joint(sentence, supports, best, similarity);
        var evidence = new List<RuleEvidence> { Window(best), new(Matched(sentence, best)) };
        var figures = FormattableString.Invariant($"support {score:0.00}, needed {_settings.MinOverlap:0.00}; {best.PlainOverlap:P0} of the words found in {best.Source.Passage.Id}");
        if (_settings.NegationCheck)
        {
            var found = supports.Select(s => Contradictions.Find(sentence, s, _lexicon)).ToArray();
            // With several sources a word may rest on any of them: only what every one contradicts, or the best one of them, counts.
            var index = Array.IndexOf(supports, best);
            var contradictions = found[index].Where(c => !mentions.Any(m => c.Kind == "name" && m.Span.Overlaps(c.Span)))
                .Where(c => supports.Length == 1 || found.All(f => f.Any(o => o.Kind == c.Kind && o.Span.Overlaps(c.Span)))).ToArray();
            if (contradictions.Length == 0 && supports.Length == 1 && OfAnother(sentence, best, mentions) is { } other) contradictions = [other];
            if (contradictions.Length == 0 && supports.Length > 1 && Merged(sentence, supports, mentions) is { } merged) contradictions = [merged];
            if (contradictions.Length > 0)
            {
                evidence.AddRange(contradictions.Select(c => new RuleEvidence($"{c.Kind}: {c.Message}", best.Source.Passage.Id, c.Source?.Start, c.Source?.End, best.Source.Sha256)));
                return Result("VG01", target with { Start = contradictions[0].Span.Start, End = contradictions[0].Span.End }, RuleStatus.Fail, $"The meaning differs: {contradictions[0].Message}; {figures}.", evidence);
            }
        }

        if (score < _settings.MinOverlap) return Result("VG01", target, RuleStatus.Fail, $"The cited source does not back this: {figures}.", evidence);
        if (best.Overlap < 0.85 && Better(sentence, best, cited, claim.Sources) is { } better)
        {
            evidence.Add(Window(better));
            return Result("VG01", target, RuleStatus.Fail, $"Another source, {better.Source.Passage.Id}, fits this better than the cited one; {figures}.", evidence);
        }

        return Result("VG01", target, RuleStatus.Pass, $"The cited source backs this: {figures}.", evidence);
    }

    /// <summary>What the source's lines say of one council, said of another that neither these lines nor the record name.</summary>
    private static Contradiction? OfAnother(AnalysedText sentence, Support best, IReadOnlyList<CouncilMention> mentions)
    {
        if (mentions.Count == 0) return null;
        var body = best.Source.Body.Tokens;
        var there = best.Source.RecordCouncils.Concat(best.Source.TextCouncils.Where(c => best.InWindow(body[c.First]))).ToArray();
        var stranger = mentions.FirstOrDefault(m => !there.Any(c => c.IsSame(m)));
        if (stranger is null) return null;
        var own = best.Source.TextCouncils.FirstOrDefault(c => best.InWindow(body[c.First]) && !mentions.Any(m => m.IsSame(c)));
        return own is null ? null : new("roles", $"the source says this of {own.Span.In(best.Source.Passage.Text)}, not of {stranger.Span.In(sentence.Text)}", stranger.Span, own.Span);
    }

    /// <summary>A clause whose names stand in one source and whose words in another: no source says it.</summary>
    private static Contradiction? Merged(AnalysedText sentence, Support[] supports, IReadOnlyList<CouncilMention> mentions)
    {
        foreach (var clause in sentence.Tokens.Where(t => t.Content).GroupBy(t => t.Clause))
        {
            var names = clause.Where(t => t.Capital || (t.Opening && (GroundingLexicon.Frequency(t.Text) == 0 || mentions.Any(m => m.Span.Overlaps(t.Span))))).ToArray();
            var words = clause.Except(names).ToArray();
            if (names.Length == 0 || words.Length < 2) continue;
            var carried = supports.Select(s => (Support: s, Words: words.Sum(w => w.Weight * s.Matches[Array.IndexOf(sentence.Tokens, w)].Strength),
                Names: names.All(n => s.Source.Body.ByKey.ContainsKey(n.Key) || s.Source.HeadKeys.Contains(n.Key) || s.Matches[Array.IndexOf(sentence.Tokens, n)].Strength > 0))).ToArray();
            var top = carried.Max(c => c.Words);
            if (top > 0 && !carried.Any(c => c.Names && c.Words >= 0.6 * top))
                return new("merged", "what is said and whom it is said of stand in two different sources", names[0].Span, null);
        }

        return null;
    }

    // With several citations each clause may rest on another source; the support is that of the sentence over all of them.
    private static double Joint(AnalysedText sentence, Support[] supports, Support best, double? similarity)
    {
        if (supports.Length == 1) return SupportModel.Score(best, similarity);
        var merged = new WordMatch[sentence.Tokens.Length];
        var clauses = sentence.Tokens.Select(t => t.Clause).Distinct();
        var from = new Dictionary<int, Support>();
        foreach (var clause in clauses)
            from[clause] = supports.OrderByDescending(s => ClauseStrength(sentence, s, clause)).First();
        double total = 0, sum = 0;
        for (var i = 0; i < merged.Length; i++)
        {
            if (!sentence.Tokens[i].Content) continue;
            total += sentence.Tokens[i].Weight;
            sum += sentence.Tokens[i].Weight * from[sentence.Tokens[i].Clause].Matches[i].Strength;
        }

        var joint = total > 0 ? sum / total : 1;
        var gain = joint - best.Overlap;
        return Math.Min(1, SupportModel.Score(best, similarity) + Math.Max(0, gain));
    }

    private static double ClauseStrength(AnalysedText sentence, Support support, int clause)
    {
        var sum = 0.0;
        for (var i = 0; i < sentence.Tokens.Length; i++)
        {
            if (sentence.Tokens[i].Clause == clause && sentence.Tokens[i].Content) sum += sentence.Tokens[i].Weight * support.Matches[i].Strength;
        }

        return sum;
    }

    private Support? Better(AnalysedText sentence, Support best, PreparedSource[] cited, PreparedSources sources) =>
        sources.All.Where(s => !cited.Contains(s)).Select(s => Support.Of(sentence, s, _lexicon, _settings.WindowSentences))
            .Where(s => s.Overlap >= best.Overlap + BetterElsewhere).OrderByDescending(s => s.Overlap).ThenBy(s => s.Source.Passage.Id, StringComparer.Ordinal).FirstOrDefault();

    private double? Similarity(string sentence, Support support)
    {
        // Nearly verbatim sentences need no second opinion.
        if (_encode is null || support.Overlap > 0.9 || support.Source.Embedding(support.Window) is not { } window) return null;
        return Math.Clamp(TensorPrimitives.Dot(_encode(sentence).Span, window.Span), -1, 1);
    }

    private RuleResult Numbers(Claim claim, RuleTarget target)
    {
        var (sentence, cited) = (claim.Sentence, claim.Cited);
        if (sentence.Quantities.Count == 0) return Result("VG02", target, RuleStatus.NotApplicable, "The sentence states no number.");
        var evidence = new List<RuleEvidence>();
        (Quantity Quantity, string Why)? wrong = null;
        foreach (var quantity in sentence.Quantities)
        {
            var said = quantity.Span.In(sentence.Text);
            var clause = sentence.Tokens[quantity.First].Clause;
            // The source that carries the clause is asked first: a number of another source does not belong to this claim.
            var tries = cited.Select((s, i) => (Source: s, Strength: cited.Length == 1 ? 1 : ClauseStrength(sentence, claim.Supports[i], clause))).OrderByDescending(p => p.Strength)
                .Select(p => (p.Source, p.Strength, Match: MatchIn(quantity, sentence, p.Source))).ToArray();
            var top = tries.Length > 0 ? tries[0].Strength : 0;
            var held = tries.FirstOrDefault(t => t.Match.Held && t.Strength >= 0.75 * top);
            if (held.Source is not null)
            {
                evidence.Add(new($"✓ {said}: {(held.Match.Nearest is { } q ? $"“{Around(held.Source.Passage.Text, q.Span)}”" : "the year on the record")}", held.Source.Passage.Id, held.Match.Nearest?.Span.Start, held.Match.Nearest?.Span.End, held.Source.Sha256));
                continue;
            }

            var first = tries.FirstOrDefault();
            var why = cited.Length == 0 ? "no cited source to look in" : tries.Any(t => t.Match.Held) ? "the source that has this number does not back the rest of the claim" : first.Match.Why;
            evidence.Add(new($"✗ {said}: {why}", first.Source?.Passage.Id, first.Match.Nearest?.Span.Start, first.Match.Nearest?.Span.End, first.Source?.Sha256));
            wrong ??= (quantity, why);
        }

        return wrong is { } w
            ? Result("VG02", target with { Start = w.Quantity.Span.Start, End = w.Quantity.Span.End }, RuleStatus.Fail, $"“{w.Quantity.Span.In(sentence.Text)}”: {w.Why}.", evidence)
            : Result("VG02", target, RuleStatus.Pass, sentence.Quantities.Count == 1 ? "The number is in the cited source." : $"All {sentence.Quantities.Count} numbers are in the cited source.", evidence);
    }

    private QuantityMatch MatchIn(Quantity quantity, AnalysedText sentence, PreparedSource source)
    {
        var match = QuantityMatcher.Match(quantity, sentence, source.Body, source.Passage.Year, _lexicon, _settings);
        if (match.Held || source.Head.Quantities.Count == 0) return match;
        var head = QuantityMatcher.Match(quantity, sentence, source.Head, source.Passage.Year, _lexicon, _settings);
        return head.Held ? head with { Nearest = null } : match;
    }

    private RuleResult Councils(Claim claim, RuleTarget target)
    {
        var (sentence, cited, mentions) = (claim.Sentence, claim.Cited, claim.Mentions);
        var quotations = Quotations.Find(sentence.Text, _settings.MinQuoteChars);
        if (quotations.Count == 0 && mentions.Count == 0) return Result("VG03", target, RuleStatus.NotApplicable, "The sentence names no council and quotes nothing.");
        var evidence = new List<RuleEvidence>();
        (TextSpan Span, string Why)? wrong = null;
        var open = false;
        foreach (var span in quotations)
        {
            var quote = span.In(sentence.Text);
            var source = cited.FirstOrDefault(s => Quotations.IsVerbatim(quote, s.Levelled) || Quotations.IsVerbatim(quote, s.LevelledHead));
            evidence.Add(new(source is null ? $"✗ quotation “{quote}”: not word for word in a cited source" : $"✓ quotation “{quote}”: word for word", source?.Passage.Id, Sha256: source?.Sha256));
            if (source is null) wrong ??= (span, "The quotation is not word for word in the cited source");
        }

        foreach (var mention in mentions)
        {
            var name = mention.Span.In(sentence.Text);
            // One source alone need not be weighed against others.
            var around = cited.Length == 1 ? [1] : claim.Supports.Select(s => Around(sentence, s, mention)).ToArray();
            var naming = cited.Select((s, i) => (Source: s, Around: around[i], Found: s.Councils.FirstOrDefault(c => c.IsSame(mention)))).Where(p => p.Found is not null).ToArray();
            var holding = naming.FirstOrDefault(p => p.Around >= 0.6 * around.Max());
            if (holding.Source is not null && WrongLead(sentence, mention, holding.Source) is { } lead)
            {
                evidence.Add(new($"✗ {name}: the record names {lead} as the lead", holding.Source.Passage.Id, Sha256: holding.Source.Sha256));
                wrong ??= (mention.Span, $"{name} is said to lead, but the record of {holding.Source.Passage.Id} names {lead}");
            }
            else if (holding.Source is not null)
            {
                var record = holding.Source.Passage.Members.Any() ? string.Join(", ", holding.Source.Passage.Members) : "no member recorded";
                evidence.Add(new($"✓ {name}: {(holding.Found!.First < 0 ? "on the record" : "named in the source")} ({record}){(mention.Council != mention.Place ? $"; alias of {mention.Council}" : "")}", holding.Source.Passage.Id, Sha256: holding.Source.Sha256));
            }
            else if (naming.Length > 0)
            {
                evidence.Add(new($"✗ {name}: named in {naming[0].Source.Passage.Id}, but what is said of it stands in another source", naming[0].Source.Passage.Id, Sha256: naming[0].Source.Sha256));
                wrong ??= (mention.Span, $"{name} is named in {naming[0].Source.Passage.Id}, but what is said of it stands in another source");
            }
            else if (cited.Length > 0 && cited.All(s => s.Passage.LeadMember is null && s.Councils.Count == 0))
            {
                open = true;
                evidence.Add(new($"? {name}: the cited source records no council", cited[0].Passage.Id, Sha256: cited[0].Sha256));
            }
            else
            {
                var record = cited.Length == 0 ? "no cited source" : string.Join("; ", cited.Select(s => s.Passage.LeadMember ?? (s.Councils.Count > 0 ? s.Councils[0].Council : "no lead recorded")));
                evidence.Add(new($"✗ {name}: not on the record ({record})", cited.FirstOrDefault()?.Passage.Id, Sha256: cited.FirstOrDefault()?.Sha256));
                wrong ??= (mention.Span, $"{name} is not the council of the cited source ({record})");
            }
        }

        return wrong is { } w ? Result("VG03", target with { Start = w.Span.Start, End = w.Span.End }, RuleStatus.Fail, $"{w.Why}.", evidence)
            : open ? Result("VG03", target, RuleStatus.CouldNotCheck, "The cited source records no council, so the council named cannot be checked.", evidence)
            : Result("VG03", target, RuleStatus.Pass, "Councils and quotations are those of the cited source.", evidence);
    }

    /// <summary>How well a source carries the words of the mention's clause.</summary>
    private static double Around(AnalysedText sentence, Support support, CouncilMention mention)
    {
        var sum = 0.0;
        for (var i = 0; i < sentence.Tokens.Length; i++)
        {
            if (i >= mention.First && i <= mention.Last) continue;
            if (sentence.Tokens[i].Content && sentence.Tokens[i].Clause == sentence.Tokens[mention.First].Clause) sum += sentence.Tokens[i].Weight * support.Matches[i].Strength;
        }

        return sum;
    }

    /// <summary>The recorded lead when the sentence says that another council leads.</summary>
    private string? WrongLead(AnalysedText sentence, CouncilMention mention, PreparedSource source)
    {
        if (source.Passage.LeadMember is not { } lead) return null;
        var tokens = sentence.Tokens;
        var after = mention.Last + 1 < tokens.Length && tokens[mention.Last + 1].Sentence == tokens[mention.Last].Sentence ? tokens[mention.Last + 1].Text : "";
        var two = mention.Last + 2 < tokens.Length ? tokens[mention.Last + 2].Text : "";
        var before = mention.First > 1 ? (tokens[mention.First - 2].Text, tokens[mention.First - 1].Text) : ("", "");
        var leads = after is "led" or "leads" or "leading" or "headed" or "heads" || (after is "is" or "was" or "has" && two is "leading" or "led" or "lead") || (after is "took" && two is "the")
            || before is ("led", "by") or ("headed", "by") || (before.Item2 is "under" && after is "lead" or "leadership");
        if (!leads) return null;
        var recorded = new CouncilFinder(_councils, [lead]).OfMembers([lead]).ToArray();
        if (recorded.Length == 0 || recorded.Any(r => r.IsSame(mention))) return null;
        // "X led its own project" may be told in the text of another's page.
        var names = new CouncilFinder(_councils, source.Passage.Members);
        foreach (var said in names.Find(source.Body).Where(c => c.IsSame(mention)))
        {
            var body = source.Body.Tokens;
            if (said.Last + 1 < body.Length && body[said.Last + 1].Text is "led" or "leads" or "leading") return null;
            if (said.First > 1 && body[said.First - 1].Text is "by" && body[said.First - 2].Text is "led" or "headed") return null;
        }

        return lead;
    }

    private static RuleEvidence Window(Support support)
    {
        var span = support.WindowSpan;
        return new($"Best lines of {support.Source.Passage.Id}: {span.In(support.Source.Passage.Text)}", support.Source.Passage.Id, span.Start, span.End, support.Source.Sha256);
    }

    private static string Matched(AnalysedText sentence, Support support)
    {
        var matched = sentence.Tokens.Where((t, i) => support.Matches[i].Strength > 0).Select(t => t.Text).Distinct(StringComparer.Ordinal);
        var missing = sentence.Tokens.Where((t, i) => t.Content && support.Matches[i].Strength == 0).Select(t => t.Text).Distinct(StringComparer.Ordinal).ToArray();
        return $"Words found: {string.Join(", ", matched)}.{(missing.Length > 0 ? $" Not found: {string.Join(", ", missing)}." : "")}";
    }

    private static string Around(string text, TextSpan span)
    {
        var from = Math.Max(0, span.Start - 20);
        var to = Math.Min(text.Length, span.End + 20);
        return text[from..to].Trim();
    }

    private RuleResult Result(string rule, RuleTarget target, RuleStatus status, string explanation, IReadOnlyList<RuleEvidence>? evidence = null) =>
        new(rule, _settings.Version, Stage.Answer, target, status, explanation, evidence ?? [], status == RuleStatus.Fail ? RuleAction.Withhold : RuleAction.None);
}

/// <summary>A sentence with what it cites; what not every rule needs is made when first asked for.</summary>
internal sealed class Claim(AnalysedText sentence, IReadOnlyList<string> cites, PreparedSources sources, Func<PreparedSource, Support> compare)
{
    private Support[]? _supports;
    private IReadOnlyList<CouncilMention>? _mentions;

    public AnalysedText Sentence => sentence;

    /// <summary>Ids as cited, known or not.</summary>
    public IReadOnlyList<string> Cites => cites;

    public PreparedSources Sources => sources;

    /// <summary>The cited passages that were retrieved, in the order of <see cref="Cites"/>.</summary>
    public PreparedSource[] Cited { get; } = [.. cites.Select(sources.Find).OfType<PreparedSource>()];

    /// <summary>One for each of <see cref="Cited"/>.</summary>
    public Support[] Supports => _supports ??= [.. Cited.Select(compare)];

    public IReadOnlyList<CouncilMention> Mentions => _mentions ??= sources.Names.Find(sentence);
}

/// <summary>The passages of one answer, analysed once. Made by <see cref="SentenceVerifier.Prepare"/>.</summary>
public sealed class PreparedSources
{
    private readonly Dictionary<string, PreparedSource> _byId;

    internal PreparedSources(IReadOnlyList<PreparedSource> all, CouncilFinder names)
    {
        All = all;
        Names = names;
        _byId = all.ToDictionary(s => s.Passage.Id, StringComparer.Ordinal);
    }

    internal IReadOnlyList<PreparedSource> All { get; }

    internal CouncilFinder Names { get; }

    internal PreparedSource? Find(string id) => _byId.GetValueOrDefault(id);
}
