using CoopAI.Core.Corpus;

namespace CoopAI.Core.Retrieval;

/// <summary>The stored case studies with their vectors, and what the passage store has yet to learn of them.</summary>
/// <remarks>A call that changes something stores all of it or nothing, durably, and is seen by other processes.</remarks>
public interface ICaseStudyLibrary
{
    /// <summary>How many case studies the first load will have stored when it is done; null: it is done, or was never begun.</summary>
    int? GetFirstLoad();

    /// <summary>Notes that the first load has begun, so that the next start goes on with it after a kill.</summary>
    void BeginFirstLoad(int total);

    /// <summary>Notes that the first load is done.</summary>
    void EndFirstLoad();

    /// <summary>Hash of the content of each stored case study, by slug.</summary>
    IReadOnlyDictionary<string, string> GetHashes();

    /// <summary>As <see cref="GetHashes"/>, without those that tell the story of another or are in quarantine: what search reads.</summary>
    IReadOnlyDictionary<string, string> GetSearchedHashes();

    /// <summary>Slugs of what no longer is as it was stored, with why.</summary>
    IReadOnlyDictionary<string, string> FindUnfit();

    /// <summary>Changes with every change.</summary>
    long GetVersion();

    /// <summary>Slugs of changes that the passage store has yet to learn.</summary>
    IReadOnlyList<string> GetPending();

    /// <summary>Notes that the passage store has learned them.</summary>
    void ClearPending(IEnumerable<string> slugs);

    /// <summary>The model that made the stored vectors; null: nothing is stored.</summary>
    (string Model, int Dimension)? GetModel();

    /// <summary>Everything, or the case studies of these slugs, in slug order; those of <see cref="FindUnfit"/> are left out.</summary>
    IReadOnlyList<IndexedCaseStudy> Load(IEnumerable<string>? slugs = null);

    /// <summary>Adds or replaces case studies.</summary>
    /// <param name="model">What made the vectors.</param>
    /// <param name="readFrom">File or address they were read from.</param>
    void Save(IReadOnlyList<IndexedCaseStudy> caseStudies, string model, string readFrom, DateTimeOffset at);

    /// <summary>Replaces the vectors of all, in one step.</summary>
    void ReplaceVectors(IReadOnlyList<IndexedCaseStudy> caseStudies, string model);

    /// <returns>How many there were to delete.</returns>
    int Delete(IReadOnlyCollection<string> slugs);
}
