using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Language;
using CoopAI.Core.Tagging;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CoopAI.Core.Principles;

/// <summary>The ten principles with their definitions and cues, as read from <c>prompts/principles.yaml</c>.</summary>
public sealed class PrincipleCatalogue
{
    /// <summary>File name below the prompts directory.</summary>
    public const string FileName = "principles.yaml";

    /// <summary>Fewest words of a recognition key: fewer would find statements where there are none.</summary>
    public const int MinKeyWords = 6;

    private static readonly string[] RootKeys = ["version", "wordGroups", "principles"];
    private static readonly string[] PrincipleKeys = ["id", "name", "recognitionKey", "description", "tagWhen", "notWhen", "yesExample", "noExample", "strong", "weak"];

    private PrincipleCatalogue(IReadOnlyList<Principle> principles, CueMatcher cues, string hash) =>
        (Principles, Cues, Hash) = (principles, cues, hash);

    /// <summary>All ten, in the Network's order.</summary>
    public IReadOnlyList<Principle> Principles { get; }

    /// <summary>SHA-256 of the file, lower-case hex: part of every suggestion's version.</summary>
    public string Hash { get; }

    internal CueMatcher Cues { get; }

    public Principle this[string id] => Principles.First(p => p.Id == id);

    /// <summary>Reads YAML text.</summary>
    /// <param name="name">The file's name as messages should give it.</param>
    /// <exception cref="BadInputException">The text is wrong; the message names <paramref name="name"/> and the line.</exception>
    public static PrincipleCatalogue Parse(string yaml, string name)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new BadInputException($"{name}, line {e.Start.Line}: this is not YAML: {e.Message}", e);
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode root }]) throw new BadInputException($"{name}, line 1: one mapping with \"wordGroups\" and \"principles\" is expected.");
        var reader = new Reader(name);
        reader.CheckKeys(root, RootKeys);
        var groups = reader.Groups(root);
        var nodes = reader.Sequence(root, "principles");
        var principles = nodes.Children.Select(reader.Principle).ToList();
        if (!principles.Select(p => p.Id).SequenceEqual(PrincipleIds.All, StringComparer.Ordinal))
            throw reader.Bad(nodes, $"the ten principles must stand here once each, in this order: {string.Join(", ", PrincipleIds.All)}");

        var cues = new CueMatcher(groups, principles, (i, cue, problem) => reader.Bad(nodes.Children[i], $"the cue \"{cue}\" of {principles[i].Id} {problem}"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml.ReplaceLineEndings("\n"))));
        return new PrincipleCatalogue(principles, cues, hash);
    }

    private sealed class Reader(string name)
    {
        public BadInputException Bad(YamlNode node, string problem) => new($"{name}, line {node.Start.Line}: {problem}.");

        public void CheckKeys(YamlMappingNode node, string[] known)
        {
            foreach (var key in node.Children.Keys)
            {
                if (key is not YamlScalarNode { Value: { } value } || !known.Contains(value, StringComparer.Ordinal))
                    throw Bad(key, $"\"{key}\" is not known here; known are {string.Join(", ", known)}");
            }
        }

        public Dictionary<string, IReadOnlyList<string>> Groups(YamlMappingNode root)
        {
            var groups = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            if (!root.Children.TryGetValue("wordGroups", out var node)) return groups;
            if (node is not YamlMappingNode mapping) throw Bad(node, "\"wordGroups\" must be a mapping of names to lists of words");
            foreach (var key in mapping.Children.Keys) groups.Add(key.ToString(), List(mapping, key.ToString()));
            return groups;
        }

        public Principle Principle(YamlNode node)
        {
            if (node is not YamlMappingNode mapping) throw Bad(node, "a principle must be a mapping with \"id\", \"name\" and the other fields");
            CheckKeys(mapping, PrincipleKeys);
            var principle = new Principle(
                Scalar(mapping, "id"), Scalar(mapping, "name"), Scalar(mapping, "recognitionKey"), Scalar(mapping, "description"),
                Scalar(mapping, "tagWhen"), Scalar(mapping, "notWhen"), Scalar(mapping, "yesExample"), Scalar(mapping, "noExample"), List(mapping, "strong"), List(mapping, "weak"));
            if (Words.Split(principle.RecognitionKey).Count() < MinKeyWords) throw Bad(mapping, $"\"recognitionKey\" of {principle.Id} needs at least {MinKeyWords} words");
            return principle;
        }

        public YamlSequenceNode Sequence(YamlMappingNode node, string key) =>
            node.Children.TryGetValue(key, out var value) && value is YamlSequenceNode sequence ? sequence : throw Bad(node, $"the list \"{key}\" is missing");

        private string Scalar(YamlMappingNode node, string key) =>
            node.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value: { } text } && text.Trim().Length > 0
                ? text.Trim() : throw Bad(node, $"\"{key}\" is missing or empty");

        private IReadOnlyList<string> List(YamlMappingNode node, string key) =>
            [.. Sequence(node, key).Children.Select(c => c is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Bad(c, $"\"{key}\" must hold words only"))];
    }
}
