using CoopAI.Core.Language;

namespace CoopAI.Core.Tagging;

/// <summary>Why a text gets no tags whatever it says.</summary>
public enum NothingToTag
{
    /// <summary>Fewer than <see cref="TaggableTextReader.MinWords"/> words.</summary>
    TooShort,

    /// <summary>Not English: neither the encoder nor the cues can read it.</summary>
    OtherLanguage,

    /// <summary>Nothing but quoted statements or names of the principles.</summary>
    OnlyStatements,
}

/// <summary>One sentence as the tagger sees it.</summary>
/// <param name="Text">Its words, without markup and with single spaces.</param>
/// <param name="Shown">As it stands in the text, unless it holds markup.</param>
/// <param name="Span">Where it stands in the text as given; null for the title.</param>
/// <param name="Features">Scaled embedding, then a value for strong and weak cues of each principle.</param>
internal sealed record ReadSentence(string Text, string Shown, TextSpan? Span, float[] Features);

/// <summary>A text with everything that the tagger needs of it: made by <see cref="TaggableTextReader"/>, costs the embeddings.</summary>
public sealed class ReadText
{
    internal ReadText(TaggableText source, IReadOnlyList<ReadSentence> sentences, float[] features, float[] embedding, float[] similarities, NothingToTag? nothing) =>
        (Source, Sentences, Features, Embedding, Similarities, Nothing) = (source, sentences, features, embedding, similarities, nothing);

    public TaggableText Source { get; }

    /// <summary>Why it gets no tags, or null.</summary>
    public NothingToTag? Nothing { get; }

    /// <summary>The title (when there is one) first, then the sentences in reading order.</summary>
    internal IReadOnlyList<ReadSentence> Sentences { get; }

    /// <summary>The text as a whole: scaled mean embedding, then cues.</summary>
    internal float[] Features { get; }

    /// <summary>Mean of the sentence embeddings, of length 1.</summary>
    internal float[] Embedding { get; }

    /// <summary>Per principle the highest cosine of a sentence with the principle's description.</summary>
    internal float[] Similarities { get; }
}
