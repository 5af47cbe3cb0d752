using System.Text;

namespace CoopAI.Adapters.Reading;

/// <summary>Blocks as the text of a case study: one a paragraph, rows of tables as "head: value" that a reader of sentences understands.</summary>
internal static class DocumentText
{
    public static string Of(IReadOnlyList<Block> blocks)
    {
        var text = new StringBuilder();
        IReadOnlyList<string>? head = null;
        var group = -1;
        foreach (var block in blocks)
        {
            var line = block.Text;
            if (block.Kind == BlockKind.Row)
            {
                if (block.Group != group) head = null;
                group = block.Group;
                if (block.IsHead && head is null)
                {
                    head = block.Cells;
                    continue;
                }

                line = Row(block.Cells, head);
            }
            else head = null;

            if (line.Length == 0) continue;
            if (text.Length > 0) text.Append("\n\n");
            text.Append(line);
        }

        return text.ToString();
    }

    private static string Row(IReadOnlyList<string> cells, IReadOnlyList<string>? head)
    {
        var parts = new List<string>();
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i].Length == 0) continue;
            var name = head is not null && i < head.Count ? head[i].TrimEnd(':') : "";
            parts.Add(name.Length > 0 ? $"{name}: {cells[i]}" : cells[i]);
        }

        var row = string.Join("; ", parts);
        return row.Length == 0 || row[^1] is '.' or '!' or '?' ? row : row + ".";
    }
}
