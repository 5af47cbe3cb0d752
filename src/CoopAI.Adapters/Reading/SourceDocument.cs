using CoopAI.Core.Corpus;

namespace CoopAI.Adapters.Reading;

/// <summary>What a block of a document is.</summary>
internal enum BlockKind
{
    Paragraph,
    Heading,
    ListItem,

    /// <summary>A row of a table, its cells in <see cref="Block.Cells"/>.</summary>
    Row,

    Quote,
}

/// <summary>One block of running text, on one line: a paragraph, a heading, an item of a list, a row of a table.</summary>
/// <param name="Text">Without markup, white space squeezed.</param>
/// <param name="Level">Of a heading, from 1; 0 otherwise.</param>
/// <param name="LinkShare">Share of the characters that stand in links, in [0, 1].</param>
internal sealed record Block(BlockKind Kind, string Text, int Level = 0, double LinkShare = 0)
{
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Whether the row is a table's head.</summary>
    public bool IsHead { get; init; }

    /// <summary>The whole block is set in bold, as labels and headings often are.</summary>
    public bool IsStrong { get; init; }

    /// <summary>How many links it holds.</summary>
    public int Links { get; init; }

    /// <summary>Stands in the list or table of this number (0: in none), so that rows and items of one stay together.</summary>
    public int Group { get; init; }
}

/// <summary>A document whatever its format: blocks in reading order and the fields that its format names itself.</summary>
/// <param name="Fields">Front matter, columns, document properties: name as written, value, and where it stands.</param>
internal sealed record SourceDocument(SourcePlace Source, IReadOnlyList<Block> Blocks, IReadOnlyList<SourceField> Fields)
{
    /// <summary>The address it was published at, when the document itself or its fetcher says so.</summary>
    public string? Address { get; init; }

    public string? Title { get; init; }

    public string? TitleOrigin { get; init; }

    /// <summary>A row of this product's own export: each field is what it was, to the letter.</summary>
    public bool IsExport { get; init; }

    /// <summary>Last resort for a title and a slug.</summary>
    public string FileName { get; init; } = "";

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Text that the document holds and does not show: comments, elements hidden by attribute or style.</summary>
    public string Hidden { get; init; } = "";
}

/// <param name="Origin">Such as <c>the front matter</c> or <c>the column “Lead”</c>.</param>
internal sealed record SourceField(string Name, string Value, string Origin);

/// <summary>Why a document is refused. The reader of the file adds its name.</summary>
internal sealed class UnreadableDocumentException(string message, Exception? inner = null) : Exception(message, inner)
{
    public string? Place { get; init; }

    public int? Line { get; init; }
}
