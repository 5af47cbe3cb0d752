using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Grounding.Councils;
using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding;

/// <summary>A passage analysed once, each part when first asked for, to be compared with many sentences.</summary>
/// <remarks>Safe for concurrent use: two threads may compute one part, with the same result.</remarks>
internal sealed class PreparedSource
{
    private readonly GroundingLexicon _lexicon;
    private readonly CouncilFinder _names;
    private readonly Func<string, ReadOnlyMemory<float>>? _encode;
    private readonly Dictionary<(int, int), ReadOnlyMemory<float>> _windows = [];
    private AnalysedText? _body;
    private AnalysedText? _head;
    private HashSet<string>? _headKeys;
    private KinIndex? _kin;
    private int[]? _phrases;
    private string? _levelled;
    private string? _levelledHead;
    private string[]? _levelledSentences;
    private CouncilMention[]? _councils;
    private CouncilMention[]? _recordCouncils;
    private IReadOnlyList<CouncilMention>? _textCouncils;
    private string? _hash;

    /// <param name="names">Finds the councils that the passage names.</param>
    public PreparedSource(SourcePassage passage, CouncilFinder names, GroundingLexicon lexicon, Func<string, ReadOnlyMemory<float>>? encode)
    {
        Passage = passage;
        (_names, _lexicon, _encode) = (names, lexicon, encode);
    }

    public SourcePassage Passage { get; }

    public AnalysedText Body => _body ??= AnalysedText.Of(Passage.Text, _lexicon);

    /// <summary>Title and members' names.</summary>
    public AnalysedText Head => _head ??= AnalysedText.Of(string.Join(". ", new[] { Passage.Title ?? "" }.Concat(Passage.Members)), _lexicon);

    public IReadOnlySet<string> HeadKeys => _headKeys ??= Head.Tokens.Where(t => t.Content).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Finds the passage's words that are kin to a word without looking at each.</summary>
    public KinIndex Kin => _kin ??= new KinIndex(Body.ByKey.Keys, _lexicon);

    /// <summary>Places where a two-word expression begins.</summary>
    public int[] Phrases => _phrases ??= [.. Enumerable.Range(0, Body.Tokens.Length).Where(i => Body.Tokens[i].Phrase is not null)];

    public string Levelled => _levelled ??= Quotations.Level(Passage.Text);

    public string LevelledHead => _levelledHead ??= Quotations.Level(Head.Text);

    public string Sha256 => _hash ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Passage.Text)));

    /// <summary>Councils named in text, title and record.</summary>
    public IReadOnlyList<CouncilMention> Councils => _councils ??= [.. RecordCouncils, .. TextCouncils, .. _names.Find(Head)];

    /// <summary>Councils of the record.</summary>
    public IReadOnlyList<CouncilMention> RecordCouncils => _recordCouncils ??= [.. _names.OfMembers(Passage.Members)];

    /// <summary>Councils named in the text alone.</summary>
    public IReadOnlyList<CouncilMention> TextCouncils => _textCouncils ??= _names.Find(Body);

    private string[] LevelledSentences => _levelledSentences ??= [.. Body.Sentences.Select(s => Quotations.Level(s.In(Passage.Text)))];

    /// <summary>Whether the text is one or more whole sentences of the passage in a row: a part of one could leave out a "not".</summary>
    /// <param name="level">The text as <see cref="Quotations.Level"/> gives it.</param>
    public bool HoldsWhole(string level)
    {
        if (level.Length <= 2 || !Levelled.Contains(level, StringComparison.Ordinal)) return false;
        for (var from = 0; from < LevelledSentences.Length; from++)
        {
            // Each sentence begins and ends with a space, and two in a row share one.
            var at = 0;
            for (var to = from; to < LevelledSentences.Length && at + 1 < level.Length && level.AsSpan(at).StartsWith(LevelledSentences[to], StringComparison.Ordinal); to++)
                at += LevelledSentences[to].Length - 1;
            if (at + 1 == level.Length) return true;
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
