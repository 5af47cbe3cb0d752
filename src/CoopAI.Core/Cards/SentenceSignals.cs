using System.Collections.Frozen;
using CoopAI.Core.Language;

namespace CoopAI.Core.Cards;

/// <summary>Words and forms of one sentence that tell what kind of statement it is; each is a named 0-or-1 (or small) feature.</summary>
internal sealed class SentenceSignals
{
    private readonly string _flat;
    private readonly IReadOnlyList<string> _words;

    public SentenceSignals(string sentence)
    {
        Sentence = sentence;
        _words = [.. Words.Split(sentence).Select(w => w.Text)];
        _flat = $" {string.Join(' ', _words)} ";
    }

    public string Sentence { get; }

    public int WordCount => _words.Count;

    public IReadOnlyList<string> WordList => _words;

    public bool Has(CueList cues) => cues.In(_words, _flat);

    public int Count(CueList cues) => cues.CountIn(_words, _flat);

    /// <summary>Whether one of <paramref name="first"/> stands at most <paramref name="within"/> words before one of <paramref name="second"/>.</summary>
    public bool Near(CueList first, CueList second, int within)
    {
        for (var i = 0; i < _words.Count; i++)
        {
            if (!first.Word(_words[i])) continue;
            for (var j = i + 1; j < _words.Count && j <= i + within; j++)
                if (second.Word(_words[j])) return true;
        }

        return false;
    }
}

/// <summary>A list of words ("opened"), beginnings ("improv*") and phrases ("led to").</summary>
internal sealed class CueList
{
    private readonly FrozenSet<string> _words;
    private readonly string[] _beginnings;
    private readonly string[] _phrases;

    public CueList(string cues)
    {
        var all = cues.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        _words = all.Where(c => !c.Contains(' ', StringComparison.Ordinal) && !c.EndsWith('*')).ToFrozenSet(StringComparer.Ordinal);
        _beginnings = [.. all.Where(c => c.EndsWith('*') && !c.Contains(' ', StringComparison.Ordinal)).Select(c => c[..^1])];
        _phrases = [.. all.Where(c => c.Contains(' ', StringComparison.Ordinal)).Select(c => c.EndsWith('*') ? $" {c[..^1]}" : $" {c} ")];
    }

    public bool Word(string word) => _words.Contains(word) || _beginnings.Any(b => word.StartsWith(b, StringComparison.Ordinal));

    public bool In(IReadOnlyList<string> words, string flat) => words.Any(Word) || _phrases.Any(p => flat.Contains(p, StringComparison.Ordinal));

    public bool PhraseIn(string flat) => _phrases.Any(p => flat.Contains(p, StringComparison.Ordinal));

    public int CountIn(IReadOnlyList<string> words, string flat) => words.Count(Word) + _phrases.Count(p => flat.Contains(p, StringComparison.Ordinal));
}
