using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CoopAI.Core.Corpus;
using CoopAI.Core.Grounding;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Guidance.Rules;
using CoopAI.Core.Guidance.Rules.Evidence;
using CoopAI.Core.Guidance.Rules.Protection;
using CoopAI.Core.Language;
using CoopAI.Core.Ledger;
using CoopAI.Core.Verdicts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CoopAI.Core.Guidance;

/// <summary>The values guidance: twenty rules with their settings and lists, loaded from a folder that members can read and change.</summary>
/// <remarks>Immutable and safe to share between threads. Specification and sources: <c>prompts/guidance/README.md</c>.</remarks>
public sealed class GuidanceFramework
{
    /// <summary>Name of the file with the rules.</summary>
    public const string RulesFile = "framework.yaml";

    /// <summary>Largest file of the folder, in bytes.</summary>
    public const int MaxFileBytes = 4 * 1024 * 1024;

    /// <summary>Check types that protect people: every framework has them, hard, and no rule of theirs can be switched off or weakened.</summary>
    public static IReadOnlyList<string> HardChecks { get; } = ["personal-data", "individual-decision", "party-politics", "injection", "notice", "record"];

    // The pipeline asks these of every framework, whatever its rules are called.
    private static readonly IReadOnlyList<string> NeededChecks = [.. HardChecks, "source", "numbers", "councils-and-quotes", "evidence"];

    private static readonly IReadOnlyList<string> StageNames = ["question", "retrieved", "answer", "record"];

    private readonly Dictionary<string, (RuleDefinition Rule, IRuleChecker? Checker)> rules;
    private readonly Dictionary<Stage, IReadOnlyList<string>> order;
    private readonly IReadOnlyDictionary<string, string> shipped;
    private readonly IReadOnlyDictionary<string, string> files;

    private GuidanceFramework(
        Dictionary<string, (RuleDefinition Rule, IRuleChecker? Checker)> rules,
        Dictionary<Stage, IReadOnlyList<string>> order,
        string name,
        string label,
        string hash,
        IReadOnlyDictionary<string, string> fileHashes,
        IReadOnlyDictionary<string, string> shipped,
        IReadOnlyList<GuidanceEdit> edits,
        IReadOnlyDictionary<string, string> files)
    {
        this.rules = rules;
        this.order = order;
        this.shipped = shipped;
        this.files = files;
        Edits = edits;
        (Name, Label, Hash, FileHashes) = (name, label, hash, fileHashes);
    }

    /// <summary>Name of the framework, "VG" as shipped.</summary>
    public string Name { get; }

    /// <summary>The version that people gave it, for example "1.1".</summary>
    public string Label { get; }

    /// <summary>SHA-256 (lower-case hex) over the names and levelled contents of all files of the folder.</summary>
    public string Hash { get; }

    /// <summary>What goes into every result: name, label and the first twelve digits of <see cref="Hash"/>.</summary>
    public string Version => $"{Name} {Label} ({Hash[..12]})";

    /// <summary>SHA-256 of each file's levelled content, by file name.</summary>
    public IReadOnlyDictionary<string, string> FileHashes { get; }

    /// <summary>What people changed while the service runs, oldest first; it is part of <see cref="Hash"/>.</summary>
    public IReadOnlyList<GuidanceEdit> Edits { get; }

    /// <summary>The same files with one more edit, or one that takes an earlier one back.</summary>
    /// <exception cref="BadInputException">The framework would be broken, or nothing would change.</exception>
    public GuidanceFramework With(GuidanceEdit edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var changed = Load(shipped, [.. Edits, edit]);
        return changed.Hash != Hash ? changed : throw new BadInputException("The rules say so already: nothing would change.");
    }

    /// <summary>The lists of words that a rule goes by, section by section, with what people changed.</summary>
    public IReadOnlyList<RuleList> ListsOf(RuleDefinition rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return
        [
            .. rule.Settings.Values.OfType<string>().Where(v => v.EndsWith(".txt", StringComparison.Ordinal) && files.ContainsKey(v)).Distinct(StringComparer.Ordinal)
                .Select(f => ListFile.Parse(f, files[f])).SelectMany(l => l.Sections.Select(s => new RuleList(l.Name, s, [.. l.Lines(s, required: false).Select(x => x.Text)]))),
        ];
    }

    /// <summary>The content of one file of the framework, with what people changed; null: there is none of this name.</summary>
    public string? FileContent(string name) => files.GetValueOrDefault(name);

