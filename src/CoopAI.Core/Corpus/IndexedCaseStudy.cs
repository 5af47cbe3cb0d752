using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Corpus;

/// <summary>A case study with everything that ranking needs of it. All embeddings are L2-normalised and of one model.</summary>
/// <param name="Passages">In reading order.</param>
/// <param name="PassageEmbeddings">One for each passage.</param>
/// <param name="Sentences">Spans in the case study's text, in reading order.</param>
/// <param name="SentenceEmbeddings">One for each sentence, in 8 bits a number.</param>
/// <param name="TitleEmbedding">Of the title alone.</param>
/// <param name="TopicsEmbedding">Of the topics joined by commas; all zeros without topics.</param>
public sealed record IndexedCaseStudy(
    CaseStudy CaseStudy,
    IReadOnlyList<Passage> Passages,
    IReadOnlyList<ReadOnlyMemory<float>> PassageEmbeddings,
    IReadOnlyList<TextSpan> Sentences,
    QuantizedVectors SentenceEmbeddings,
    ReadOnlyMemory<float> TitleEmbedding,
    ReadOnlyMemory<float> TopicsEmbedding);
