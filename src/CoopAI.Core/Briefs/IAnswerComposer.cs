using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;

namespace CoopAI.Core.Briefs;

/// <summary>A case study that may be used, with those of its passages that no rule holds back.</summary>
/// <param name="Passages">Best first; personal data is redacted.</param>
public sealed record Source(CaseStudy CaseStudy, double Score, IReadOnlyList<PassageHit> Passages);

/// <summary>A sentence before it is checked.</summary>
/// <param name="Cites">Passage ids; the service's own sentences have none.</param>
public sealed record DraftSentence(string Text, SentenceKind Kind, IReadOnlyList<string> Cites);

/// <summary>Writes the sentences of a brief from sources. What it writes is checked by others, whoever it is.</summary>
public interface IAnswerComposer
{
    /// <summary>"extractive" or "chat".</summary>
    string Name { get; }

    /// <summary>The model as the notice names it.</summary>
    string Model { get; }

    /// <summary>SHA-256 of the instructions given to a model, or of the composer's name: part of every record.</summary>
    string PromptHash { get; }

    /// <summary>Whether another draft can differ from the first.</summary>
    bool CanRetry { get; }

    /// <summary>Sentences in reading order.</summary>
    /// <param name="sources">Best first, at least one.</param>
    /// <param name="faults">What was wrong with an earlier draft, in plain words; empty at the first.</param>
    /// <exception cref="ComposerException">The composer could not do its work.</exception>
    Task<IReadOnlyList<DraftSentence>> ComposeAsync(Question question, IReadOnlyList<Source> sources, IReadOnlyList<string> faults, CancellationToken ct);
}

/// <summary>A composer failed; the message says how, without the question's text.</summary>
public sealed class ComposerException(string message, Exception? inner = null) : Exception(message, inner);