    /// <summary>The rules by id, VG01 first.</summary>
    public IReadOnlyList<RuleDefinition> Rules => [.. rules.Values.Select(r => r.Rule).OrderBy(r => r.Id, StringComparer.Ordinal)];

    /// <summary>The rule with this id.</summary>
    /// <exception cref="KeyNotFoundException">There is no such rule.</exception>
    public RuleDefinition Rule(string id) => rules[id].Rule;

    internal IRuleChecker? CheckerOf(string id) => rules[id].Checker;

    /// <summary>The first rule of a check type, or null.</summary>
    public RuleDefinition? RuleOf(string check) => Rules.FirstOrDefault(r => r.Check == check);

    internal T Checker<T>(string check)
        where T : IRuleChecker => (T)rules[RuleOf(check)!.Id].Checker!;

    /// <summary>Whether the rule of this id is one of a check type.</summary>
    public bool Is(string id, string check) => rules.TryGetValue(id, out var rule) && rule.Rule.Check == check;

    /// <summary>Pre-election periods of the framework's own table; empty: dates are not loaded.</summary>
    public IReadOnlyList<ElectionWindow> ElectionDates => RuleOf("election") is null ? [] : Checker<ElectionChecker>("election").Table;

    /// <summary>The checker of personal data.</summary>
    internal PersonalDataChecker? PersonalData => rules.Values.Select(r => r.Checker).OfType<PersonalDataChecker>().FirstOrDefault();

