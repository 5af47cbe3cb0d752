using CoopAI.Adapters;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using Microsoft.Extensions.AI;

namespace CoopAI.Tests.Core.Tagging;

/// <summary>The shipped principles, an encoder that needs no model, and small made-up examples.</summary>
internal static class TaggingFixture
{
    public static PrincipleCatalogue Catalogue { get; } = PromptFiles.Principles(PathOf("prompts", PrincipleCatalogue.FileName));

    public static Task<TaggableTextReader> ReaderAsync() => TaggableTextReader.CreateAsync(Catalogue, new WordHashEncoder(), TestContext.Current.CancellationToken);

    /// <summary>Sixty texts; those with an even number evidence democratic engagement, those divisible by three learning.</summary>
    public static async Task<List<TaggingExample>> ExamplesAsync(TaggableTextReader reader, int count = 60)
    {
        var examples = new List<TaggingExample>();
        for (var i = 0; i < count; i++)
        {
            var vote = $"Residents of ward {i} voted on how the council should spend its budget for parks.";
            var lesson = $"An evaluation of scheme {i} was published as a toolkit with lessons for other councils.";
            var text = $"The council mended {i} roads in the autumn and painted the railings. {(i % 2 == 0 ? vote : "Bins were emptied on Tuesdays.")} {(i % 3 == 0 ? lesson : "The lamps were replaced.")}";
            var read = await reader.ReadAsync(new TaggableText($"made-up-{i}", $"Scheme {i}", text), TestContext.Current.CancellationToken);
            var labels = Catalogue.Principles.ToDictionary(p => p.Id, p => (p.Id == "democratic-engagement" && i % 2 == 0) || (p.Id == "learning" && i % 3 == 0));
            var evidence = new Dictionary<string, IReadOnlyList<string>>();
            if (i % 2 == 0) evidence.Add("democratic-engagement", [vote]);
            if (i % 3 == 0) evidence.Add("learning", [lesson]);
            examples.Add(new TaggingExample(read, labels, evidence));
        }

        return examples;
    }

    /// <summary>A file of the repository, found upward from the test's own place.</summary>
    public static string PathOf(params string[] parts)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "CoopAI.sln"))) return Path.Combine([at.FullName, .. parts]);
        }

        throw new DirectoryNotFoundException("CoopAI.sln was not found above the tests.");
    }

    /// <summary>Adds a fixed pseudo-random vector for each stem: texts that share words are near each other.</summary>
    public sealed class WordHashEncoder : IEmbeddingGenerator<string, Embedding<float>>
    {
        private const int Dimension = 32;

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(Embed(v)))));

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("test", null, "word-hash", Dimension) : null;

        public void Dispose()
        {
        }

        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, float[]> _stems = new(StringComparer.Ordinal);

        private float[] Embed(string text)
        {
            var vector = new float[Dimension];
            foreach (var stem in Words.Stems(text))
            {
                var add = _stems.GetOrAdd(stem, Vector);
                for (var i = 0; i < Dimension; i++) vector[i] += add[i];
            }

            return vector;
        }

        private static float[] Vector(string stem)
        {
            var random = new Random(stem.Aggregate(17, (h, c) => unchecked((h * 31) + c)));
            return [.. Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
        }
    }
}
