using System.Globalization;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Language;
using YamlDotNet.RepresentationModel;

namespace CoopAI.Core.Guidance;

/// <summary>Typed, checked access to one rule's settings. Every wrong value names file and line; settings that nobody read are refused.</summary>
internal sealed class RuleSettings(string file, string rule, int line, YamlMappingNode? node, Func<string, string?> readFile, Dictionary<string, QuestionClassifiers>? classifiers = null)
{
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, object> values = new(StringComparer.Ordinal);

    /// <summary>What was read, for showing.</summary>
    public IReadOnlyDictionary<string, object> Values => values;

    public double Number(string key, double defaultValue, double min, double max)
    {
        var value = defaultValue;
        if (Scalar(key) is { } scalar && (!double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || value < min || value > max || double.IsNaN(value)))
            throw Bad(scalar, $"{rule}: {key} is '{scalar.Value}'; it must be a number from {min.ToString(CultureInfo.InvariantCulture)} to {max.ToString(CultureInfo.InvariantCulture)}");
        values[key] = value;
        return value;
    }

    public int Integer(string key, int defaultValue, int min, int max)
    {
        var value = defaultValue;
        if (Scalar(key) is { } scalar && (!int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) || value < min || value > max))
            throw Bad(scalar, $"{rule}: {key} is '{scalar.Value}'; it must be a whole number from {min} to {max}");
        values[key] = value;
        return value;
    }

    public bool Flag(string key, bool defaultValue)
    {
        var value = defaultValue;
        if (Scalar(key) is { } scalar && !bool.TryParse(scalar.Value, out value)) throw Bad(scalar, $"{rule}: {key} is '{scalar.Value}'; it must be true or false");
        values[key] = value;
        return value;
    }

    public string Text(string key, string defaultValue, params ReadOnlySpan<string> allowed)
    {
        var value = defaultValue;
        if (Scalar(key) is { } scalar)
        {
            value = scalar.Value ?? "";
            if (allowed.Length > 0 && !allowed.Contains(value)) throw Bad(scalar, $"{rule}: {key} is '{value}'; it must be one of {string.Join(", ", allowed.ToArray())}");
        }

        values[key] = value;
        return value;
    }

    /// <param name="known">What an entry may be; empty: anything.</param>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> defaultValue, IReadOnlyList<string>? known = null)
    {
        IReadOnlyList<string> value = defaultValue;
        if (Child(key) is { } child)
        {
            if (child is not YamlSequenceNode list) throw Bad(child, $"{rule}: {key} must be a list");
            foreach (var item in list)
            {
                if (item is not YamlScalarNode { Value.Length: > 0 } entry) throw Bad(item, $"{rule}: an entry of {key} is empty or not a text");
                if (known is not null && !known.Contains(entry.Value, StringComparer.Ordinal)) throw Bad(item, $"{rule}: '{entry.Value}' in {key} is not known; known are {string.Join(", ", known)}");
            }

            value = [.. list.Select(i => ((YamlScalarNode)i).Value!)];
        }

        values[key] = value;
        return value;
    }

    /// <summary>A list file that the setting names.</summary>
    public ListFile List(string key, string defaultFile)
    {
        var (name, content) = File(key, defaultFile);
        return ListFile.Parse(name, content);
    }

    /// <summary>Name and content of a file that the setting names.</summary>
    public (string Name, string Content) File(string key, string defaultFile)
    {
        var scalar = Scalar(key);
        var name = scalar?.Value ?? defaultFile;
        values[key] = name;
        if (name.Length == 0 || name != Path.GetFileName(name)) throw Bad(scalar, $"{rule}: {key} is '{name}'; it must be the name of a file in this folder");
        return (name, readFile(name) ?? throw Bad(scalar, $"{rule}: {key} names the file '{name}', which is not in this folder"));
    }

    /// <summary>The classifiers of the files that <c>classifier</c> and <c>classifier_words</c> name; null when the rule sets <c>classifier: none</c>. Files that several rules name are read once.</summary>
    public QuestionClassifiers? Classifiers()
    {
        if (Scalar("classifier")?.Value == "none")
        {
            values["classifier"] = "none";
            _ = Scalar("classifier_words");
            return null;
        }

        var (wordsName, words) = File("classifier_words", "question-words.txt");
        var (name, content) = File("classifier", "question-classifiers.json");
        var key = $"{name}/{wordsName}";
        if (classifiers?.GetValueOrDefault(key) is { } read) return read;
        var made = new QuestionClassifiers(name, content, new QuestionFeatures(ListFile.Parse(wordsName, words)));
        classifiers?.Add(key, made);
        return made;
    }

    /// <exception cref="BadInputException">A setting that no checker read: misspelt, or of another rule.</exception>
    public void RefuseUnread()
    {
        if (node is null) return;
        foreach (var (key, _) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name } && !read.Contains(name))
                throw Bad(key, $"{rule} has no setting '{name}'; it has {string.Join(", ", read.Order(StringComparer.Ordinal))}");
        }
    }

    private YamlNode? Child(string key)
    {
        read.Add(key);
        return node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
    }

    private YamlScalarNode? Scalar(string key) => Child(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar,
        var other => throw Bad(other, $"{rule}: {key} must be a single value"),
    };

    private BadInputException Bad(YamlNode? at, string message) => ListFile.Bad(file, at is null ? line : (int)at.Start.Line, message);
}
