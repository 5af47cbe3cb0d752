using CoopAI.Core.Corpus;
using CoopAI.Core.Language;

namespace CoopAI.Core.Retrieval;

/// <summary>One search.</summary>
/// <param name="Text">A question or a few words: 1 to 2,000 characters.</param>
/// <param name="Filter">Which case studies may be found. Council names may be short ("Preston").</param>
/// <param name="Top">Hits wanted, 1 to 100; null: as configured.</param>
/// <param name="Facets">Whether facets are counted: an answer has no use for them.</param>
public sealed record SearchRequest(string Text, SearchFilter? Filter = null, int? Top = null, bool Facets = true);

/// <param name="Hits">At or above the floor, best first, one for each case study.</param>
/// <param name="NearMisses">The best of those below the floor, for the auditor and for "nearest titles".</param>
/// <param name="Facets">Counts over everything at or above the floor, each facet without its own filter.</param>
/// <param name="Coverage">What of the question the hits speak of.</param>
/// <param name="Floor">Least score of a hit, in [0, 1].</param>
public sealed record SearchResult(
    string Query, IReadOnlyList<SearchHit> Hits, IReadOnlyList<SearchHit> NearMisses, SearchFacets Facets, QuestionCoverage Coverage, double Floor)
{
    /// <summary>No case study passes the filter.</summary>
    public static SearchResult Nothing(string query, double floor) => new(query, [], [], SearchFacets.None, QuestionCoverage.None, floor);

    /// <summary>Who brought the candidates; null: nothing was searched for.</summary>
    public StoreUse? Store { get; init; }
}

/// <param name="Name">The store that answered, such as "embedded" or "qdrant".</param>
/// <param name="InsteadOf">The configured store, which was away; null: it answered itself.</param>
public sealed record StoreUse(string Name, string? InsteadOf = null)
{
    /// <summary>What answers when the configured store is away: every case study is scored in memory.</summary>
    public const string Embedded = "embedded";

    public override string ToString() => InsteadOf is null ? Name : $"{Name}, since {InsteadOf} was away";
}

/// <param name="Score">How likely the case study is to answer the question, in [0, 1]; comparable between questions.</param>
/// <param name="Passages">Best first.</param>
public sealed record SearchHit(CaseStudy CaseStudy, double Score, IReadOnlyList<PassageHit> Passages);

/// <param name="Score">How well the passage fits, in [0, 1]; orders the passages of one case study.</param>
/// <param name="BestSentence">In the case study's text, or null when the passage has none.</param>
public sealed record PassageHit(Passage Passage, double Score, TextSpan? BestSentence);

/// <param name="Value">As a filter takes it.</param>
public sealed record FacetCount(string Value, int Count);

/// <summary>Most frequent first, ties in ordinal order; years newest first.</summary>
public sealed record SearchFacets(
    IReadOnlyList<FacetCount> Principles, IReadOnlyList<FacetCount> Councils, IReadOnlyList<FacetCount> Years,
    IReadOnlyList<FacetCount> Kinds, IReadOnlyList<FacetCount> Topics)
{
    public static SearchFacets None { get; } = new([], [], [], [], []);
}

/// <param name="Words">The question's content words, in its order.</param>
/// <param name="Share">Share of <paramref name="Words"/> found among the hits, weighted by rarity, in [0, 1]; a near word counts in part. 0 without hits.</param>
/// <param name="Phrases">What has to stand in an answer: quoted words, and topics of two or more words that the question names.</param>
public sealed record QuestionCoverage(IReadOnlyList<WordCoverage> Words, double Share, IReadOnlyList<PhraseCoverage> Phrases)
{
    public static QuestionCoverage None { get; } = new([], 0, []);
}

/// <param name="FoundIn">Slugs of hits with the same word stem.</param>
/// <param name="Nearest">How near any hit comes to it: 1 for the same stem, less for a related word, 0 for nothing like it.</param>
public sealed record WordCoverage(string Word, IReadOnlyList<string> FoundIn, double Nearest);

/// <param name="FoundIn">Slugs of hits that hold these words in this order.</param>
public sealed record PhraseCoverage(string Phrase, IReadOnlyList<string> FoundIn);
