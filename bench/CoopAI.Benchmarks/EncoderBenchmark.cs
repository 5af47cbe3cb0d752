using System.Globalization;
using CoopAI.Adapters.Models;
using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;

namespace CoopAI.Benchmarks;

/// <summary><c>encoder</c>: word pieces a second in sentences and passages, beside ONNX Runtime's own best batch of the same model in the same run; a question alone, and during a batch.</summary>
public static class EncoderBenchmark
{
    private const string Question = "How have other councils brought services back in house?";
    private const int Rounds = 7;

    // A number behind each question, since one that was just asked is remembered.
    private static int asked;

    private static readonly int[] Batches = [1, 4, 8, 16, 32];

    /// <summary>Runs it.</summary>
    public static int Run(string[] args)
    {
        OnnxEmbeddingGenerator one = null!;
        var load = Measure.Run(() => one = new OnnxEmbeddingGenerator(threads: 1));
        var first = Measure.Run(() => Ask(one));
        Console.WriteLine(Invariant($"in a fresh process: reading the model {load.Elapsed:F0} ms ({load.Processor:F0} ms of processor time), the first question {first.Elapsed:F0} ms; medians of {Rounds} rounds from here"));
        using var all = new OnnxEmbeddingGenerator();
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(Path.Combine(EncoderFolder.Shipped, EncoderFolder.ModelName), options);

        foreach (var (name, words, count) in new[] { ("sentences of 20 words", 20, 320), ("passages of 90 words", 90, 64) })
        {
            var texts = Generate(count, words);
            var pieces = texts.Sum(t => one.CountPieces(t) + 2);
            Dictionary<int, List<double>> bare = Batches.ToDictionary(b => b, _ => new List<double>());
            List<Timing> oneTimes = [], allTimes = [];
            Encode(one, texts);
            for (var round = 0; round < Rounds; round++)
            {
                // One after the other within a round, so that what else the machine does falls on all of them.
                foreach (var batch in Batches) bare[batch].Add(Measure.Run(() => Bare(session, pieces / count, count, batch)).Processor);
                oneTimes.Add(Measure.Run(() => Encode(one, texts)));
                allTimes.Add(Measure.Run(() => Encode(all, texts)));
            }

            var best = bare.MinBy(b => Measure.Median(b.Value));
            var (ours, both) = (Measure.Median(oneTimes.Select(t => t.Processor)), Measure.Median(allTimes.Select(t => t.Elapsed)));
            Console.WriteLine(Invariant($"{name}: {ours / count:F2} ms of processor time each, {both / count:F2} ms by the clock on all processors; ONNX Runtime alone at its best batch ({best.Key}) {Measure.Median(best.Value) / count:F2} ms; share {Measure.Median(best.Value) / ours:F2}"));
        }

        Console.WriteLine(Invariant($"a question alone {Median(() => Ask(all)):F2} ms"));
        using var stop = new CancellationTokenSource();
        var batches = Task.Run(() => { while (!stop.IsCancellationRequested) Encode(all, Generate(200, 40)); });
        Thread.Sleep(1000);
        Console.WriteLine(Invariant($"a question while texts are ingested {Median(() => { Thread.Sleep(20); return Ask(all); }):F2} ms"));
        stop.Cancel();
        batches.Wait();
        one.Dispose();
        return 0;
    }

    private static double Median(Func<double> ask)
    {
        for (var i = 0; i < 5; i++) ask();
        return Measure.Median(Enumerable.Range(0, 101).Select(_ => ask()));
    }

    private static double Ask(OnnxEmbeddingGenerator encoder) => Measure.Run(() => encoder.GenerateAsync([$"{Question} {Interlocked.Increment(ref asked)}"], EmbeddedQuestion.Options).GetAwaiter().GetResult()).Elapsed;

    private static void Encode(OnnxEmbeddingGenerator encoder, string[] texts) => encoder.GenerateAsync(texts).GetAwaiter().GetResult();

    /// <summary>The model on as many word pieces, without tokenizer and pooling.</summary>
    private static void Bare(InferenceSession session, int length, int count, int batch)
    {
        using var run = new RunOptions();
        for (var done = 0; done < count; done += batch)
        {
            long[] shape = [batch, length];
            var (ids, mask) = (new long[batch * length], new long[batch * length]);
            for (var i = 0; i < ids.Length; i++) (ids[i], mask[i]) = (1000 + (((done * length) + (i * 31)) % 20000), 1);
            using var a = OrtValue.CreateTensorValueFromMemory(ids, shape);
            using var b = OrtValue.CreateTensorValueFromMemory(mask, shape);
            using var c = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
            using var output = session.Run(run, ["input_ids", "attention_mask", "token_type_ids"], [a, b, c], ["last_hidden_state"]);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string[] Generate(int count, int length)
    {
        var random = new Random(20260101);
        string[] words = [.. "the council and its residents agreed to open a community fund for local housing because people wanted more say in how money is spent on care parks schools libraries transport energy food skills jobs procurement partnership members co-operative neighbourhood services women veterans young older carers volunteers budget panel strategy report evidence".Split(' ')];
        return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', Enumerable.Range(0, length).Select(i => words[random.Next(words.Length)] + (i % 17 == 16 ? "." : ""))))];
    }
}
