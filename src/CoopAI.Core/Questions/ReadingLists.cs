using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Guidance;
using CoopAI.Core.Language;

namespace CoopAI.Core.Questions;

/// <summary>The word lists that questions are read with: <c>prompts/reading/</c>. Each entry is true of any council.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class ReadingLists
{
    /// <summary>The files, by name.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["abbreviations.txt", "kinds.txt", "languages.txt", "message.txt", "places.txt", "shorthand.txt", "spellings.txt", "subjects.txt"];

    private static readonly Lazy<ReadingLists> ShippedLists = new(() => Parse(FileNames.ToDictionary(n => n, Resource, StringComparer.Ordinal)));

    private ReadingLists(IReadOnlyDictionary<string, string> files)
    {
        Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(FileNames.Select(n => $"{n}\n{files[n].ReplaceLineEndings("\n")}\n")))))[..12];
        var message = List("message.txt").Only(
            "greetings", "addressed", "closings", "headers", "subjects", "forwarded", "furniture", "lead-ins", "asks", "asks-first", "asked", "open", "interrogatives", "auxiliaries", "leaning", "before-asking", "short-forms", "nothing");
        Greetings = PhrasesOf(message, "greetings");
        Addressed = WordsOf(message, "addressed");
        Closings = PhrasesOf(message, "closings");
        Headers = PhrasesOf(message, "headers");
        Subjects = PhrasesOf(message, "subjects");
        Forwarded = PhrasesOf(message, "forwarded");
        Furniture = PhrasesOf(message, "furniture");
        LeadIns = PhrasesOf(message, "lead-ins");
        Asks = PhrasesOf(message, "asks");
        AsksFirst = PhrasesOf(message, "asks-first");
        Asked = PhrasesOf(message, "asked");
        Open = WordsOf(message, "open");
        Interrogatives = WordsOf(message, "interrogatives");
        Auxiliaries = WordsOf(message, "auxiliaries");
        Leaning = WordsOf(message, "leaning");
        BeforeAsking = WordsOf(message, "before-asking");
        ShortForms = WordsOf(message, "short-forms");
        Nothing = PhrasesOf(message, "nothing");

        var kinds = List("kinds.txt").Only([.. Enum.GetValues<AskKind>().Select(KindName), "not"]);
        NotKinds = PhrasesOf(kinds, "not");
        Kinds = [.. Enum.GetValues<AskKind>().Select(k => (k, PhrasesOf(kinds, KindName(k))))];

        var abbreviations = List("abbreviations.txt").Only("abbreviations", "also-a-word");
        Abbreviations = abbreviations.Lines("abbreviations").Select(l => AbbreviationOf("abbreviations.txt", l, false))
            .Concat(abbreviations.Lines("also-a-word").Select(l => AbbreviationOf("abbreviations.txt", l, true)))
            .GroupBy(a => a.Short, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        Shorthand = Pairs("shorthand.txt", "shorthand");
        Spellings = Pairs("spellings.txt", "british").ToFrozenDictionary(p => string.Join(' ', p.From), p => p.To, StringComparer.Ordinal);

        var places = List("places.txt").Only("nations", "regions", "types", "parts", "plain", "something-else");
        Parts = [.. places.Lines("parts").SelectMany(l => PlaceOf("places.txt", l))];
        SomethingElse = WordsOf(places, "something-else");
        Nations = [.. places.Lines("nations").SelectMany(l => PlaceOf("places.txt", l))];
        Regions = [.. places.Lines("regions").SelectMany(l => PlaceOf("places.txt", l))];
        Types = [.. places.Lines("types").SelectMany(l => PlaceOf("places.txt", l))];
        Plain = WordsOf(places, "plain");

        var languages = List("languages.txt").Only("welsh", "other");
        Welsh = WordsOf(languages, "welsh");
        Foreign = WordsOf(languages, "other");

        ListFile List(string name) => ListFile.Parse(name, files[name]);

        IReadOnlyList<(string[] From, string To)> Pairs(string file, string section) =>
            [.. List(file).Only(section).Lines(section).Select(l => l.Text.Split('=', 2) is [var from, var to] && Typed.Split(from).ToArray() is { Length: > 0 } words && to.Trim().Length > 0
                ? (words.Select(w => w.Text).ToArray(), to.Trim())
                : throw ListFile.Bad(file, l.Line, "write what is typed, then = and what is meant"))];
    }

    /// <summary>The lists that ship with the product.</summary>
    public static ReadingLists Shipped => ShippedLists.Value;

    /// <summary>First twelve digits of the SHA-256 over all files: part of every record.</summary>
    public string Version { get; }

    internal Phrases Greetings { get; }

    internal FrozenSet<string> Addressed { get; }

    internal Phrases Closings { get; }

    internal Phrases Headers { get; }

    internal Phrases Subjects { get; }

    internal Phrases Forwarded { get; }

    internal Phrases Furniture { get; }

    internal Phrases LeadIns { get; }

    internal Phrases Asks { get; }

    internal Phrases AsksFirst { get; }

    internal Phrases Asked { get; }

    internal FrozenSet<string> Open { get; }

    internal FrozenSet<string> Interrogatives { get; }

    internal FrozenSet<string> Auxiliaries { get; }

    internal FrozenSet<string> Leaning { get; }

    /// <summary>Words that may stand before "who" or "when" that asks.</summary>
    internal FrozenSet<string> BeforeAsking { get; }

    internal FrozenSet<string> ShortForms { get; }

    internal Phrases Nothing { get; }

    /// <summary>In the order in which kinds are tried.</summary>
    internal IReadOnlyList<(AskKind Kind, Phrases Cues)> Kinds { get; }

    /// <summary>Phrases that hold a kind's word and do not ask for it.</summary>
    internal Phrases NotKinds { get; }

    /// <summary>Words after a place's name that make it something else than the council.</summary>
    internal FrozenSet<string> SomethingElse { get; }

    internal FrozenDictionary<string, Abbreviation> Abbreviations { get; }

    internal IReadOnlyList<(string[] From, string To)> Shorthand { get; }

    /// <summary>British spelling by the other one.</summary>
    internal FrozenDictionary<string, string> Spellings { get; }

    internal IReadOnlyList<PlaceEntry> Nations { get; }

    internal IReadOnlyList<PlaceEntry> Regions { get; }

    internal IReadOnlyList<PlaceEntry> Types { get; }

    /// <summary>Parts of names by which people call a council.</summary>
    internal IReadOnlyList<PlaceEntry> Parts { get; }

    /// <summary>Names of councils that are English words too.</summary>
    internal FrozenSet<string> Plain { get; }

    internal FrozenSet<string> Welsh { get; }

    internal FrozenSet<string> Foreign { get; }

    /// <summary>Reads the lists.</summary>
    /// <param name="files">Contents by <see cref="FileNames"/>.</param>
    /// <exception cref="BadInputException">Names the file, the line and what would be right.</exception>
    public static ReadingLists Parse(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var name in FileNames)
        {
            if (!files.ContainsKey(name)) throw new BadInputException($"The list {name} is missing; a reading needs {string.Join(", ", FileNames)}.");
        }

        return new ReadingLists(files);
    }

    /// <summary>"how-many": as files and answers name a kind.</summary>
    public static string KindName(AskKind kind) => string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private static string Resource(string name)
    {
        using var stream = typeof(ReadingLists).Assembly.GetManifestResourceStream($"CoopAI.Core.Questions.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Phrases PhrasesOf(ListFile file, string section) => new(file.Lines(section).Select(l => l.Text));

    private static FrozenSet<string> WordsOf(ListFile file, string section) =>
        file.Lines(section).SelectMany(l => Typed.Split(l.Text).Select(w => w.Text)).ToFrozenSet(StringComparer.Ordinal);

    private static Abbreviation AbbreviationOf(string file, (int Line, string Text) line, bool alsoAWord)
    {
        if (line.Text.Split('=', 2) is not [var from, var to] || Typed.Split(from).ToArray() is not [var word])
            throw ListFile.Bad(file, line.Line, "write one short form, then = and what it stands for");
        var senses = to.Split('|').Select(Sense).ToArray();
        return new Abbreviation(word.Text, senses, alsoAWord);

        Sense Sense(string text)
        {
            var (meaning, cues) = text.Trim().TrimEnd(']').Split('[', 2) is [var m, var c] ? (m, c) : (text.Trim(), "");
            var beside = meaning.StartsWith('+');
            meaning = meaning.TrimStart('+').Trim();
            return meaning.Length > 0 ? new Sense(meaning, Typed.Split(cues).Select(w => w.Text).ToFrozenSet(StringComparer.Ordinal), beside)
                : throw ListFile.Bad(file, line.Line, "a sense is empty");
        }
    }

    private static IEnumerable<PlaceEntry> PlaceOf(string file, (int Line, string Text) line)
    {
        if (line.Text.Split('=', 2) is not [var names, var members]) throw ListFile.Bad(file, line.Line, "write the names, then = and what they hold");
        var all = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var held = members.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return all.Select(n => new PlaceEntry([.. Typed.Split(n).Select(w => w.Text)], all[0], held));
    }
}

/// <param name="Beside">Given beside the first sense when no word tells.</param>
internal sealed record Sense(string Meaning, FrozenSet<string> Cues, bool Beside);

internal sealed record Abbreviation(string Short, IReadOnlyList<Sense> Senses, bool AlsoAWord);

/// <param name="Words">One of its names.</param>
/// <param name="Name">Its first name.</param>
/// <param name="Members">Councils, a nation or a type.</param>
internal sealed record PlaceEntry(string[] Words, string Name, IReadOnlyList<string> Members);

/// <summary>Phrases that are looked for word by word. "…" stands for up to three words.</summary>
internal sealed class Phrases
{
    private const string Gap = "…";

    private readonly Dictionary<string, List<string[]>> _byFirst = new(StringComparer.Ordinal);

    public Phrases(IEnumerable<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            var words = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(w => w == Gap ? [Gap] : Typed.Split(w).Select(t => t.Text)).ToArray();
            if (words.Length == 0 || words[0] == Gap) continue;
            if (!_byFirst.TryGetValue(words[0], out var list)) _byFirst[words[0]] = list = [];
            list.Add(words);
        }

        foreach (var list in _byFirst.Values) list.Sort((a, b) => b.Length.CompareTo(a.Length));
    }

    /// <summary>Words that the longest phrase at this place takes; 0: none stands there.</summary>
    public int At(IReadOnlyList<Typed> words, int from)
    {
        if (from >= words.Count || !_byFirst.TryGetValue(words[from].Text, out var list)) return 0;
        foreach (var phrase in list)
        {
            if (Match(words, from, phrase, 0) is > 0 and var end) return end - from;
        }

        return 0;
    }

    /// <summary>Whether this one word is a phrase of the list.</summary>
    public bool IsWord(string word) => _byFirst.TryGetValue(word, out var list) && list.Exists(p => p.Length == 1);

    /// <summary>First place where a phrase stands, with its length; −1: none.</summary>
    public (int At, int Length) Find(IReadOnlyList<Typed> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (At(words, i) is > 0 and var length) return (i, length);
        }

        return (-1, 0);
    }

    private static int Match(IReadOnlyList<Typed> words, int at, string[] phrase, int from)
    {
        for (var p = from; p < phrase.Length; p++)
        {
            if (phrase[p] == Gap)
            {
                for (var skip = 0; skip <= 3; skip++)
                {
                    if (Match(words, at + skip, phrase, p + 1) is > 0 and var end) return end;
                }

                return 0;
            }

            if (at >= words.Count || words[at].Text != phrase[p]) return 0;
            at++;
        }

        return at;
    }
}
