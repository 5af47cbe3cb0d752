using CoopAI.Core.Retrieval;

namespace CoopAI.Core.Corpus;

/// <summary>Where a version of a case study stands.</summary>
public enum CaseStudyState
{
    /// <summary>Found by search, quoted in briefs.</summary>
    Published,

    /// <summary>Seen by staff only. A draft of a published case study leaves the published version in place.</summary>
    Draft,

    /// <summary>Taken out of search; kept with its reason.</summary>
    Withdrawn,
}

/// <summary>Who changed something, and why.</summary>
/// <param name="Role">A role as in the ledger: staff, administrator.</param>
/// <param name="Name">Kept beside the change and in an erasable text of the ledger.</param>
/// <param name="Reason">Why; required to withdraw.</param>
public sealed record CaseStudyEditor(string Role, string Name, string? Reason = null);

/// <summary>One version of one case study, as it stays for good.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Contacts">People named as contacts: for staff only.</param>
/// <param name="From">File, address or page it came from.</param>
/// <param name="ImportId">The import that brought it; null: a single change.</param>
public sealed record CaseStudyVersion(
    string Slug, int Number, CaseStudyState State, CaseStudy CaseStudy, IReadOnlyList<string> Contacts, DateTimeOffset At, CaseStudyEditor By, string From, string? ImportId)
{
    /// <summary>Changes with every version: what <c>If-Match</c> compares.</summary>
    public string ETag => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{CaseStudy.ContentHash[..16]}-{Number}");
}

/// <summary>A change to write.</summary>
/// <param name="Indexed">With vectors, for a version that is published; null otherwise.</param>
/// <param name="Expected">Number of the version that the editor saw: a later one refuses the change; null: whatever stands.</param>
public sealed record CaseStudyChange(
    CaseStudyState State, CaseStudy CaseStudy, IndexedCaseStudy? Indexed, IReadOnlyList<string> Contacts, CaseStudyEditor By, string From, string? ImportId = null, int? Expected = null);

/// <summary>A published case study that officers do not see until a person has looked at it.</summary>
/// <param name="Number">Of its newest version.</param>
/// <param name="Reasons">Why it waits, in sentences for staff.</param>
/// <param name="Since">When it was stored.</param>
public sealed record QuarantinedCaseStudy(string Slug, string Title, string? LeadMember, int Number, IReadOnlyList<string> Reasons, DateTimeOffset Since);

/// <summary>Somebody else changed the case study since the editor looked.</summary>
public sealed class StaleCaseStudyException(CaseStudyVersion current) : Exception($"{current?.Slug} was changed by somebody else in the meantime.")
{
    public CaseStudyVersion Current { get; } = current!;
}

/// <summary>What an import would do, or did, with one thing it read.</summary>
public enum ImportAction
{
    Added,
    Changed,
    Unchanged,
    Removed,
    Refused,
}

/// <param name="Number">From 1, in the order of reading.</param>
/// <param name="Slug">Null for what could not be read.</param>
/// <param name="Reason">Why it was refused or removed.</param>
/// <param name="Twin">Another case study that tells the same story; null: none was found.</param>
public sealed record ImportEntry(
    int Number, ImportAction Action, string? Slug, string? Title, SourcePlace Source, string? Reason, SameStory? Twin, IReadOnlyDictionary<string, string> Origins, IReadOnlyList<string> Contacts, IReadOnlyList<string> Notes, CaseStudy? CaseStudy);

/// <summary>Where an import stands.</summary>
public enum ImportState
{
    /// <summary>Read and compared; nothing has changed yet.</summary>
    Previewed,

    Applied,

    Undone,
}

/// <param name="Sources">Files and addresses, as they were given.</param>
/// <param name="Counts">Entries by action.</param>
/// <param name="Columns">How the columns of sheets were read: sheet, then column and field.</param>
public sealed record ImportSummary(
    string Id, ImportState State, DateTimeOffset At, CaseStudyEditor By, IReadOnlyList<string> Sources, IReadOnlyDictionary<ImportAction, int> Counts, int Twins, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> Columns);

