using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance.Rules.Evidence;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>One sentence of an answer.</summary>
/// <param name="Number">0-based place in the answer as composed; stays when others are withheld.</param>
/// <param name="Text">With its citation marks, if it carries them in the text.</param>
/// <param name="Citations">Passage ids.</param>
public sealed record RuleSentence(int Number, string Text, SentenceKind Kind, IReadOnlyList<string> Citations);

/// <summary>A retrieved passage with what its record says.</summary>
/// <param name="Id">As cited.</param>
/// <param name="Year">The year the work was done; null: undated.</param>
/// <param name="TextYear">Where the record gives no year: the last year that the text gives to the work, as its heading shows it.</param>
/// <param name="Principles">Ids, or lines as printed on the page; null: not known.</param>
/// <param name="Slug">Case study it comes from; null: the id up to '#'.</param>
public sealed record RulePassage(
    string Id,
    string Text,
    string? LeadMember = null,
    IReadOnlyList<string>? Partners = null,
    int? Year = null,
    IReadOnlyList<string>? Principles = null,
    string? Slug = null,
    string? Url = null,
    string? Title = null,
    int? TextYear = null)
{
    public static RulePassage Of(CaseStudy caseStudy, Passage passage)
    {
        ArgumentNullException.ThrowIfNull(passage);
        return Of(caseStudy) with { Id = passage.Id, Text = passage.Text };
    }

    /// <summary>A whole case study, by its slug.</summary>
    public static RulePassage Of(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        var c = caseStudy;
        var textYear = c.Year is null && EvidenceCards.Of(c).Period is var period ? period.To ?? period.From : null;
        return new(c.Slug, c.Text, c.LeadMember, c.ParticipatingMembers, c.Year, c.Principles, c.Slug, c.Url, TextYear: textYear);
    }
}

/// <summary>The pre-election period of one council, both days inclusive. Council "*": everywhere.</summary>
public sealed record ElectionWindow(string Council, DateOnly From, DateOnly To, string? Source = null);

/// <summary>A principle tag shown with an answer.</summary>
/// <param name="Id">One of the ten principle ids.</param>
/// <param name="Basis">"declared" (on the page's own list), "inferred" (a sentence of the source shows it) or "decided" (by staff, on record).</param>
/// <param name="Source">Passage id.</param>
/// <param name="Evidence">For an inferred tag: the sentence of the source.</param>
/// <param name="Of">For a tag of a case study as a whole: its slug; null: the tag is the answer's own.</param>
public sealed record RuleTag(string Id, string? Basis, string? Source, string? Evidence, string? Of = null)
{
    /// <summary>What tells it from the other tags of the answer.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Of is null ? Id : $"{Of}:{Id}:{Basis}";
}

/// <summary>The notice under an answer, as fields. A field that is null or blank is missing.</summary>
public sealed record AnswerNotice(
    string? Notice, string? Model, string? GuidanceVersion, string? GeneratedAt, string? ChallengeUrl, string? AccountableRole, string? Contact);

/// <summary>What retrieval measured, for VG04. Every figure may be missing; VG04 then works on the passages' words alone.</summary>
/// <param name="Scores">Final score by passage id.</param>
/// <param name="Floor">Lowest final score that counts as evidence, calibrated for the embedding model in use.</param>
/// <param name="Coverage">Share of the question's topic words that the passages speak of (synonyms and stems count), in [0, 1].</param>
/// <param name="WordsNotFound">Words of the question that no passage speaks of.</param>
/// <param name="NearestTitles">Up to three titles to name in a refusal.</param>
/// <param name="Chance">Calibrated chance that the case studies answer the question, in [0, 1]; when it is known, it alone is held against <paramref name="Floor"/>.</param>
public sealed record RetrievalFigures(
    IReadOnlyDictionary<string, double>? Scores = null,
    double? Floor = null,
    double? Coverage = null,
    IReadOnlyList<string>? WordsNotFound = null,
    IReadOnlyList<string>? NearestTitles = null,
    double? Chance = null);

/// <summary>What VG20 needs of a record before the answer is shown.</summary>
/// <param name="Fields">Every field of the record as text, by the names in <c>framework.yaml</c>; null or blank: missing.</param>
/// <param name="Rules">Ids of the rules whose results the record holds.</param>
/// <param name="Sources">Each source with the hash written in the record and the hash of the stored copy (null: no copy).</param>
/// <param name="PreviousHash">Hash of the record before it, as written; null: missing.</param>
/// <param name="ExpectedPreviousHash">Hash of the record before it, as stored; null: this is the first.</param>
/// <param name="RulesExpected">Ids of the rules whose results it must hold; null: VG01 to VG19.</param>
public sealed record RecordUnderCheck(
    IReadOnlyDictionary<string, string?> Fields,
    IReadOnlyList<string> Rules,
    IReadOnlyList<RecordSource> Sources,
    string? PreviousHash,
    string? ExpectedPreviousHash,
    IReadOnlyList<string>? RulesExpected = null);

