using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Text;

namespace CoopAI.Core.Answering.Verification;

/// <summary>A passage analysed once, to be compared with many sentences.</summary>
internal sealed class PreparedSource
{
    private readonly string[] _levelledSentences;
    private readonly Lazy<string> _hash;
    private readonly Func<string, ReadOnlyMemory<float>>? _encode;
    private readonly Dictionary<(int, int), ReadOnlyMemory<float>> _windows = [];

    public PreparedSource(SourcePassage passage, GroundingLexicon lexicon, Func<string, ReadOnlyMemory<float>>? encode)
    {
        Passage = passage;
        _encode = encode;
        Body = AnalysedText.Of(passage.Text, lexicon);
        Head = AnalysedText.Of(string.Join(". ", new[] { passage.Title ?? "" }.Concat(passage.Members)), lexicon);
        HeadKeys = Head.Tokens.Where(t => t.Content).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
        Kin = new KinIndex(Body.ByKey.Keys, lexicon);
        Phrases = [.. Enumerable.Range(0, Body.Tokens.Length).Where(i => Body.Tokens[i].Phrase is not null)];
        _levelledSentences = [.. Body.Sentences.Select(s => Quotations.Level(s.In(passage.Text)))];
        Levelled = Quotations.Level(passage.Text);
        LevelledHead = Quotations.Level(Head.Text);
        _hash = new(() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(passage.Text))));
    }

    public SourcePassage Passage { get; }

    public AnalysedText Body { get; }

    /// <summary>Title and members' names.</summary>
    public AnalysedText Head { get; }

    public IReadOnlySet<string> HeadKeys { get; }

    /// <summary>Finds the passage's words that are kin to a word without looking at each.</summary>
    public KinIndex Kin { get; }

    /// <summary>Places where a two-word expression begins.</summary>
    public int[] Phrases { get; }

    public string Levelled { get; }

    public string LevelledHead { get; }

    public string Sha256 => _hash.Value;

    /// <summary>Councils named in text, title and record; set once the table has been asked.</summary>
    public IReadOnlyList<CouncilMention> Councils { get; set; } = [];

    /// <summary>Whether the text is one or more whole sentences of the passage in a row: a part of one could leave out a "not".</summary>
    public bool HoldsWhole(string text)
    {
        var level = Quotations.Level(text);
        if (level.Length <= 2 || !Levelled.Contains(level, StringComparison.Ordinal)) return false;
        for (var from = 0; from < _levelledSentences.Length; from++)
        {
            var run = " ";
            for (var to = from; to < _levelledSentences.Length && run.Length < level.Length; to++)
            {
                run += _levelledSentences[to][1..];
                if (run == level) return true;
            }
        }

        return false;
    }

    /// <summary>Embedding of a run of sentences, made when first asked for; null without an encoder.</summary>
    public ReadOnlyMemory<float>? Embedding((int From, int To) window)
    {
        if (_encode is null || Body.Sentences.Count == 0) return null;
        lock (_windows)
        {
            if (_windows.TryGetValue(window, out var known)) return known;
            return _windows[window] = _encode(new TextSpan(Body.Sentences[window.From].Start, Body.Sentences[window.To].End).In(Body.Text));
        }
    }
}