    /// <summary>What personal data a text holds ("phone number", each once), for every door at which a person can type something that is kept.</summary>
    /// <exception cref="BadInputException">The text could not be checked in time.</exception>
    public IReadOnlyList<string> PersonalDataIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return PersonalData is { } finder ? [.. finder.Find(TextView.Level(text)).Select(h => PersonalDataChecker.NameOf(h.Kind)).Distinct(StringComparer.Ordinal)] : [];
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new BadInputException("The text could not be checked for personal data in time, so nothing was kept. Shorten it, or take out what is no ordinary writing.", e);
        }
    }

    /// <summary>Refuses a text that holds personal data; the message names the field and the kind, never the text.</summary>
    /// <exception cref="BadInputException">It does.</exception>
    /// <param name="isName">The field is a name that the person signs with: an e-mail address may be that.</param>
    /// <param name="isContact">The field is where an organisation is reached: its e-mail address, telephone number and postcode may stand there.</param>
    public void RefusePersonalData(string field, string? text, bool isName = false, bool isContact = false)
    {
        if (string.IsNullOrEmpty(text)) return;
        string[] allowed = isContact ? ["email", "phone", "postcode"] : isName ? ["email"] : [];
        if (PersonalDataIn(text).Except(allowed.Select(PersonalDataChecker.NameOf), StringComparer.Ordinal).ToList() is { Count: > 0 } kinds)
            throw new BadInputException($"The {field} seems to hold personal data ({string.Join(", ", kinds)}). Please leave it out; nothing was kept.");
    }

    /// <summary>Refuses an entry of the ledger whose texts hold personal data: names, reasons and replies, whichever door they came through.</summary>
    /// <remarks>An answer's texts are looked at before they become a draft: of a question that holds personal data nothing is kept.</remarks>
    /// <exception cref="BadInputException">One does.</exception>
    public void RefusePersonalData(LedgerDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.Kind is LedgerKind.Answer) return;
        foreach (var (name, text) in draft.Texts)
        {
            var isName = name is "by" or "owner" or "account";
            RefusePersonalData(isName ? "name" : name, text, isName);
        }
    }

    /// <summary>The framework's own table of councils.</summary>
    internal CouncilTable Councils => Checker<GroundingChecker>("councils-and-quotes").Councils ?? CouncilTable.Default;

    /// <summary>The sentence verifier with this framework's settings and lists.</summary>
    /// <param name="encode">L2-normalised embedding of a text, or null.</param>
    public SentenceVerifier CreateVerifier(Func<string, ReadOnlyMemory<float>>? encode = null)
    {
        var (first, second, third) = (Checker<GroundingChecker>("source"), Checker<GroundingChecker>("numbers"), Checker<GroundingChecker>("councils-and-quotes"));
        var settings = first.Settings with
        {
            ApproxTolerance = second.Settings.ApproxTolerance,
            DerivedNumbers = second.Settings.DerivedNumbers,
            MinQuoteChars = third.Settings.MinQuoteChars,
            Version = Version,
        };
        return new SentenceVerifier(settings, third.Councils, first.Lexicon, encode);
    }

    /// <summary>Rule ids in the order in which they run at a stage.</summary>
    public IReadOnlyList<string> OrderOf(Stage stage) => order[stage];

    /// <summary>Reads and checks the files of a guidance folder.</summary>
    /// <param name="files">Contents by file name, as <see cref="Text"/> gives them.</param>
    /// <exception cref="BadInputException">A file is missing, broken or holds a value out of range; the message names file and line.</exception>
    /// <param name="edits">Laid over the files; null: none.</param>
    public static GuidanceFramework Load(IReadOnlyDictionary<string, string> files, IReadOnlyList<GuidanceEdit>? edits = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        var shipped = files;
        files = GuidanceEdit.LaidOver(files, edits ?? []);
        if (!files.TryGetValue(RulesFile, out var yaml)) throw new BadInputException($"{RulesFile} is missing in the guidance folder.");
        var root = Parse(yaml);
        var reader = new YamlReader(RulesFile);
        reader.Only(root, "framework", "version", "statement_of_principles", "never_off", "order", "rules");
        var definitions = new Dictionary<string, (RuleDefinition, IRuleChecker?)>(StringComparer.Ordinal);
        var classifiers = new Dictionary<string, QuestionClassifiers>(StringComparer.Ordinal);
        var list = reader.Sequence(root, "rules");
        foreach (var node in list)
        {
            var (definition, checker) = ReadRule(reader, node, name => files.GetValueOrDefault(name), classifiers);
            if (!definitions.TryAdd(definition.Id, (definition, checker))) throw reader.Bad(node, $"rule {definition.Id} comes twice");
        }

        foreach (var check in NeededChecks)
        {
            if (!definitions.Values.Any(d => d.Item1.Check == check)) throw reader.Bad(list, $"a rule that checks '{check}' is missing; a soft rule is switched off with 'on: false' and 'off_reason', not by leaving it out");
        }

        CheckNeverOff(reader, root, definitions.Values.Select(d => d.Item1));
        var hashes = files.ToDictionary(f => f.Key, f => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(f.Value))), StringComparer.Ordinal);
        var all = string.Concat(hashes.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}\n{h.Value}\n"));
        return new GuidanceFramework(
            definitions,
            ReadOrder(reader, root, definitions),
            reader.Text(root, "framework"),
            reader.Text(root, "version"),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all))),
            hashes,
            shipped,
            edits ?? [],
            files);
    }

    /// <summary>The text of one file of the folder. Line ends, a byte-order mark and trailing spaces are not part of what a rule says, so they are not part of its version either.</summary>
    /// <exception cref="BadInputException">The bytes are not UTF-8; the message names the line.</exception>
    public static string Text(string name, byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n");
            return string.Join('\n', text.Split('\n').Select(l => l.TrimEnd())).TrimEnd('\n') + "\n";
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + bytes.AsSpan(0, Math.Max(0, e.Index)).Count((byte)'\n');
            throw new BadInputException($"{name}, line {line}: not UTF-8.", e);
        }
    }

    private static YamlMappingNode Parse(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new BadInputException($"{RulesFile}, line {e.Start.Line}: not YAML: {(e.InnerException ?? e).Message}.", e);
        }

        return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new BadInputException($"{RulesFile}, line 1: must be one mapping with 'rules'.");
    }

    private static void CheckNeverOff(YamlReader reader, YamlMappingNode root, IEnumerable<RuleDefinition> rules)
    {
        var named = reader.Sequence(root, "never_off");
        var ids = named.Select(n => (n as YamlScalarNode)?.Value ?? "").ToHashSet(StringComparer.Ordinal);
        string[] hard = [.. rules.Where(r => HardChecks.Contains(r.Check, StringComparer.Ordinal)).Select(r => r.Id).Order(StringComparer.Ordinal)];
        foreach (var id in hard)
        {
            if (!ids.Contains(id)) throw reader.Bad(named, $"never_off must name {id}; the rules that cannot be switched off are {string.Join(", ", hard)}");
        }
    }

    // Two to twenty capitals, digits and hyphens, a letter first: what a page's address, a record and a review can carry.
    private static bool IsId(string id) => id.Length is >= 2 and <= 20 && char.IsAsciiLetterUpper(id[0]) && id.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-');

    private static (RuleDefinition Rule, IRuleChecker? Checker) ReadRule(YamlReader reader, YamlNode node, Func<string, string?> readFile, Dictionary<string, QuestionClassifiers> classifiers)
    {
        if (node is not YamlMappingNode map) throw reader.Bad(node, "a rule must be a mapping");
        reader.Only(map, "id", "name", "on", "off_reason", "severity", "stages", "check", "settings", "on_fail", "says", "from_ccin", "from_outside", "how", "shows", "limit");
        var id = reader.Text(map, "id");
        if (!IsId(id)) throw reader.Bad(map, $"'{id}' is not a rule id; an id is 2 to 20 capitals, digits and hyphens, a letter first, such as VG01");
        var check = reader.Text(map, "check");
        if (!CheckerFactory.Types.Contains(check)) throw reader.Bad(YamlReader.Child(map, "check"), $"{id}: check is '{check}'; it must be one of {string.Join(", ", CheckerFactory.Types.Order(StringComparer.Ordinal))}");
        var severity = reader.Text(map, "severity");
        if (severity is not ("hard" or "soft")) throw reader.Bad(YamlReader.Child(map, "severity"), $"{id}: severity is '{severity}'; it must be hard or soft");

        var never = HardChecks.Contains(check, StringComparer.Ordinal);
        var on = reader.TextOr(map, "on", "true") switch
        {
            "true" => true,
            "false" => false,
            var other => throw reader.Bad(YamlReader.Child(map, "on"), $"{id}: on is '{other}'; it must be true or false"),
        };
        var reason = reader.TextOr(map, "off_reason", "");
        if (!on && never) throw reader.Bad(YamlReader.Child(map, "on"), $"{id} cannot be switched off");
        if (!on && severity == "hard") throw reader.Bad(YamlReader.Child(map, "on"), $"{id} is a hard rule; only soft rules can be switched off");
        if (!on && string.IsNullOrWhiteSpace(reason)) throw reader.Bad(YamlReader.Child(map, "on"), $"{id} is switched off without an off_reason");
        if (never && severity != "hard") throw reader.Bad(YamlReader.Child(map, "severity"), $"{id} must stay hard");

        var stages = reader.Sequence(map, "stages").Select(n => n is YamlScalarNode { Value: { } s } && StageNames.Contains(s, StringComparer.Ordinal)
            ? Enum.Parse<Stage>(s, ignoreCase: true)
            : throw reader.Bad(n, $"{id}: '{n}' is not a stage; stages are {string.Join(", ", StageNames)}")).ToArray();

        var onFail = new SortedDictionary<string, IReadOnlyList<RuleAction>>(StringComparer.Ordinal);
        foreach (var (key, value) in reader.Mapping(map, "on_fail"))
        {
            var actions = value is YamlSequenceNode many ? many.Children : [value];
            onFail[((YamlScalarNode)key).Value!] = [.. actions.Select(a => ReadAction(reader, id, a))];
            if (actions.Count == 0) throw reader.Bad(key, $"{id}: on_fail needs an action");
        }

        foreach (var stage in stages)
        {
            if (!onFail.Keys.Any(k => k.StartsWith(stage.ToString(), StringComparison.OrdinalIgnoreCase)) && onFail.Count == 0)
                throw reader.Bad(map, $"{id}: on_fail says nothing");
        }

        if (never) RefuseWeakened(reader, map, id, onFail);
        var says = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (map.Children.ContainsKey(new YamlScalarNode("says")))
        {
            foreach (var (key, value) in reader.Mapping(map, "says"))
                says[((YamlScalarNode)key).Value!] = value is YamlScalarNode { Value.Length: > 0 } text ? text.Value! : throw reader.Bad(value, $"{id}: a line under 'says' is empty");
        }

        var settingsNode = map.Children.TryGetValue(new YamlScalarNode("settings"), out var given)
            ? given as YamlMappingNode ?? throw reader.Bad(given, $"{id}: settings must be a mapping") : null;
        var settings = new RuleSettings(RulesFile, id, (int)map.Start.Line, settingsNode, readFile, classifiers);
        var checker = CheckerFactory.Create(check, settings);
        settings.RefuseUnread();

        var outside = reader.Sequence(map, "from_outside").Select(n => n is YamlMappingNode o
            ? new RuleOrigin(reader.Text(o, "name"), reader.TextOr(o, "address", "") is { Length: > 0 } a ? a : null)
            : throw reader.Bad(n, $"{id}: an entry of from_outside needs name and address")).ToArray();
        var definition = new RuleDefinition(
            id, reader.Text(map, "name"), check, stages, severity, on, on ? null : reason, !never && severity == "soft", onFail, says, settings.Values,
            [.. reader.Sequence(map, "from_ccin").Select(n => n.ToString())], outside,
            reader.Text(map, "how"), reader.Text(map, "shows"), reader.Text(map, "limit"));
        checker.Rule = definition;
        return (definition, checker);
    }

    private static RuleAction ReadAction(YamlReader reader, string id, YamlNode node)
    {
        var name = (node as YamlScalarNode)?.Value ?? "";
        foreach (var action in Enum.GetValues<RuleAction>())
        {
            if (action != RuleAction.None && NameOf(action) == name) return action;
        }

        throw reader.Bad(node, $"{id}: '{name}' is not an action; actions are {string.Join(", ", Enum.GetValues<RuleAction>().Skip(1).Select(NameOf))}");
    }

    internal static string NameOf(RuleAction action) => action switch
    {
        RuleAction.DropTag => "drop-tag",
        RuleAction.ReRank => "re-rank",
        _ => action.ToString().ToLowerInvariant(),
    };

    // "Cannot be switched off" would mean little if the action could be turned into a mere flag.
    private static void RefuseWeakened(YamlReader reader, YamlMappingNode map, string id, SortedDictionary<string, IReadOnlyList<RuleAction>> onFail)
    {
        foreach (var stage in StageNames)
        {
            if (onFail.TryGetValue(stage, out var actions) && actions[0] is not (RuleAction.Block or RuleAction.Quarantine or RuleAction.Withhold or RuleAction.Redact))
                throw reader.Bad(YamlReader.Child(map, "on_fail"), $"{id} cannot be switched off, so its action at '{stage}' must be block, quarantine, withhold or redact");
        }
    }

    private static Dictionary<Stage, IReadOnlyList<string>> ReadOrder(YamlReader reader, YamlMappingNode root, Dictionary<string, (RuleDefinition Rule, IRuleChecker?)> rules)
    {
        var map = reader.Mapping(root, "order");
        var order = new Dictionary<Stage, IReadOnlyList<string>>();
        foreach (var stage in Enum.GetValues<Stage>())
        {
            var node = reader.Sequence(map, stage.ToString().ToLowerInvariant());
            var ids = node.Select(n => (n as YamlScalarNode)?.Value ?? "").ToArray();
            foreach (var id in ids)
            {
                if (!rules.TryGetValue(id, out var rule) || !rule.Rule.Stages.Contains(stage)) throw reader.Bad(node, $"'{id}' is in the order of stage '{stage.ToString().ToLowerInvariant()}' but is no rule of that stage");
            }

            foreach (var (id, rule) in rules)
            {
                if (rule.Rule.Stages.Contains(stage) && ids.Count(i => i == id) != 1) throw reader.Bad(node, $"{id} runs at stage '{stage.ToString().ToLowerInvariant()}' and must be in its order exactly once");
            }

            order[stage] = ids;
        }

        return order;
    }

    private sealed class YamlReader(string file)
    {
        public BadInputException Bad(YamlNode? node, string message) => ListFile.Bad(file, node is null ? 1 : (int)node.Start.Line, message);

        public static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

        public string Text(YamlMappingNode map, string key) =>
            Child(map, key) is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value! : throw Bad(Child(map, key) ?? map, $"'{key}' is missing or empty");

        public string TextOr(YamlMappingNode map, string key, string otherwise) => Child(map, key) is null ? otherwise : Text(map, key);

        public YamlSequenceNode Sequence(YamlMappingNode map, string key) => Child(map, key) as YamlSequenceNode ?? throw Bad(Child(map, key) ?? map, $"'{key}' is missing or not a list");

        public YamlMappingNode Mapping(YamlMappingNode map, string key) => Child(map, key) as YamlMappingNode ?? throw Bad(Child(map, key) ?? map, $"'{key}' is missing or not a mapping");

        public void Only(YamlMappingNode map, params ReadOnlySpan<string> known)
        {
            foreach (var (key, _) in map.Children)
            {
                if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name)) throw Bad(key, $"'{key}' is not known here; known are {string.Join(", ", known.ToArray())}");
            }
        }
    }
}
