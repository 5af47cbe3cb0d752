using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CoopAI.Core;
using Microsoft.ML.Tokenizers;

namespace CoopAI.Adapters.Models;

/// <summary>How the values of a text's word pieces become one embedding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EncoderPooling>))]
public enum EncoderPooling
{
    /// <summary>Those of the first mark ("CLS").</summary>
    First,

    /// <summary>The mean over the word pieces, marks included.</summary>
    Mean,

    /// <summary>The model itself gives one embedding a text.</summary>
    None,
}

/// <summary>A folder with a sentence encoder: <c>model.onnx</c>, <c>vocab.txt</c> or <c>tokenizer.json</c>, and <c>encoder.json</c>, which says how the model is to be used.</summary>
/// <remarks>What such a folder must hold and how to make one: docs/operations.md.</remarks>
public sealed class EncoderFolder
{
    public const string SettingsName = "encoder.json";
    public const string ModelName = "model.onnx";

    private const string VocabularyName = "vocab.txt";
    private const string TokenizerName = "tokenizer.json";
    private const string Example = """{"id": "my-model", "dimensions": 384, "pooling": "mean", "longestInput": 512}""";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private EncoderFolder(string path, EncoderSettings settings) => (Path, Settings) = (path, settings);

    public string Path { get; }

    public EncoderSettings Settings { get; }

    public string Model => System.IO.Path.Combine(Path, ModelName);

    /// <summary>Where the build puts the encoder that ships: beside the program.</summary>
    public static string Shipped => System.IO.Path.Combine(AppContext.BaseDirectory, "models", "arctic-embed-xs");

    /// <summary>Reads the settings; the model itself is not looked at.</summary>
    /// <exception cref="BadInputException">The folder or its settings cannot be used.</exception>
    public static EncoderFolder Read(string path)
    {
        var file = System.IO.Path.Combine(path, SettingsName);
        if (!Directory.Exists(path)) throw new BadInputException($"The sentence encoder's folder {path} is not there. {(path == Shipped ? "Build the program again." : "Set Models:Embedding:Directory to the folder of a model.")}");
        if (!File.Exists(file)) throw new BadInputException($"The sentence encoder's folder {path} holds no {SettingsName}. Write one that says how the model is to be used, such as {Example}.");
        EncoderSettings settings;
        try
        {
            settings = JsonSerializer.Deserialize<EncoderSettings>(File.ReadAllText(file), Json) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{file} cannot be read: {e.Message} It should look like {Example}.", e);
        }

        if (settings.Problem() is { } problem) throw new BadInputException($"{file}: {problem}");
        return new EncoderFolder(path, settings);
    }

    /// <summary>What is wrong with the folder's files, one line each; empty when all are there and each named under "files" has its SHA-256.</summary>
    public IReadOnlyList<string> Damaged()
    {
        var faults = new List<string>();
        foreach (var (name, expected) in Settings.Files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var file = System.IO.Path.Combine(Path, name);
            if (!File.Exists(file))
            {
                faults.Add($"{file} is not there.");
                continue;
            }

            using var stream = File.OpenRead(file);
            if (!Convert.ToHexString(SHA256.HashData(stream)).Equals(expected, StringComparison.OrdinalIgnoreCase)) faults.Add($"{file} is damaged (its SHA-256 is not the one in {SettingsName}). Fetch it again.");
        }

        if (!File.Exists(Model) && !Settings.Files.ContainsKey(ModelName)) faults.Add($"{Model} is not there.");
        return faults;
    }

    /// <summary>The word pieces in the order of their ids.</summary>
    /// <exception cref="BadInputException">There is none, or it is not one of a WordPiece model.</exception>
    public IReadOnlyList<string> ReadVocabulary()
    {
        var (list, tokenizer) = (System.IO.Path.Combine(Path, VocabularyName), System.IO.Path.Combine(Path, TokenizerName));
        var (file, pieces) = File.Exists(list) ? (list, File.ReadAllLines(list))
            : File.Exists(tokenizer) ? (tokenizer, FromTokenizer(tokenizer))
            : throw new BadInputException($"The sentence encoder's folder {Path} holds neither {VocabularyName} nor {TokenizerName}.");
        foreach (var mark in new[] { BertMarks.Unknown, BertMarks.Begin, BertMarks.End, BertMarks.Padding })
        {
            if (!pieces.Contains(mark, StringComparer.Ordinal)) throw new BadInputException($"The vocabulary {file} does not hold {mark}. It must be a WordPiece vocabulary, one piece a line in the order of the ids.");
        }

        if (pieces.GroupBy(p => p, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new BadInputException($"The vocabulary {file} holds the piece \"{twice.Key}\" twice. Fetch it again.");
        return pieces;
    }

    private static string[] FromTokenizer(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var model = document.RootElement.GetProperty("model");
            if (model.TryGetProperty("type", out var type) && type.GetString() is var name && name != "WordPiece")
                throw new BadInputException($"{file} describes a {name} tokenizer. Only WordPiece is read; use a model of the BERT kind.");
            var ids = model.GetProperty("vocab").EnumerateObject().Select(p => (p.Name, Id: p.Value.GetInt32())).OrderBy(p => p.Id).ToList();
            for (var i = 0; i < ids.Count; i++)
                if (ids[i].Id != i) throw new BadInputException($"{file}: the vocabulary has no piece with the id {i}. Fetch it again.");
            return [.. ids.Select(p => p.Name)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BadInputException($"{file} cannot be read as a tokenizer: {e.Message} It must hold model.type and model.vocab.", e);
        }
    }
}

/// <summary>The content of <c>encoder.json</c>.</summary>
/// <param name="Id">Travels with an index.</param>
/// <param name="Dimensions">Values of an embedding.</param>
/// <param name="Pooling">Default the mean.</param>
/// <param name="LongestInput">Word pieces that the model reads, marks included. Default 512.</param>
public sealed record EncoderSettings(string Id, int Dimensions, EncoderPooling Pooling = EncoderPooling.Mean, int LongestInput = 512)
{
    /// <summary>Put before a question. Default nothing.</summary>
    public string QuestionPrefix { get; init; } = "";

    /// <summary>Put before any other text. Default nothing.</summary>
    public string TextPrefix { get; init; } = "";

    /// <summary>Whether capital letters and accents are dropped, as the model was trained. Default true.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>SHA-256 of the folder's files by name, for "coopai doctor". Default none.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    internal string? Problem() =>
        string.IsNullOrWhiteSpace(Id) ? "\"id\" is missing: name the model; the name travels with an index."
        : Dimensions is < 1 or > 8192 ? $"\"dimensions\" is {Dimensions}; say how many values the model gives, 1 to 8192."
        : LongestInput is < 16 or > 8192 ? $"\"longestInput\" is {LongestInput}; 16 to 8192 word pieces are allowed."
        : QuestionPrefix.Length > 500 || TextPrefix.Length > 500 ? "A prefix has more than 500 characters."
        : null;
}

/// <summary>The marks of a BERT vocabulary.</summary>
internal static class BertMarks
{
    public const string Unknown = "[UNK]";
    public const string Begin = "[CLS]";
    public const string End = "[SEP]";
    public const string Padding = "[PAD]";
}
