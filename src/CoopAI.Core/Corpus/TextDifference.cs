using CoopAI.Core.Language;

namespace CoopAI.Core.Corpus;

/// <summary>One stretch of two versions.</summary>
/// <param name="Sign">' ' in both, '-' only in the older, '+' only in the newer.</param>
public readonly record struct DifferencePiece(char Sign, string Text);

/// <summary>What changed between two texts, sentence by sentence.</summary>
public static class TextDifference
{
    // The table of longest common parts has this many cells at most; longer texts are compared as wholes.
    private const int MaxCells = 4_000_000;

    /// <summary>Pieces in reading order: without '+' they are the older text's sentences, without '-' the newer one's.</summary>
    public static IReadOnlyList<DifferencePiece> Of(string older, string newer)
    {
        var (a, b) = (Pieces(older), Pieces(newer));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start]) start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)]) end++;
        var (n, m) = (a.Length - start - end, b.Length - start - end);
        var result = a[..start].Select(s => new DifferencePiece(' ', s)).ToList();
        if ((long)(n + 1) * (m + 1) > MaxCells)
        {
            result.AddRange(a[start..(start + n)].Select(s => new DifferencePiece('-', s)));
            result.AddRange(b[start..(start + m)].Select(s => new DifferencePiece('+', s)));
        }
        else
        {
            var length = new int[n + 1, m + 1];
            for (var i = n - 1; i >= 0; i--)
            {
                for (var j = m - 1; j >= 0; j--) length[i, j] = a[start + i] == b[start + j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }

            var (x, y) = (0, 0);
            while (x < n || y < m)
            {
                if (x < n && y < m && a[start + x] == b[start + y])
                {
                    result.Add(new(' ', a[start + x++]));
                    y++;
                }
                else if (x < n && (y == m || length[x + 1, y] >= length[x, y + 1])) result.Add(new('-', a[start + x++]));
                else result.Add(new('+', b[start + y++]));
            }
        }

        result.AddRange(a[(a.Length - end)..].Select(s => new DifferencePiece(' ', s)));
        return result;
    }

    private static string[] Pieces(string text) => [.. Sentences.Split(text).Select(s => s.In(text))];
}
