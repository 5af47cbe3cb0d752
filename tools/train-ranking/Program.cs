// Makes the trained part of src/CoopAI.Core/Ranking/Data/ranking.json again, and the figures of docs/adr/0003-ranking.md. See README.md here.
using System.Globalization;
using System.Text.Json;
using CoopAI.Adapters.Models;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Orchestration.Ingesting;
using CoopAI.TrainRanking;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length != 2 || !Directory.Exists(args[0]) || !Directory.Exists(args[1]))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tools/train-ranking -- REPOSITORY SYNTHETIC (the folder with the invented case-studies.jsonl, queries.jsonl and qrels.tsv)");
    return 2;
}

var encoder = new OnnxEmbeddingGenerator();
var evals = Path.Combine(args[0], "evals", "retrieval");
var real = await CollectionAsync(Path.Combine(args[0], "corpus", "case-studies.jsonl"), Path.Combine(evals, "development.queries.jsonl"), Path.Combine(evals, "development.qrels"));
var invented = await CollectionAsync(Path.Combine(args[1], "case-studies.jsonl"), Path.Combine(args[1], "queries.jsonl"), Path.Combine(args[1], "qrels.tsv"));

var scale = RankingTrainer.ScaleOf(real);
var weights = RankingTrainer.Train([(real, 1), (invented, RankingTrainer.InventedShare)], scale);
var (onReal, onInvented) = RankingTrainer.CrossValidate(real, invented, scale);
Console.WriteLine($"cross-validated nDCG@10 {onReal:F4}, invented {onInvented:F4}; fitted {RankingTrainer.Ndcg(real, weights):F4}, invented {RankingTrainer.Ndcg(invented, weights):F4}");
for (var f = 0; f < RankingTrainer.Names.Count; f++)
{
    var (without, inventedWithout) = RankingTrainer.CrossValidate(real, invented, scale, f);
    Console.WriteLine($"  without {RankingTrainer.Names[f]}: {without:F4}, invented {inventedWithout:F4}");
}

var onlyInvented = RankingTrainer.Train([(invented, 1)], scale);
Console.WriteLine($"weights from the invented ones alone, on the development questions {RankingTrainer.Ndcg(real, onlyInvented):F4}");
foreach (var (name, weight) in RankingTrainer.Names.Zip(weights)) Console.WriteLine($"  \"{JsonNamingPolicy.CamelCase.ConvertName(name)}\": {weight:F3}");

var unanswerable = await FeaturesAsync(real.Index, [.. QuestionReader.Read(Path.Combine(evals, "unanswerable.jsonl")).Select(q => q.Text)]);
RankingTrainer.Calibrate(real, unanswerable, weights);
return 0;

async Task<TrainingCollection> CollectionAsync(string corpus, string queries, string qrels)
{
    var studies = CaseStudyFile.Read(corpus).CaseStudies;
    var index = CorpusIndex.Build(await new CaseStudyIndexer(new PassageChunker(encoder.CountPieces), encoder).IndexAsync(studies));
    var places = index.CaseStudies.Select((c, i) => (c.CaseStudy.Slug, i)).ToDictionary(p => p.Slug, p => p.i, StringComparer.Ordinal);
    var relevant = File.ReadLines(qrels).Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length == 4)
        .ToDictionary(f => f[0], f => places[f[2]], StringComparer.Ordinal);
    var questions = QuestionReader.Read(queries);
    return new TrainingCollection(index, await FeaturesAsync(index, [.. questions.Select(q => q.Text)]), [.. questions.Select(q => relevant[q.Id])]);
}

async Task<double[][][]> FeaturesAsync(CorpusIndex index, IReadOnlyList<string> texts)
{
    var embeddings = await encoder.GenerateAsync(texts, EmbeddedQuestion.Options);
    return [.. texts.Select((text, i) => (text, i)).AsParallel().AsOrdered().Select(q =>
    {
        using var question = index.Prepare(q.text, embeddings[q.i].Vector);
        return Compare(index, question);
    })];
}

static double[][] Compare(CorpusIndex index, PreparedQuestion question)
{
    var features = new RankingFeatures[index.CaseStudies.Count];
    index.Compare(question, [.. Enumerable.Range(0, features.Length)], features);
    return [.. features.Select(RankingTrainer.Values)];
}
