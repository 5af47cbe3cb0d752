namespace CoopAI.Core.Corpus;

/// <summary>Where an importer found a case study.</summary>
/// <param name="File">File or address; a file inside an archive is <c>archive.zip!inner/name.html</c>.</param>
/// <param name="Place">Within it, such as <c>line 3</c>, <c>row 12</c>, <c>entry 7</c>; null: the whole file.</param>
public sealed record SourcePlace(string File, string? Place = null)
{
    public override string ToString() => Place is null ? File : $"{File}, {Place}";
}

/// <summary>What could not be taken over, where it stands and what would be right.</summary>
/// <param name="File">As in <see cref="SourcePlace"/>.</param>
/// <param name="Place">As in <see cref="SourcePlace"/>.</param>
/// <param name="Line">The line of <paramref name="Place"/>, from 1, when it is one.</param>
public sealed record ImportProblem(string File, string? Place, string Message, int? Line = null)
{
    public override string ToString() => Place is null ? $"{File}: {Message}" : $"{File}, {Place}: {Message}";
}

/// <summary>A case study as an importer read it, with what a person needs to check it.</summary>
/// <param name="CaseStudy">Personal data in its text is masked already.</param>
/// <param name="Origins">Where each field was found, by its JSON name, such as <c>year</c>: <c>the line “Year: 2021”</c>. Fields that were not found are left out.</param>
/// <param name="Contacts">People named as contacts on the page: kept apart from the text, for staff only.</param>
/// <param name="Notes">What a person should look at: personal data that was masked, a field that was not understood.</param>
public sealed record ImportedCaseStudy(
    CaseStudy CaseStudy,
    SourcePlace Source,
    IReadOnlyDictionary<string, string> Origins,
    IReadOnlyList<string> Contacts,
    IReadOnlyList<string> Notes);

/// <summary>One thing that an importer found: a case study or a problem.</summary>
public readonly record struct ImportItem
{
    private ImportItem(ImportedCaseStudy? read, ImportProblem? problem) => (Read, Problem) = (read, problem);

    public ImportedCaseStudy? Read { get; }

    public ImportProblem? Problem { get; }

    public static implicit operator ImportItem(ImportedCaseStudy read) => new(read, null);

    public static implicit operator ImportItem(ImportProblem problem) => new(null, problem);
}
