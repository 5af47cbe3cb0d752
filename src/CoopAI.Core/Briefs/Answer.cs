using System.Text.Json;
using System.Text.Json.Serialization;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Briefs;

/// <summary>How a question ended. None of them is an error.</summary>
public enum Outcome
{
    /// <summary>Precedents were found and speak to the whole question.</summary>
    Answered,

    /// <summary>Precedents were found, but part of the question is in none of them.</summary>
    PartlyAnswered,

    /// <summary>Case studies come near, but whether they answer is not sure: each with its best sentences.</summary>
    MayHelp,

    /// <summary>The corpus holds no precedent; the nearest titles are given instead.</summary>
    NotFound,

    /// <summary>Not a request for precedents: another task was asked for.</summary>
    OutOfScope,

    /// <summary>A rule of the values guidance stopped the question or the answer.</summary>
    Held,

    /// <summary>The service could not do its work; nothing was answered.</summary>
    Failed,
}

/// <summary>A question as an officer asks it.</summary>
/// <param name="Text">1 to 2,000 characters.</param>
/// <param name="AskerCouncil">Decides which pre-election period applies; null: not known.</param>
/// <param name="Previous">Id of the answer that this follows up; null: it stands for itself.</param>
public sealed record Question(string Text, SearchFilter Filter, string? AskerCouncil = null, string? Previous = null)
{
    public const int MaxLength = 2000;

    /// <summary>Longest id of an answer.</summary>
    public const int MaxId = 64;

    /// <summary>Readings that the asker does not want; see <see cref="Questions.QuestionReader.Read"/>.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>The question, trimmed, or why it cannot be asked.</summary>
    /// <param name="previous">See <see cref="Previous"/>; blank: none.</param>
    /// <param name="without">See <see cref="Without"/>; at most <see cref="SearchFilter.MaxValues"/> of at most <see cref="SearchFilter.MaxValueLength"/> characters.</param>
    /// <exception cref="BadInputException">Empty, over-long, or with control characters; or something beside the question is over-long.</exception>
    public static Question Create(string? text, SearchFilter? filter = null, string? askerCouncil = null, string? previous = null, IReadOnlyList<string>? without = null)
    {
        if (askerCouncil?.Length > SearchFilter.MaxValueLength) throw new BadInputException($"The council has {askerCouncil.Length} characters; at most {SearchFilter.MaxValueLength} are allowed.");
        if (previous?.Length > MaxId) throw new BadInputException($"\"previous\" has {previous.Length} characters; the id of an answer has at most {MaxId}.");
        if (without?.Count > SearchFilter.MaxValues) throw new BadInputException($"\"without\" has {without.Count} readings; at most {SearchFilter.MaxValues} are allowed.");
        if (without?.Any(w => w is null || w.Length > SearchFilter.MaxValueLength) == true) throw new BadInputException($"A reading of \"without\" must have 1 to {SearchFilter.MaxValueLength} characters.");
        // A browser sends each line end as two characters; it counts once.
        var trimmed = text?.ReplaceLineEndings("\n").Trim() ?? "";
        if (trimmed.Length == 0) throw new BadInputException("The question is empty. Ask in a sentence, for example: Which councils have handed community buildings to local groups?");
        if (trimmed.Length > MaxLength)
            throw new BadInputException($"The question has {trimmed.Length} characters; at most {MaxLength} are allowed. Ask one thing at a time.");
        if (trimmed.FirstOrDefault(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) is var control and not '\0' || trimmed.Contains('\0', StringComparison.Ordinal))
            throw new BadInputException($"The question holds the control character U+{(int)trimmed.First(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')):X4}. Type it as plain text.");
        if (!trimmed.Any(char.IsLetter)) throw new BadInputException("The question holds no words. Ask in a sentence.");
        return new Question(trimmed, filter?.Checked() ?? SearchFilter.None, askerCouncil)
        {
            Previous = string.IsNullOrWhiteSpace(previous) ? null : previous.Trim(),
            Without = [.. (without ?? []).Where(w => !string.IsNullOrWhiteSpace(w))],
        };
    }
}

/// <summary>Where a sentence is proven.</summary>
/// <param name="Passage">Passage id.</param>
/// <param name="Quote">Verbatim text of that passage.</param>
/// <param name="Start">UTF-16 offset of the quote in the case study's text, inclusive.</param>
/// <param name="End">Exclusive.</param>
public sealed record Citation(string Passage, string Slug, string Quote, int Start, int End)
{
    /// <summary>Where a sentence is proven by a passage.</summary>
    public static Citation Of(Passage passage, string sentence)
    {
        ArgumentNullException.ThrowIfNull(passage);
        var at = passage.Text.IndexOf(sentence, StringComparison.Ordinal);
        // A written sentence is in no passage word for word: it cites the whole of it.
        return at >= 0
            ? new Citation(passage.Id, passage.Slug, sentence, passage.Start + at, passage.Start + at + sentence.Length)
            : new Citation(passage.Id, passage.Slug, passage.Text, passage.Start, passage.Start + passage.Text.Length);
    }
}

/// <summary>A principle that the answer's cited sentences evidence.</summary>
/// <param name="Id">One of <see cref="Principles.PrincipleIds"/>.</param>
/// <param name="Sentence">The sentence of the case study that shows it, word for word.</param>
/// <param name="Slug">The case study.</param>
/// <param name="Passage">Id of the cited passage in which the sentence stands.</param>
/// <param name="Basis">"inferred": by the tagger, above its threshold; "decided": by staff.</param>
public sealed record AnswerTag(string Id, string Sentence, string Slug, string Passage, string Basis)
{
    /// <summary>Tags of one answer at most.</summary>
    public const int Most = 4;
}