/// <summary>Every version of every case study, and the imports that brought them.</summary>
/// <remarks>
/// The contract: <see cref="Write"/> writes all changes it is given or none, with what search reads; a version is never altered; the number
/// of a version is one more than the one before. A case study that was stored before there were versions has its stored state as version 1.
/// Safe for concurrent use, also by several processes.
/// </remarks>
public interface ICaseStudyHistory
{
    /// <summary>Oldest first; empty for a slug that never was.</summary>
    IReadOnlyList<CaseStudyVersion> Of(string slug);

    /// <summary>The newest version, whatever its state; null: the slug is free.</summary>
    CaseStudyVersion? Latest(string slug);

    /// <summary>The newest version of each case study whose newest version has this state, newest change first.</summary>
    IReadOnlyList<CaseStudyVersion> InState(CaseStudyState state);

    /// <summary>Versions that were published since, newest first: what is new.</summary>
    IReadOnlyList<CaseStudyVersion> PublishedSince(DateTimeOffset since, int take);

    /// <summary>Writes changes in one transaction; they are enumerated inside it, so that as many as there are need the memory of one.</summary>
    /// <param name="appliedImport">This import is noted as applied (or undone) in the same transaction; null: none.</param>
    /// <returns>How many versions were written.</returns>
    /// <exception cref="StaleCaseStudyException">A change expected another version; nothing was written.</exception>
    int Write(IEnumerable<CaseStudyChange> changes, string model, DateTimeOffset at, (string Id, ImportState State)? appliedImport = null);

    /// <summary>Content hashes of what is published, by slug.</summary>
    IReadOnlyDictionary<string, string> Published();

    /// <summary>Every published case study, in slug order, one at a time.</summary>
    IEnumerable<CaseStudy> ReadPublished();

    void BeginImport(string id, CaseStudyEditor by, IReadOnlyList<string> sources, DateTimeOffset at);

    void Stage(string id, IReadOnlyList<ImportEntry> entries);

    void NoteColumns(string id, string sheet, IReadOnlyDictionary<string, string?> columns);

    /// <summary>The fields that columns of these names stood for when they were last told; empty: never.</summary>
    IReadOnlyDictionary<string, string> KeptColumns();

    void KeepColumns(IReadOnlyDictionary<string, string> columns);

    ImportSummary? Import(string id);

    /// <summary>Newest first.</summary>
    IReadOnlyList<ImportSummary> Imports(int take);

    /// <summary>Entries in reading order, one at a time.</summary>
    IEnumerable<ImportEntry> Entries(string id, ImportAction? action = null, int skip = 0, int take = int.MaxValue);

    /// <summary>Keeps the vectors of an entry, so that an import which is cut off goes on where it was.</summary>
    void KeepVectors(string id, IReadOnlyList<(int Number, IndexedCaseStudy Indexed)> vectors, string model);

    /// <summary>The vectors kept for an entry of this import, or for the same content by another that was never applied; null: none.</summary>
    IndexedCaseStudy? VectorsOf(string id, int number, CaseStudy caseStudy, string model);

    /// <summary>Forgets an import that was only previewed.</summary>
    void Drop(string id);

    /// <summary>The slugs that tell the story of another, with it: search leaves them out.</summary>
    IReadOnlyDictionary<string, string> Twins();

    /// <summary>Slugs of which staff said that they tell a story of their own, whatever they are like.</summary>
    IReadOnlySet<string> OwnStories();

    /// <summary>Notes twins of (slug, other), or that they are two stories (null).</summary>
    void SetTwins(IReadOnlyDictionary<string, string?> twins);

    /// <summary>Published case studies that search leaves out until somebody releases them, oldest first.</summary>
    /// <param name="slug">Only this one; null: all.</param>
    IReadOnlyList<QuarantinedCaseStudy> InQuarantine(string? slug = null);

    /// <summary>Lets search find a case study as it is stored now; another text of it is looked at again.</summary>
    /// <returns>Whether it was in quarantine.</returns>
    bool Release(string slug, CaseStudyEditor by, DateTimeOffset at);
}
