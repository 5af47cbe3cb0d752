// Makes src/CoopAI.Core/Briefs/brief-model.json again, and the figures of docs/adr/0018-briefs.md. See README.md here.
using System.Globalization;
using System.Text.Json;
using CoopAI.Adapters.Models;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Questions;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using CoopAI.Evaluation.Briefs;
using CoopAI.Orchestration.Ingesting;
using CoopAI.TrainBriefs;
using Microsoft.Extensions.AI;
using Questions = CoopAI.Evaluation.Retrieval.QuestionReader;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length is < 1 or > 2 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tools/train-briefs -- REPOSITORY [write]");
    return 2;
}

const int Folds = 10;
var evals = Path.Combine(args[0], "evals");
using var encoder = new OnnxEmbeddingGenerator();
var about = (EmbeddingGeneratorMetadata)((IEmbeddingGenerator)encoder).GetService(typeof(EmbeddingGeneratorMetadata))!;
var studies = CaseStudyFile.Read(Path.Combine(args[0], "corpus", "case-studies.jsonl")).CaseStudies;
var corpus = new SearchCorpus();
var indexed = await new CaseStudyIndexer(new PassageChunker(encoder.CountPieces), encoder).IndexAsync(studies);
corpus.Replace(indexed);
var store = new EmbeddedPassageStore(about.DefaultModelDimensions ?? 384);
await store.UpsertAsync([.. indexed.Select(i => new StoredCaseStudy(i.CaseStudy, [.. i.Passages.Select((p, n) =>
    new StoredPassage(p, i.PassageEmbeddings[n], LexicalModel.ForPassage(i.CaseStudy, p)))]))], default);
var retriever = new Retriever(corpus, store, encoder, new RetrievalOptions());
var reader = new QuestionReader(ReadingLists.Shipped, CouncilTable.Default, CorpusWords.Of(studies, CouncilTable.Default), []);
var trainer = new BriefTrainer(corpus.Current.Statistics, corpus.Current.CaseStudies);
var start = BriefModel.Shipped with { Encoder = about.DefaultModelId ?? "" };

// What people call a subject is compared with each question, so its vectors are made here, once.
var lines = SubjectGlossary.Shipped.Lines;
if (SubjectGlossary.Vectors is null || args.Length == 2)
{
    var embedded = await encoder.GenerateAsync(lines);
    File.WriteAllBytes(Path.Combine(args[0], "src", "CoopAI.Core", "Briefs", "subject-vectors.bin"), SubjectGlossary.Write(QuantizedVectors.Of([.. embedded.Select(e => e.Vector)], embedded[0].Vector.Length)));
    Console.WriteLine($"{lines.Count} lines of subjects encoded; build again and run again when they have changed");
    if (SubjectGlossary.Vectors is null) return 0;
}

var labelled = BriefCase.Read(Path.Combine(evals, "briefs", "development.jsonl"));
var second = BriefCase.Read(Path.Combine(evals, "briefs", "second.jsonl"));
var examples = new List<Example>();
foreach (var c in labelled.Concat(second)) examples.Add(new Example(c.Id, await AskedAsync(c.Text), c.Relevant ?? new Dictionary<string, int>(), c, 1));
var qrels = File.ReadLines(Path.Combine(evals, "retrieval", "development.qrels")).Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
    .ToDictionary(f => f[0], f => f[2], StringComparer.Ordinal);
