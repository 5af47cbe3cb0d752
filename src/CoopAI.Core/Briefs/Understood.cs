using CoopAI.Core.Questions;

namespace CoopAI.Core.Briefs;

/// <summary>One question of a message with its own answer.</summary>
/// <param name="Question">As typed, without what introduces it.</param>
/// <param name="Missing">What no case study says of it, in words; null: nothing is missing, or nothing was found.</param>
/// <param name="Sentences">Its share of <see cref="Answer.Sentences"/>, without the checks, which stand there.</param>
public sealed record AnswerPart(string Question, Outcome Outcome, string? Missing, IReadOnlyList<AnswerSentence> Sentences);

/// <summary>What was recognised in a question: shown to the asker, who can ask again without it, and kept in the record.</summary>
/// <param name="Councils">Official names.</param>
/// <param name="NotHeld">Those of <paramref name="Councils"/> of which no case study is held.</param>
/// <param name="Places">Nations, regions and kinds of councils.</param>
/// <param name="Years">Null: none are named.</param>
/// <param name="Topics">Topics of the corpus.</param>
/// <param name="Principles">Ids.</param>
/// <param name="Ask">Main kind of question: how-many, how-much, when, who, what-was-done, outcome, lesson, recommendation, contact, compare or examples.</param>
/// <param name="Corrections">Words read as others.</param>
/// <param name="Abbreviations">Spelt out; several meanings where nothing tells which.</param>
/// <param name="SetAside">Kinds of what is no part of the question: header, greeting, background, closing, signature, furniture, forwarded, table.</param>
/// <param name="Notes">What the asker should know of the reading, in whole sentences.</param>
/// <param name="Searched">What was searched for, one line a question.</param>
/// <param name="Without">Readings that the asker did not want.</param>
/// <param name="Lists">Version of the word lists.</param>
public sealed record Understood(
    IReadOnlyList<string> Councils, IReadOnlyList<string> NotHeld, IReadOnlyList<string> Places, UnderstoodYears? Years, IReadOnlyList<string> Topics,
    IReadOnlyList<string> Principles, string Ask, IReadOnlyList<Correction> Corrections, IReadOnlyList<Expansion> Abbreviations,
    IReadOnlyList<string> SetAside, IReadOnlyList<string> Notes, IReadOnlyList<string> Searched, IReadOnlyList<string> Without, string Lists)
{
    /// <summary>What a reading comes to.</summary>
    /// <param name="without">See <see cref="QuestionReader.Read"/>.</param>
    /// <param name="lists">See <see cref="ReadingLists.Version"/>.</param>
    public static Understood Of(ReadQuestion read, IReadOnlyCollection<string> without, string lists)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new Understood(
            [.. read.Councils.Select(c => c.Name)], [.. read.Councils.Where(c => !c.Held).Select(c => c.Name)], [.. read.Places.Select(p => p.Name)],
            read.Years is { } years ? new UnderstoodYears(years.From, years.To, years.Typed) : null, read.Topics, read.Principles,
            ReadingLists.KindName(read.Parts.Count > 0 ? read.Parts[0].Kinds[0] : AskKind.WhatWasDone), read.Corrections, read.Expansions,
            [.. read.Asides.Select(a => a.Kind.ToString().ToLowerInvariant()).Distinct(StringComparer.Ordinal)], read.Notes, [.. read.Parts.Select(p => p.Search)], [.. without], lists);
    }

    /// <summary>The readings that the asker may drop, each with what it says and its name for <see cref="Without"/>.</summary>
    public IEnumerable<(string Says, string Name)> Readings() =>
        // What was erased is null.
        (Councils ?? []).Where(c => c is not null).Select(c => ($"Council: {c}", $"council:{c}"))
            .Concat((Places ?? []).Where(p => p is not null).Select(p => ($"Place: {p}", $"place:{p}")))
            .Concat(Years is { Typed: { } typed } ? [($"Years: {typed}", "years")] : [])
            .Concat((Topics ?? []).Where(t => t is not null).Select(t => ($"Topic: {t}", $"topic:{t}")))
            .Concat((Corrections ?? []).Where(c => c.From is not null).Select(c => ($"“{c.From}” read as “{c.To}”", $"word:{c.From}")))
            .Concat((Abbreviations ?? []).Where(a => a.From is not null).Select(a => ($"“{a.From}” read as “{string.Join("” or “", a.To)}”", $"word:{a.From}")));
}

/// <summary>Years that a question names, both ends inclusive; null: open.</summary>
public sealed record UnderstoodYears(int? From, int? To, string Typed);
