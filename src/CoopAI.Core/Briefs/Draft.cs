using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Briefs;

/// <summary>A case study that may be used, with those of its passages that no rule holds back.</summary>
/// <param name="Passages">Best first; personal data is redacted.</param>
public sealed record Source(CaseStudy CaseStudy, double Score, IReadOnlyList<PassageHit> Passages);

/// <summary>A sentence before it is checked.</summary>
/// <param name="Cites">Passage ids; the service's own sentences have none.</param>
public sealed record DraftSentence(string Text, SentenceKind Kind, IReadOnlyList<string> Cites);

/// <summary>Who puts sentences together.</summary>
/// <param name="Name">"extractive" or "chat".</param>
/// <param name="Model">The model as the notice names it.</param>
/// <param name="PromptHash">SHA-256 of the instructions given to a model, or of the composer's name: part of every record.</param>
public sealed record Composer(string Name, string Model, string PromptHash);

/// <summary>A composer failed; the message says how, without the question's text.</summary>
public sealed class ComposerException(string message, Exception? inner = null) : Exception(message, inner);