/// <summary>One source in a record.</summary>
public sealed record RecordSource(string Id, string? Sha256, string? StoredSha256);

/// <summary>Everything that the rules of one stage may look at. What a rule does not need may be left out.</summary>
public sealed record RuleContext
{
    public required Stage Stage { get; init; }

    /// <summary>The question's text at <see cref="Stage.Question"/>; the whole answer at <see cref="Stage.Answer"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>What a letter asks, without its background, or what a follow-up asks with what it follows; empty: the text is its own question.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>Whether it asks several things or puts background around what it asks. An order may stand in that background.</summary>
    public bool IsLetter { get; init; }

    /// <summary>Whether the message was read as a greeting, thanks or the like: it will not be answered from case studies, so likeness to labelled cases stops nothing. The lists still do.</summary>
    public bool AsksNothing { get; init; }

    /// <summary>The question, at later stages; null: not known.</summary>
    public string? Question { get; init; }

    /// <summary>The answer's sentences; empty: cut from <see cref="Text"/>.</summary>
    public IReadOnlyList<RuleSentence> Sentences { get; init; } = [];

    public IReadOnlyList<RulePassage> Passages { get; init; } = [];

    /// <summary>Today, for VG09 and VG19.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>The asker's council; null: not known.</summary>
    public string? AskerCouncil { get; init; }

    /// <summary>Pre-election windows; null: those of the framework's table.</summary>
    public IReadOnlyList<ElectionWindow>? Windows { get; init; }

    public IReadOnlyList<RuleTag> Tags { get; init; } = [];

    /// <summary>The notice as fields; null: looked for in <see cref="NoticeText"/>.</summary>
    public AnswerNotice? Notice { get; init; }

    /// <summary>The notice as one text; null: none.</summary>
    public string? NoticeText { get; init; }

    /// <summary>The answer as HTML; null: not rendered yet.</summary>
    public string? Html { get; init; }

    public RetrievalFigures? Retrieval { get; init; }

    public RecordUnderCheck? Record { get; init; }

    /// <summary>By number of a sentence the chance that it speaks to the question, for VG22; null: not measured.</summary>
    public IReadOnlyDictionary<int, double>? Relevance { get; init; }

    /// <summary>Whether the composer can be asked for another draft.</summary>
    public bool CanRetry { get; init; }

    /// <summary>Check types that alone are run on this; empty: all. Some rules of a stage look at things that the others do not have yet.</summary>
    public IReadOnlyList<string> OnlyChecks { get; init; } = [];

    /// <summary>Check types that are not run on this, because another run has what they look at.</summary>
    public IReadOnlyList<string> WithoutChecks { get; init; } = [];

    /// <summary>Whether rules of this check type are run on this.</summary>
    public bool Runs(string check) => (OnlyChecks.Count == 0 || OnlyChecks.Contains(check, StringComparer.Ordinal)) && !WithoutChecks.Contains(check, StringComparer.Ordinal);

    /// <summary>Shared by VG01 to VG03 in one run.</summary>
    internal Verification? Verification { get; init; }

    /// <summary>The councils that the framework knows by all their names.</summary>
    internal CouncilTable Councils { get; init; } = CouncilTable.Default;

    /// <summary>The question's embedding and the encoder's id, for the classifiers; null: no encoder at hand.</summary>
    internal (string ModelId, Lazy<ReadOnlyMemory<float>> Vector)? QuestionVector { get; init; }

    /// <summary>Texts that a rule of this run has read already; null: every rule reads for itself.</summary>
    internal ReadTexts? TextsRead { get; init; }

    /// <summary>Sentences cut from <see cref="Text"/> when none are given.</summary>
    /// <remarks>Not kept: a copy of this record with other sentences must not remember the old ones.</remarks>
    public IReadOnlyList<RuleSentence> AnswerSentences => Sentences.Count > 0 ? Sentences : AnswerText.Split(Text);

    /// <summary>The text levelled.</summary>
    internal TextView Level(string text) => TextsRead?.Level(text) ?? TextView.Level(text);

    /// <summary>The text without citation marks.</summary>
    internal string Plain(string text) => TextsRead?.Plain(text) ?? AnswerText.WithoutMarks(text);

    internal UInt128 Digest(string text) => TextsRead?.Digest(text) ?? CleanTexts.DigestOf(text);

    /// <summary>The words of the text without citation marks.</summary>
    internal Tokens Words(string text) => Level(Plain(text)).Tokens;

    /// <summary>The passage with this id, or null.</summary>
    public RulePassage? PassageOf(string id) => Passages.FirstOrDefault(p => string.Equals(p.Id, id, StringComparison.Ordinal))
        ?? Passages.FirstOrDefault(p => string.Equals(p.Id, id, StringComparison.OrdinalIgnoreCase));
}