foreach (var q in Questions.Read(Path.Combine(evals, "retrieval", "development.queries.jsonl"))) examples.Add(new Example(q.Id, await AskedAsync(q.Text), new Dictionary<string, int> { [qrels[q.Id]] = 2 }, null, 0.6));
// A topic typed alone is a question too: without these a short question would look like one that nothing answers.
foreach (var topic in studies.SelectMany(s => s.Topics.Select(t => (Topic: t, s.Slug))).GroupBy(t => t.Topic, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
    examples.Add(new Example($"topic {topic.Key}", await AskedAsync(topic.Key), topic.Select(t => t.Slug).Distinct().ToDictionary(t => t, _ => 2, StringComparer.Ordinal), null, 0.15));
foreach (var file in new[] { Path.Combine("retrieval", "unanswerable.jsonl"), Path.Combine("briefs", "not-held.jsonl") })
{
    foreach (var q in Questions.Read(Path.Combine(evals, file))) examples.Add(new Example(q.Id, await AskedAsync(q.Text), new Dictionary<string, int>(), null, 1));
}

Console.WriteLine($"{examples.Count} questions read; encoder {start.Encoder}");

// Cross-validation over case studies: a question is learned from only where none of its case studies is asked about in the fold.
var order = studies.Select(s => s.Slug).Order(StringComparer.Ordinal).ToArray();
new Random(1).Shuffle(order);
var fold = order.Select((s, i) => (s, i)).ToDictionary(p => p.s, p => p.i % Folds, StringComparer.Ordinal);
var seen = new List<(Example Example, IReadOnlyList<PartEvidence> Parts, BriefModel Model)>();
for (var f = 0; f < Folds; f++)
{
    var test = examples.Select((e, i) => (e, i)).Where(x => FoldOf(x.e, x.i) == f).Select(x => x.e).ToList();
    var asked = test.SelectMany(e => e.Relevant.Keys).ToHashSet(StringComparer.Ordinal);
    var model = trainer.Train([.. examples.Where(e => !test.Contains(e) && !e.Relevant.Keys.Any(asked.Contains))], start);
    seen.AddRange(test.Select(e => (e, (IReadOnlyList<PartEvidence>)[.. e.Parts.Select(p => trainer.Evidence(p, model))], model)));
}

var first = labelled.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
var briefs = seen.Where(s => s.Example.Labels is not null && first.Contains(s.Example.Id)).ToList();
var more = seen.Where(s => s.Example.Labels is not null && !first.Contains(s.Example.Id)).ToList();
var others = seen.Where(s => s.Example.Labels is null && !s.Example.Answerable).ToList();
Console.WriteLine("quotedFrom answeredFrom mayHelpFrom  outcome refused wrong essential belonging sentences  others wrongly answered");
foreach (var quoted in new[] { 0.2, 0.24, 0.28, 0.32 })
{
    foreach (var mayHelp in new[] { 0.24, 0.28, 0.32, 0.36, 0.4, 0.44, 0.5 })
    {
        var scores = briefs.ConvertAll(b => Score(b, start with { QuotedFrom = quoted, MayHelpFrom = mayHelp, AnsweredFrom = 0.7 }));
        var answerable = scores.Where(s => s.Case.Answerable).ToList();
        var wrong = others.Average(b => b.Parts.Any(p => BriefModel.Chance(p.LogOdds) >= mayHelp) ? 1.0 : 0);
        Console.WriteLine($"{quoted:F2} {mayHelp:F2}  {scores.Average(s => s.Right ? 1.0 : 0):F3} {answerable.Average(s => s.Brief.Answered ? 0.0 : 1):F3} {scores.Where(s => !s.Case.Answerable).Average(s => s.Brief.Answered ? 1.0 : 0):F3} {answerable.SelectMany(s => s.Hits).Average(h => h ? 1.0 : 0):F3} {answerable.SelectMany(s => s.Fits).Average(h => h ? 1.0 : 0):F3} {answerable.Average(s => s.Fits.Count):F1}  {wrong:F3}");
    }
}

Console.WriteLine("With the thresholds that ship, cross-validated:");
var shipped = briefs.ConvertAll(b => Score(b, start));
foreach (var group in shipped.GroupBy(s => s.Case.Kind, StringComparer.Ordinal).Select(g => BriefsSuite.Row(g.Key, [.. g])).Append(BriefsSuite.Row("all", shipped)).Prepend(BriefsSuite.Columns)) Console.WriteLine(string.Join(" | ", group));
foreach (var s in shipped.Where(s => !s.Right || (s.Case.Answerable && !s.Used))) Console.WriteLine($"  {(s.Right ? "other study" : "wrong outcome")} {s.Case.Id} {s.Case.Kind} {s.Brief.Outcome} {Math.Round(briefs.First(b => b.Example.Id == s.Case.Id).Parts.Max(p => p.Chance), 2)}: {s.Case.Text.ReplaceLineEndings(" ")[..Math.Min(90, s.Case.Text.Length)]} -> {string.Join(", ", s.Brief.Quoted.Select(q => q.Slug).Distinct())} | best {string.Join(", ", briefs.First(b => b.Example.Id == s.Case.Id).Parts.Select(p => p.Studies[0].CaseStudy.Slug))}");

Console.WriteLine("The second set, with the thresholds that ship, cross-validated:");
var again = more.ConvertAll(b => Score(b, start));
foreach (var row in again.GroupBy(s => s.Case.Kind, StringComparer.Ordinal).Select(g => BriefsSuite.Row(g.Key, [.. g])).Append(BriefsSuite.Row("all", again)).Prepend(BriefsSuite.Columns)) Console.WriteLine(string.Join(" | ", row));
foreach (var s in again.Where(s => !s.Right || (s.Case.Answerable && !s.Used))) Console.WriteLine($"  {(s.Right ? "other study" : "wrong outcome")} {s.Case.Id} {s.Brief.Outcome}: {s.Case.Text.ReplaceLineEndings(" ")[..Math.Min(80, s.Case.Text.Length)]} -> {string.Join(", ", s.Brief.Quoted.Select(q => q.Slug).Distinct())}");

var final = trainer.Train(examples, start);
foreach (var (name, weights) in new[] { ("study", final.Study), ("answerable", final.Answerable), ("belongs", final.Belongs), ("answers", final.Answers) })
    Console.WriteLine($"{name}: {weights.Bias:F2} {string.Join(" ", weights.Weights.Select(w => $"{w.Key} {w.Value:F2}"))}");
if (args.Length == 2)
{
    var path = Path.Combine(args[0], "src", "CoopAI.Core", "Briefs", "brief-model.json");
    File.WriteAllText(path, JsonSerializer.Serialize(final, CoopJson.Indented).ReplaceLineEndings("\n") + "\n");
    Console.WriteLine($"written to {path}");
}

return 0;

async Task<IReadOnlyList<Asked>> AskedAsync(string text)
{
    var read = reader.Read(text, 2026);
    if (read.Parts.Count == 0) return [];
    return [.. (await EvidenceReader.WordingsAsync(retriever, corpus.Current, read, SearchFilter.None, start, default)).Select(w => new Asked(w.Part, w.Wordings, w.Candidates))];
}

int FoldOf(Example e, int place) => e.Relevant.Where(r => r.Value == 2).Select(r => fold[r.Key]).Order().Cast<int?>().FirstOrDefault() ?? place % Folds;

BriefScore Score((Example Example, IReadOnlyList<PartEvidence> Parts, BriefModel Model) b, BriefModel thresholds)
{
    var model = b.Model with { QuotedFrom = thresholds.QuotedFrom, MayHelpFrom = thresholds.MayHelpFrom, AnsweredFrom = thresholds.AnsweredFrom };
    var plans = new List<PartPlan>();
    foreach (var part in b.Parts) plans.Add(BriefPlanner.Plan(part, model, b.Parts.Count, plans));
    var quoted = plans.SelectMany(p => p.Studies).SelectMany(s => s.Sentences.Select(x => new LabelledQuote(s.Study.CaseStudy.Slug, x.Text))).ToList();
    return BriefScore.Of(b.Example.Labels!, new QuotedBrief(plans.Exists(p => p.Outcome != Outcome.NotFound) ? "answered" : "not-found", quoted));
}
