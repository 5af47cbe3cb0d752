using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Principles;
using CoopAI.Core.Questions;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;

namespace CoopAI.Orchestration.Asking;

/// <summary>Looks up a recorded answer; null: there is none of this id.</summary>
public delegate Answer? FindAnswer(string id);

/// <summary>Reads a message against the corpus as it is now, and what an earlier answer carries into it.</summary>
/// <remarks>Safe for concurrent use. Stock of the corpus is taken once for each of its states.</remarks>
public sealed class MessageReading(SearchCorpus corpus, GuidanceRunner guidance, TimeProvider clock, FindAnswer answers)
{
    private static readonly IReadOnlyList<(string Id, string Name)> Principles = [.. PrincipleIds.All.Select(id => (id, id.Replace('-', ' ')))];

    private Stock? _stock;

    private sealed record Stock(CorpusIndex Index, QuestionReader Reader);

    /// <summary>The question with the filter of the conversation, as it was read.</summary>
    /// <exception cref="BadInputException">It follows up an answer that is not kept, or its filter contradicts its words.</exception>
    public async Task<(Question Question, ReadQuestion Read)> ReadAsync(Question question, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var reader = Reader(await corpus.CurrentAsync(ct));
        var year = clock.GetLocalNow().Year;
        var before = question.Previous is { } previous ? Before(previous) : null;
        var conversation = before is null ? null : Conversation.After(ReadAgain(before, reader, year), [.. before.Sentences.SelectMany(s => s.Citations).Select(c => c.Slug).Distinct(StringComparer.Ordinal)]);
        if (before is not null && question.Filter.IsEmpty) question = question with { Filter = before.Filter };
        var read = reader.Read(question.Text, year, question.Without, conversation);
        Contradictions(question.Filter, read);
        return (question with { Text = WithoutSender(question.Text, reader, read) }, read);
    }

    // Who wrote to whom is no part of the question: it is neither judged nor kept. An order to the service that stands there stays, for the rules to find;
    // so does a message of nothing else.
    private string WithoutSender(string text, QuestionReader reader, ReadQuestion read)
    {
        var (kept, dropped) = reader.WithoutSender(text, read);
        return kept.Length == 0 || (dropped.Length > 0 && new TextTrust(new GuidanceInForce(guidance.Framework)).IsOrder(dropped)) ? text : kept;
    }

    private QuestionReader Reader(CorpusIndex index)
    {
        var stock = _stock;
        if (stock is null || !ReferenceEquals(stock.Index, index))
        {
            var councils = guidance.Framework.Councils;
            _stock = stock = new Stock(index, new QuestionReader(ReadingLists.Shipped, councils, CorpusWords.Of([.. index.CaseStudies.Select(c => c.CaseStudy)], councils), Principles));
        }

        return stock.Reader;
    }

    private Answer Before(string id)
    {
        var answer = answers(id) ?? throw new BadInputException($"There is no answer “{(id.Length <= 64 ? id : id[..64] + "…")}” to follow up. Give the id of an answer, or ask the question in full.");
        return answer.Question is null ? throw new BadInputException("The question before was not kept, so nothing can be carried on from it. Ask the question in full.") : answer;
    }

    // The question before may itself have followed another: its record tells what was searched for.
    private static ReadQuestion ReadAgain(Answer before, QuestionReader reader, int year)
    {
        var read = reader.Read(before.Question!, year, before.Understood?.Without ?? []);
        if (before.Previous is null || before.Understood is not { Searched: { Count: > 0 } searched } understood) return read;
        var carried = reader.Read(string.Join(' ', understood.Councils.Concat(understood.Places)), year);
        return read with { Parts = [.. read.Parts.Take(1).Select(p => p with { Own = string.Join(' ', searched), Context = "", Councils = carried.Councils, Places = carried.Places })] };
    }

    private void Contradictions(SearchFilter filter, ReadQuestion read)
    {
        if (read.Years is { } years && (years.From > filter.YearTo || years.To < filter.YearFrom))
            throw new BadInputException($"The filter is for {filter.YearFrom}–{filter.YearTo} and the question for “{years.Typed}”: nothing can be of both. Take one of them away.");
        var councils = guidance.Framework.Councils;
        if (filter.Councils is { Count: > 0 } wanted && read.Councils is { Count: > 0 } named
            && !named.Any(n => wanted.Any(w => councils.Names(w, n.Name) || n.Members.Any(m => councils.Names(w, m)) || n.Successors.Any(s => councils.Names(w, s)))))
            throw new BadInputException($"The filter is for {string.Join(" or ", wanted)} and the question for {string.Join(" and ", named.Select(n => n.Name))}. Take one of them away.");
    }
}
