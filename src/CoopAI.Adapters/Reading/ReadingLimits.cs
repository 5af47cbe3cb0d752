namespace CoopAI.Adapters.Reading;

/// <summary>How much an importer reads of one thing. What is larger is refused by name; nothing is cut off in silence.</summary>
public static class ReadingLimits
{
    /// <summary>One document: a page, a Word file, a PDF, a text. 32 MiB.</summary>
    public const int DocumentBytes = 32 * 1024 * 1024;

    /// <summary>One page of HTML: 8 MiB.</summary>
    public const int HtmlBytes = 8 * 1024 * 1024;

    /// <summary>Elements inside each other on one page.</summary>
    public const int HtmlDepth = 500;

    /// <summary>Characters of one case study's text.</summary>
    public const int TextLength = 1_000_000;

    /// <summary>Files in one archive.</summary>
    public const int ArchiveEntries = 20_000;

    /// <summary>An archive unpacked: 2 GiB in all.</summary>
    public const long ArchiveBytes = 2L * 1024 * 1024 * 1024;

    /// <summary>What an archive's parts may grow by when unpacked.</summary>
    public const int ArchiveRatio = 200;

    /// <summary>The parts of one Word or Excel file, unpacked: 200 MiB.</summary>
    public const long OfficeBytes = 200L * 1024 * 1024;

    /// <summary>Pages of one PDF.</summary>
    public const int PdfPages = 1_000;

    /// <summary>Rows of one sheet.</summary>
    public const int Rows = 100_000;

    /// <summary>Characters of one row of a sheet, and of one line of a text that is read line by line: 4 Mi.</summary>
    public const int RowLength = 4 * 1024 * 1024;

    /// <summary>Characters of one element of an export of WordPress: 8 Mi.</summary>
    public const int WordPressElement = 8 * 1024 * 1024;
}
