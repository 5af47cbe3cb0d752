namespace CoopAI.Core.Questions;

/// <summary>What kind of answer a question asks for. The first of several is the main one.</summary>
public enum AskKind
{
    Compare,
    Contact,
    HowMuch,
    HowMany,
    When,
    Recommendation,
    Lesson,
    Outcome,
    Examples,
    Who,
    WhatWasDone,
}

/// <summary>What was set aside from a message before its questions were read.</summary>
public enum AsideKind
{
    Header,
    Greeting,
    Background,
    Closing,
    Signature,
    Furniture,
    Forwarded,
    Table,
}

/// <summary>The language that a text is most likely in; <see cref="Other"/>: neither English nor Welsh.</summary>
public enum ReadLanguage
{
    English,
    Welsh,
    Other,
}

/// <summary>Why a message asks nothing that can be answered.</summary>
public enum NothingAsked
{
    No,

    /// <summary>Greeting, thanks or a signature, and nothing else.</summary>
    OnlyPolite,

    /// <summary>A table pasted from a sheet, and nothing else.</summary>
    OnlyTable,

    /// <summary>No word of the message carries a topic.</summary>
    NoTopic,

    /// <summary>Written in a language that the service cannot read.</summary>
    NotEnglish,
}

/// <summary>Something set aside.</summary>
/// <param name="Text">As typed, trimmed.</param>
public sealed record Aside(AsideKind Kind, string Text);

/// <summary>A word read as another: a typing fault, a short way of typing or another spelling.</summary>
public sealed record Correction(string From, string To);

/// <summary>An abbreviation with what it was read as; several where the question does not tell which.</summary>
public sealed record Expansion(string From, IReadOnlyList<string> To);

/// <summary>A council named in the question.</summary>
/// <param name="Name">Official name, or the member's name as the corpus has it.</param>
/// <param name="Typed">As it stands in the question.</param>
/// <param name="Members">Names under which case studies of it are held; empty: none is held.</param>
/// <param name="Slugs">Case studies that it led or took part in, then those that name it.</param>
/// <param name="Successors">Councils that took over from it, by official name; empty: still in force.</param>
public sealed record NamedCouncil(string Name, string Typed, IReadOnlyList<string> Members, IReadOnlyList<string> Slugs, IReadOnlyList<string> Successors)
{
    /// <summary>Whether any case study is of it or tells of it.</summary>
    public bool Held => Slugs.Count > 0;
}

/// <summary>A nation, a region or a kind of councils.</summary>
/// <param name="Members">Names under which case studies of its councils are held.</param>
/// <param name="Slugs">Case studies that they led or took part in.</param>
public sealed record NamedPlace(string Name, string Typed, IReadOnlyList<string> Members, IReadOnlyList<string> Slugs);

/// <summary>Years that the question names, both ends inclusive; null: open.</summary>
/// <param name="Slugs">Case studies dated to them or naming one of them; most are undated, so none may be found of a year and yet be of it.</param>
public sealed record NamedYears(int? From, int? To, string Typed, IReadOnlyList<string> Slugs);

/// <summary>One question of a message.</summary>
public sealed record QuestionPart
{
    /// <summary>As typed, without lead-in and white space around; what a reader is shown.</summary>
    public required string Asked { get; init; }

    /// <summary>What is searched for: lower case, without punctuation, corrected and spelt out.</summary>
    public required string Own { get; init; }

    /// <summary>What the question leans on, as <see cref="Own"/>; empty when it stands for itself.</summary>
    public string Context { get; init; } = "";

    /// <summary><see cref="Own"/> with <see cref="Context"/>.</summary>
    public string Search => Context.Length == 0 ? Own : $"{Own} {Context}";

    /// <summary>Main kind first, never empty.</summary>
    public required IReadOnlyList<AskKind> Kinds { get; init; }

    /// <summary>Words of <see cref="Own"/> that ask and name nothing ("many" in "how many"): no case study need hold them.</summary>
    public IReadOnlyList<string> AskingWords { get; init; } = [];

    /// <summary>Short quoted spans, as typed.</summary>
    public IReadOnlyList<string> Phrases { get; init; } = [];

    public IReadOnlyList<NamedCouncil> Councils { get; init; } = [];

    public IReadOnlyList<NamedPlace> Places { get; init; } = [];

    public NamedYears? Years { get; init; }

    /// <summary>Topics of the corpus that the question names.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Ids of principles that the question names.</summary>
    public IReadOnlyList<string> Principles { get; init; } = [];

    /// <summary>Case studies that the conversation is about, best first: a follow-up is answered from them before others. Empty for a first question.</summary>
    public IReadOnlyList<string> Preferred { get; init; } = [];

    /// <summary>Case studies that were given already, when others are asked for ("who else?").</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];
}

/// <summary>A message as it was read: what it asks, what was set aside, what was recognised.</summary>
public sealed record ReadQuestion
{
    /// <summary>Most questions of one message that are answered.</summary>
    public const int MaxParts = 5;

    public required ReadLanguage Language { get; init; }

    public NothingAsked Nothing { get; init; }

    /// <summary>The questions in reading order, at most <see cref="MaxParts"/>; empty when nothing is asked.</summary>
    public IReadOnlyList<QuestionPart> Parts { get; init; } = [];

    /// <summary>Questions that the message holds; more than <see cref="Parts"/> when it holds too many.</summary>
    public int Found { get; init; }

    public IReadOnlyList<Aside> Asides { get; init; } = [];

    public IReadOnlyList<Correction> Corrections { get; init; } = [];

    public IReadOnlyList<Expansion> Expansions { get; init; } = [];

    /// <summary>What a reader should be told about the reading, in whole sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Councils of all parts, each once.</summary>
    public IReadOnlyList<NamedCouncil> Councils => [.. Parts.SelectMany(p => p.Councils).DistinctBy(c => c.Name)];

    public IReadOnlyList<NamedPlace> Places => [.. Parts.SelectMany(p => p.Places).DistinctBy(c => c.Name)];

    /// <summary>Topics of all parts, each once.</summary>
    public IReadOnlyList<string> Topics => [.. Parts.SelectMany(p => p.Topics).Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<string> Principles => [.. Parts.SelectMany(p => p.Principles).Distinct(StringComparer.Ordinal)];

    /// <summary>Years of the first part that names any.</summary>
    public NamedYears? Years => Parts.Select(p => p.Years).FirstOrDefault(y => y is not null);
}
