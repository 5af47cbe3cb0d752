using CoopAI.Core.Language;
using CoopAI.Core.Principles;

namespace CoopAI.Core.Tagging;

/// <summary>Recognises sentences that only quote the ten statements or list the principles' names: they evidence nothing.</summary>
internal sealed class StatementFilter
{
    private readonly string[] _keys;
    private readonly HashSet<string> _names;
    private readonly string[] _longestFirst;

    public StatementFilter(IEnumerable<Principle> principles)
    {
        var all = principles.ToList();
        _keys = [.. all.Select(p => Key(p.RecognitionKey))];
        _names = [.. all.Select(p => Key(p.Name)), "social value", "enterprise", "community leadership", "new role for councillors", "a new role for councillors", "principles met", "co operative principles met", "principles", "co operative principles"];
        _longestFirst = [.. _names.OrderByDescending(n => n.Length).ThenBy(n => n, StringComparer.Ordinal)];
    }

    /// <summary>Which sentences of the text are evidence material: true where the sentence is neither statement nor name.</summary>
    /// <param name="followsOn">For each sentence, whether it stands in the same paragraph as the one before.</param>
    public bool[] Keep(IReadOnlyList<string> sentences, IReadOnlyList<bool> followsOn)
    {
        var keep = new bool[sentences.Count];
        var afterStatement = false;
        for (var i = 0; i < sentences.Count; i++)
        {
            var key = Key(sentences[i]);
            var statement = _keys.Any(k => key.Contains(k, StringComparison.Ordinal))
                || (afterStatement && followsOn[i] && key.StartsWith("we will", StringComparison.Ordinal));
            keep[i] = !statement && !OnlyNames(key);
            afterStatement = statement;
        }

        return keep;
    }

    private bool OnlyNames(string key)
    {
        if (_names.Contains(key)) return true;
        var rest = $" {key} ";
        var found = 0;
        foreach (var name in _longestFirst)
        {
            var shorter = rest.Replace($" {name} ", "  ", StringComparison.Ordinal);
            if (shorter.Length != rest.Length) found++;
            rest = shorter;
        }

        return found >= 2 && rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= 4;
    }

    // Words only: quotes, dashes, numbering and the hyphen of "co-operative" do not matter.
    private static string Key(string text)
    {
        var words = Words.Split(Levelling.Level(text)).Select(w => w.Text)
            .Select(w => w.StartsWith("cooperat", StringComparison.Ordinal) ? "co " + w[2..] : w);
        return string.Join(' ', words);
    }
}