/// <summary>One sentence of a brief.</summary>
/// <param name="Checks">What the rules found on this sentence.</param>
/// <param name="Rule">For a service sentence: the rule that asked for it, if one did.</param>
public sealed record AnswerSentence(
    string Text, SentenceKind Kind, IReadOnlyList<Citation> Citations, IReadOnlyList<RuleResult> Checks, string? Rule = null)
{
    public static AnswerSentence Service(string text, string? rule = null) => new(text, SentenceKind.Service, [], [], rule);
}

/// <summary>A sentence that failed a check: never shown to the officer, kept for the auditor.</summary>
/// <param name="By">Ids of the rules that withheld it.</param>
public sealed record WithheldSentence(string Text, IReadOnlyList<Citation> Citations, IReadOnlyList<string> By, IReadOnlyList<RuleResult> Checks);

/// <summary>A case study that bears on the question.</summary>
/// <param name="Year">Null: undated.</param>
/// <param name="Score">Final retrieval score in [0, 1].</param>
/// <param name="Matches">Sentences that match, best first.</param>
/// <param name="TextBasis">Whether its text is the council's own; null: not recorded.</param>
/// <param name="Done">Sentence that says what was done; null: its card says all.</param>
public sealed record Precedent(
    string Slug, string Title, string? Url, string? LeadMember, int? Year, double Score,
    IReadOnlyList<Citation> Matches, PrincipleTags Principles, EvidenceCard Card, TextBasis? TextBasis = null, string? Done = null)
{
    /// <summary>What every document of the brief tells of it: what was done, then its card.</summary>
    public IEnumerable<(string Heading, IReadOnlyList<string> Lines)> Facts() => Done is null ? Card.Facts() : Card.Facts().Prepend(("What was done", [Done]));

    /// <summary>What a quotation from it is, for the reader who would quote it on.</summary>
    [JsonIgnore]
    public string BasisInWords => InWords(TextBasis);

    public static string InWords(TextBasis? basis) => basis switch
    {
        Corpus.TextBasis.Original => "The council's own words.",
        Corpus.TextBasis.Summary => "Summary of the council's page in this service's words; read the page before you quote it.",
        _ => "Whether these are the council's own words is not recorded; read the council's page before you quote it.",
    };
}

/// <summary>A source that was looked at.</summary>
/// <param name="Score">Final retrieval score of its case study in [0, 1].</param>
/// <param name="Why">Why it was used or not, in plain words.</param>
public sealed record ConsideredSource(string Slug, string Title, string? LeadMember, int? Year, double Score, bool Used, string Why);

/// <summary>What the officer must be told about how the answer came about.</summary>
public sealed record Notice(
    string Text, string Model, string GuidanceVersion, DateTimeOffset GeneratedAt, string ChallengeUrl, string AccountableRole, string Contact);

/// <summary>A precedent brief and everything an auditor needs of it.</summary>
public sealed record Answer
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Null when it was held for personal data, or erased.</summary>
    public string? Question { get; init; }

    public SearchFilter Filter { get; init; } = SearchFilter.None;

    public string? AskerCouncil { get; init; }

    /// <summary>Id of the answer that this one follows up.</summary>
    public string? Previous { get; init; }

    /// <summary>What was recognised in the question; null: nothing may be kept of it.</summary>
    public Understood? Understood { get; init; }

    /// <summary>The questions of the message, each with its own outcome.</summary>
    public IReadOnlyList<AnswerPart> Parts { get; init; } = [];

    /// <summary>The title of the brief: the question, or what a pasted message asks without its head, greeting and signature; null: not kept.</summary>
    [JsonIgnore]
    public string? Heading
    {
        get
        {
            if (Question is not { } question || !question.Contains('\n', StringComparison.Ordinal) || Understood is not { SetAside.Count: > 0 } || Parts.Count == 0) return Question;
            var asked = string.Join(' ', Parts.Select(p => p.Question.Trim()));
            return asked.Length == 0 ? question : char.ToUpperInvariant(asked[0]) + asked[1..];
        }
    }

    public required Outcome Outcome { get; init; }

    /// <summary>Why the outcome is what it is, in one sentence for the officer.</summary>
    public required string Summary { get; init; }

    /// <summary>What the answer comes to, in one line for each question; null: nothing was found.</summary>
    public string? Lead { get; init; }

    public IReadOnlyList<AnswerSentence> Sentences { get; init; } = [];

    public IReadOnlyList<Precedent> Precedents { get; init; } = [];

    /// <summary>Principles that the cited sentences evidence, most evidenced first; not those that a case study as a whole is tagged with.</summary>
    public IReadOnlyList<AnswerTag> Tags { get; init; } = [];

    public IReadOnlyList<WithheldSentence> Withheld { get; init; } = [];

    public IReadOnlyList<RuleResult> Rules { get; init; } = [];

    /// <summary>What no precedent says of the question, in whole sentences.</summary>
    public IReadOnlyList<string> NotCovered { get; init; } = [];

    /// <summary>Case studies that came near, when nothing was found.</summary>
    public IReadOnlyList<ConsideredSource> Nearest { get; init; } = [];

    public IReadOnlyList<ConsideredSource> Sources { get; init; } = [];

    public required Notice Notice { get; init; }

    /// <summary>"extractive" or "chat".</summary>
    public required string Composer { get; init; }

    /// <summary>The passage stores that answered, as <see cref="StoreUse"/> writes them; null: nothing was searched for.</summary>
    public string? Store { get; init; }

    /// <summary>Milliseconds from question to finished answer, before it was recorded.</summary>
    public double Milliseconds { get; init; }

    /// <summary>Proof that the answer is in the ledger; written by the ledger.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Receipt { get; init; }
}
