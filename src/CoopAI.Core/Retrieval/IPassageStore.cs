using CoopAI.Core.Corpus;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Retrieval;

/// <summary>A port to what keeps passages and ranks them by dot product, densely and lexically.</summary>
/// <remarks>
/// Every adapter is held to one contract. A change is visible to searches once its task completes. Writing a case study replaces all
/// of its passages, or none. Deleting unknown slugs is no error. An empty store answers with empty rankings. Equal scores are ordered
/// by passage id, ordinally. Safe for concurrent searches with one writer at a time.
/// Core computes both vectors (the lexical ones are BM25, see <see cref="LexicalVector"/>), so every store ranks alike.
/// </remarks>
public interface IPassageStore
{
    /// <summary>Its name in records and health checks, such as "embedded".</summary>
    string Name { get; }

    /// <summary>Whether what was written is still there after a restart. False: it begins empty and is filled at each start.</summary>
    bool IsDurable { get; }

    /// <summary>What the store holds and whether it fits the running encoder.</summary>
    ValueTask<PassageStoreStatus> GetStatusAsync(CancellationToken ct);

    /// <summary>Adds or replaces the passages of whole case studies. All-or-nothing for each case study; of two with one slug the later counts.</summary>
    /// <exception cref="ArgumentException">What <see cref="StoredCaseStudies.Check(IReadOnlyList{StoredCaseStudy}, int)"/> refuses: another dimension, an id given twice, a malformed vector. Nothing was written.</exception>
    Task UpsertAsync(IReadOnlyList<StoredCaseStudy> caseStudies, CancellationToken ct);

    /// <summary>Removes all passages of these case studies.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> slugs, CancellationToken ct);

    /// <summary>Both rankings of one question, each at most <see cref="HybridQuery.Top"/> long, best first.</summary>
    /// <exception cref="ArgumentException">The query's embedding has another dimension than the store.</exception>
    Task<HybridHits> SearchAsync(HybridQuery query, CancellationToken ct);
}

/// <summary>One case study as a store keeps it.</summary>
/// <param name="CaseStudy">Its fields that filters can name.</param>
/// <param name="Passages">In reading order.</param>
public sealed record StoredCaseStudy(CaseStudy CaseStudy, IReadOnlyList<StoredPassage> Passages);

/// <param name="Embedding">L2-normalised; its length is the store's dimension.</param>
/// <param name="Lexical">Document side of BM25.</param>
public sealed record StoredPassage(Passage Passage, ReadOnlyMemory<float> Embedding, LexicalVector Lexical);

/// <param name="Embedding">Empty: no dense ranking wanted.</param>
/// <param name="Lexical">Empty: no lexical ranking wanted.</param>
/// <param name="Top">Passages a ranking may hold, 1 to 1,000.</param>
public sealed record HybridQuery(ReadOnlyMemory<float> Embedding, LexicalVector Lexical, SearchFilter Filter, int Top);

/// <param name="Score">Dot product: cosine similarity in the dense ranking, BM25 in the lexical one (positive only).</param>
public sealed record ScoredPassage(string PassageId, string Slug, double Score);

/// <summary>A dense and a lexical ranking of the same question, best first.</summary>
public sealed record HybridHits(IReadOnlyList<ScoredPassage> Dense, IReadOnlyList<ScoredPassage> Lexical);

/// <param name="ModelId">Encoder the vectors were made with, or null: still empty.</param>
/// <param name="Dimension">Floats in an embedding, or null: still empty.</param>
/// <param name="Advice">What whoever runs the service should know of it, in a sentence, or null.</param>
public sealed record PassageStoreStatus(string Store, string? ModelId, int? Dimension, long CaseStudies, long Passages, string? Advice = null);
