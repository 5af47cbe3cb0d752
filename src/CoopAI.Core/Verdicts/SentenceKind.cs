namespace CoopAI.Core.Verdicts;

/// <summary>Who a sentence comes from: the sources, or the service itself.</summary>
public enum SentenceKind
{
    Answer,
    Service,

    /// <summary>The line that leads an answer: the service's own order, its parts word for word from records and sources.</summary>
    Lead,
}
