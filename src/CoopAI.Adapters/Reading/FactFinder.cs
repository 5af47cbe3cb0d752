using System.Globalization;
using System.Text.RegularExpressions;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads what a document states of itself: "Lead Member", "Year", "Principles met" and their like, wherever they stand and however they are set.</summary>
/// <remarks>Only what is labelled counts: a date in running text or of publication is not the year of the work.</remarks>
internal sealed partial class FactFinder
{
    private const string Lead = "leadMember", Others = "participatingMembers", Year = "year", Status = "status", Topics = "topics", Principles = "principles", Contact = "contact",
        Title = "title", Address = "url", Body = "text", Slug = "slug", Kind = "kind";

    private static readonly Dictionary<string, string> Labels = Table(
        (Lead, "lead member|lead members|lead council|lead authority|lead local authority|lead partner council|lead organisation|leading council|led by|council|council name|local authority|member council|name of council|host council|lead"),
        (Others, "participating members|participating member|participating councils|participating authorities|other members|other councils|partner councils|partner members|members involved|councils involved|members taking part|councils taking part|supporting members|other participating members|also taking part|working with|partners|partner"),
        (Year, "year|years|project year|year of project|year completed|year started|year of work|date of project"),
        (Status, "status|project status|stage|type|project type"),
        (Topics, "topics|topic|themes|theme|tags|category|categories|subject|subjects|keywords|service area|service areas"),
        (Principles, "principles met|principle met|co-operative principles met|cooperative principles met|principles|co-operative principles|cooperative principles|ccin principles|principles addressed|principles demonstrated|principles shown|co-operative principles addressed|network principles|values and principles met"),
        (Contact, "contact|contacts|contact details|contact name|contact person|contact officer|for more information|for further information|for more information contact|for further information contact|lead officer|lead contact|project lead|project contact|further information|key contact|more information|to find out more"));

    // Names of columns and of front matter only: in running text they are words like others.
    private static readonly Dictionary<string, string> FieldNames = Table(
        (Title, "title|name|project|project title|project name|case study|case study title|heading|headline"),
        (Address, "url|address|link|web address|page|permalink|web page|source url|canonical|webpage"),
        (Body, "text|body|content|description|summary|story|case study text|full text|details|main text|narrative|what happened"),
        (Slug, "slug|id|key|short name"),
        (Kind, "kind"),
        (Lead, "leadmember|authority|organisation"),
        (Others, "participatingmembers|partners|members"),
        ("textBasis", "textbasis|text basis"),
        ("principlesUnknown", "principlesunknown|principles unknown"));

    // The older layout prints statements only, and of eight principles.
    private static readonly string[] LeftOut = ["democratic-engagement", "social-partnership"];

    // Values that say nothing.
    private static readonly HashSet<string> Nothing = new(StringComparer.OrdinalIgnoreCase) { "", "-", "–", "n/a", "na", "none", "not known", "unknown", "tbc", "not stated", "null", "not applicable", "various", "none listed", "none stated" };

    private readonly List<(string Words, string Id)> _names = [];
    private readonly List<(string Words, string Id)> _statements = [];
    private readonly CouncilTable _councils;

    public FactFinder(IEnumerable<Principle> principles, CouncilTable councils)
    {
        _councils = councils;
        foreach (var principle in principles)
        {
            _names.Add((Key(principle.Name), principle.Id));
            _names.Add((Key(principle.Id.Replace('-', ' ')), principle.Id));
            _statements.Add((Key(principle.RecognitionKey), principle.Id));
        }

        // Shorter and older names that pages print.
        foreach (var (name, id) in new[]
        {
            ("social value", "social-value"), ("maximise social value", "social-value"), ("maximising social value", "social-value"), ("enterprise", "enterprise-social-economy"), ("enterprise and the social economy", "enterprise-social-economy"),
            ("social economy", "enterprise-social-economy"), ("community leadership", "community-leadership"), ("a new role for councillors", "community-leadership"), ("new role for councillors", "community-leadership"), ("new models", "new-models"),
            ("new models of delivery", "new-models"), ("social partnerships", "social-partnership"), ("coproduction", "co-production"), ("from learning to action", "learning"), ("democratic engagement", "democratic-engagement"),
        }) _names.Add((Key(name), id));
        _names = [.. _names.Distinct().OrderByDescending(n => n.Words.Length).ThenBy(n => n.Words, StringComparer.Ordinal)];
    }

    /// <summary>Whether a line is a label and nothing else: "Lead Member:".</summary>
    public static bool IsLabel(string text) => text.Length <= 50 && Labels.ContainsKey(LabelKey(text));

    /// <summary>Whether a line begins with a label and its mark: a colon, a row of dots, or nothing between "Lead Member" and a name.</summary>
    public static bool StartsWithLabel(string text) => LabelAt(text) is { Sure: true };

    /// <summary>Whether a line is "Title: …" or "Project name: …".</summary>
    public static bool StartsWithTitle(string text) => text.Length <= 200 && text.IndexOf(':', StringComparison.Ordinal) is > 0 and < 30 and var at && !string.IsNullOrWhiteSpace(text[(at + 1)..]) && FieldNames.GetValueOrDefault(LabelKey(text[..at])) == Title;

    // Of two words and more, so that no sentence begins with one by chance.
    private static readonly HashSet<string> Distinct = new(
        "lead member|lead members|lead council|lead authority|participating member|participating members|participating councils|partner councils|project year|year of project|project status".Split('|'), StringComparer.Ordinal);

    private static readonly HashSet<string> Single = new("year|years|status|type".Split('|'), StringComparer.Ordinal);

    /// <summary>A line's label and its value.</summary>
    /// <param name="Sure">A colon, dots or a distinct label part them; otherwise ("Year 2017", "Status – Complete") only the company of other labels tells.</param>
    private readonly record struct LabelledLine(string Field, string Value, bool Sure);

    private static LabelledLine? LabelAt(string text)
    {
        if (text.IndexOf(':', StringComparison.Ordinal) is > 0 and < 50 and var colon && Labels.TryGetValue(LabelKey(text[..colon]), out var field))
            return new(field, text[(colon + 1)..].Trim(), true);
        if (text.Length > 200) return null;
        // Dots that lead from one column to the other, or a dash.
        var dots = text.IndexOf("...", StringComparison.Ordinal);
        if (dots is > 0 and < 50 && Labels.TryGetValue(LabelKey(text[..dots]), out field)) return new(field, text[dots..].TrimStart('.', ' ', '\t'), true);
        foreach (var dash in new[] { " – ", " — ", " - ", " | " })
        {
            if (text.IndexOf(dash, StringComparison.Ordinal) is > 0 and < 50 and var at && Labels.TryGetValue(LabelKey(text[..at]), out field))
                return new(field, text[(at + dash.Length)..].Trim(), Distinct.Contains(LabelKey(text[..at])));
        }

        // Nothing but space between: the longest label that the line begins with.
        for (var end = Math.Min(text.Length - 1, 28); end > 3; end--)
        {
            if (text[end] != ' ' || end + 1 >= text.Length || !(char.IsUpper(text[end + 1]) || char.IsDigit(text[end + 1]))) continue;
            var key = LabelKey(text[..end]);
            if (char.IsUpper(text[0]) && Labels.TryGetValue(key, out field) && (Distinct.Contains(key) || Single.Contains(key)) && Fits(field, text[(end + 1)..], strict: true)) return new(field, text[(end + 1)..], Distinct.Contains(key));
        }

        return null;
    }

    /// <summary>The field that a column or a key of front matter stands for; null: none.</summary>
    public static string? FieldOf(string name)
    {
        var key = LabelKey(name.Replace('_', ' '));
        return FieldNames.GetValueOrDefault(key) ?? Labels.GetValueOrDefault(key) ?? Labels.GetValueOrDefault(key.Replace('-', ' ')) ?? ByWords.GetValueOrDefault(WordsKey(key));
    }

    // "Name of project (10 words)" and "Project name" are one column: words that carry nothing, brackets and the order do not matter.
    private static readonly HashSet<string> Carriers = new("of the a an our your this for in to and or please give what is was were be when did it start started begin begun current short brief full main official".Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> Subjects = new(["project", "case", "study", "initiative", "scheme"], StringComparer.Ordinal);

    private static readonly Lazy<Dictionary<string, string>> WordTable = new(() =>
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (label, field) in FieldNames.Concat(Labels)) table.TryAdd(WordsKey(label), field);
        table.Remove("");
        return table;
    });

    private static Dictionary<string, string> ByWords => WordTable.Value;

    private static string WordsKey(string label)
    {
        var open = label.IndexOf('(', StringComparison.Ordinal);
        var words = Words.Split(open > 0 ? label[..open] : label).Select(w => w.Text).Where(w => !Carriers.Contains(w) && !w.All(char.IsDigit)).Order(StringComparer.Ordinal).ToList();
        // "Summary of the project": what every column is about says nothing, unless it is all there is.
        return string.Join(' ', words.Any(w => !Subjects.Contains(w)) ? words.Where(w => !Subjects.Contains(w)) : words);
    }

    /// <summary>What was found, and the blocks that are left as the text.</summary>
    public Facts Find(SourceDocument document)
    {
        var facts = new Facts();
        foreach (var field in document.Fields)
        {
            if (field.Name == "extra" || FieldOf(field.Name) is not null) Take(facts, FieldOf(field.Name) ?? field.Name, field.Value, field.Origin);
            else facts.Other.Add(field);
        }

        var blocks = document.Blocks.SelectMany(Unfold).ToList();
        var text = new List<Block>();
        for (var i = 0; i < blocks.Count; i++)
        {
            // "At a glance" over a table of labels.
            if (blocks[i] is { Kind: BlockKind.Row, Cells.Count: 1, Text.Length: < 60 } && i + 1 < blocks.Count && StartsWithLabel(blocks[i + 1].Text)) continue;
            if (text.Count == 0 && ReadTitle(facts, blocks[i])) continue;
            if (ReadLabel(facts, blocks, ref i)) continue;
            if (ReadUnlabelledPrinciples(facts, blocks, ref i)) continue;
            text.Add(blocks[i]);
            facts.HasText |= blocks[i].Text.Length > 80;
        }

        facts.Text = text;
        if (facts.PrincipleForms is { Statements: > 0, Names: 0 })
        {
            facts.PrinciplesUnknown = [.. LeftOut.Where(p => !facts.Principles!.Contains(p))];
        }

        LeadUnderTitle(facts);
        return facts;
    }

    /// <summary>Several labels in one block become a block each.</summary>
    private static IEnumerable<Block> Unfold(Block block)
    {
        if (block.Kind == BlockKind.Row && block.Cells.Count >= 2)
        {
            // A table of labels and values, side by side.
            if (block.Cells.Count % 2 == 0 && block.Cells.Where((_, i) => i % 2 == 0).All(c => c.Length == 0 || Labels.ContainsKey(LabelKey(c))) && block.Cells[0].Length > 0)
            {
                for (var i = 0; i + 1 < block.Cells.Count; i += 2)
                {
                    if (block.Cells[i].Length > 0) yield return new Block(BlockKind.Paragraph, $"{block.Cells[i].TrimEnd(':', ' ')}: {block.Cells[i + 1]}");
                }

                yield break;
            }

            yield return block;
            yield break;
        }

        var starts = new List<int>();
        if (block.Text.Length < 2000)
        {
            for (var colon = block.Text.IndexOf(':', StringComparison.Ordinal); colon > 0; colon = block.Text.IndexOf(':', colon + 1))
            {
                // The longest label that ends at this colon.
                for (var start = Math.Max(0, colon - 45); start < colon; start++)
                {
                    if ((start == 0 || block.Text[start - 1] is ' ' or '|') && char.IsUpper(block.Text[start]) && Labels.ContainsKey(LabelKey(block.Text[start..colon])))
                    {
                        starts.Add(start);
                        break;
                    }
                }
            }
        }

        if (starts.Count < 2 || starts[0] != 0)
        {
            yield return block;
            yield break;
        }

        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : block.Text.Length;
            yield return block with { Kind = BlockKind.Paragraph, Text = block.Text[starts[i]..end].Trim(' ', '|', ';', ',') };
        }
    }

    /// <summary>"Title: …" above everything else.</summary>
    private static bool ReadTitle(Facts facts, Block block)
    {
        if (facts.Title is not null || block.Kind == BlockKind.Row || !StartsWithTitle(block.Text)) return false;
        facts.Title = block.Text[(block.Text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        facts.Origins.TryAdd(Title, $"the line “{Short(block.Text)}”");
        return true;
    }

    private bool ReadLabel(Facts facts, List<Block> blocks, ref int i)
    {
        var block = blocks[i];
        if (block.Kind == BlockKind.Row) return ReadHeadRow(facts, blocks, ref i);
        string? field;
        if (LabelAt(block.Text) is { Value.Length: > 0 } line && (line.Sure || (block.Text.Length < 100 && HasCompany(facts, blocks, i))))
        {
            (field, var value, _) = line;
            if (field == Principles)
            {
                facts.StartPrinciples();
                AddPrinciples(facts, value);
                ReadPrinciples(facts, blocks, ref i, facts.HasText);
                return true;
            }

            if (!Fits(field, value, strict: false)) return false;
            facts.LastLabel = i;
            Take(facts, field, value, $"the line “{Short(block.Text)}”");
            // A list of members may go on over items of a list.
            return true;
        }

        if (block.Text.Length > 50 || !Labels.TryGetValue(LabelKey(block.Text), out field)) return false;
        if (field == Principles)
        {
            if (block.Kind != BlockKind.Heading && i + 1 < blocks.Count && PrincipleOf(blocks[i + 1].Text) is null && !IsNothing(blocks[i + 1].Text)) return false;
            facts.StartPrinciples();
            ReadPrinciples(facts, blocks, ref i, facts.HasText);
            return true;
        }

        // The value stands in what follows: one block, or the items of one list.
        var next = i + 1;
        var values = new List<string>();
        while (next < blocks.Count && blocks[next].Kind != BlockKind.Heading && !IsLabel(blocks[next].Text) && !StartsWithLabel(blocks[next].Text))
        {
            var item = blocks[next].Kind == BlockKind.ListItem;
            if (!item && values.Count > 0) break;
            values.Add(blocks[next].Text);
            next++;
            if (!item) break;
        }

        if (values.Count == 0)
        {
            // A label without a value, as forms leave them.
            if (block.Kind == BlockKind.Heading || next >= blocks.Count || !block.Text.EndsWith(':')) return false;
            return next < blocks.Count && (IsLabel(blocks[next].Text) || StartsWithLabel(blocks[next].Text));
        }

        var joined = string.Join("; ", values);
        if (field is not (Others or Topics or Contact) && values.Count > 1) joined = values[0];
        if (!Fits(field, joined, strict: true)) return false;
        Take(facts, field, joined, $"what stands under “{Short(block.Text.TrimEnd(':'))}”");
        i = next - 1;
        return true;
    }

    // The line before or the line after is a label too.
    private static bool HasCompany(Facts facts, List<Block> blocks, int i) =>
        (i > 0 && (facts.LastLabel == i - 1 || LabelAt(blocks[i - 1].Text) is not null)) || (i + 1 < blocks.Count && LabelAt(blocks[i + 1].Text) is not null);

    /// <summary>A table whose head holds labels and whose next row their values.</summary>
    private bool ReadHeadRow(Facts facts, List<Block> blocks, ref int i)
    {
        var head = blocks[i];
        if (head.Cells.Count < 2 || head.Cells.Count(c => Labels.ContainsKey(LabelKey(c))) < 2 || i + 1 >= blocks.Count || blocks[i + 1].Kind != BlockKind.Row || blocks[i + 1].Cells.Count != head.Cells.Count) return false;
        for (var c = 0; c < head.Cells.Count; c++)
        {
            if (!Labels.TryGetValue(LabelKey(head.Cells[c]), out var field)) continue;
            if (field == Principles)
            {
                facts.StartPrinciples();
                AddPrinciples(facts, blocks[i + 1].Cells[c]);
            }
            else if (Fits(field, blocks[i + 1].Cells[c], strict: false)) Take(facts, field, blocks[i + 1].Cells[c], $"the table’s column “{head.Cells[c]}”");
        }

        i++;
        return true;
    }

    private void ReadPrinciples(Facts facts, List<Block> blocks, ref int i, bool hasText)
    {
        var (named, stated) = (false, false);
        while (i + 1 < blocks.Count)
        {
            var next = blocks[i + 1];
            if (IsLabel(next.Text) || StartsWithLabel(next.Text)) break;
            // A name may have its statement below it in other words: then another name follows, or nothing does and the names before had theirs.
            if (named && next.Kind is BlockKind.Paragraph or BlockKind.ListItem or BlockKind.Quote && next.Text.Length < 500 && PrincipleOf(next.Text) is null
                && (i + 2 < blocks.Count ? IsName(blocks[i + 2].Text) : hasText && stated))
            {
                (named, stated) = (false, true);
                i++;
                continue;
            }

            var known = AddPrinciples(facts, next.Text);
            named = known && IsName(next.Text);
            if (!known && !IsStatementTail(next) && !(IsNothing(next.Text) && facts.Principles!.Count == 0)) break;
            i++;
        }

        facts.Origins.TryAdd(Principles, "the list under “Principles met”");
    }

    private bool IsName(string text) => text.Length < 80 && Key(text) is var key && _names.Any(n => n.Words == key);

    // The rest of a statement that the page breaks in two.
    private static bool IsStatementTail(Block block) => block.Kind != BlockKind.Heading && block.Text.StartsWith("We will ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Two statements in a row, or more, are a list whatever stands above it.</summary>
    private bool ReadUnlabelledPrinciples(Facts facts, List<Block> blocks, ref int i)
    {
        if (facts.Principles is not null || i + 1 >= blocks.Count || StatementOf(blocks[i].Text) is null || StatementOf(blocks[i + 1].Text) is null) return false;
        facts.StartPrinciples();
        AddPrinciples(facts, blocks[i].Text);
        ReadPrinciples(facts, blocks, ref i, facts.HasText);
        facts.Origins[Principles] = "the statements printed on the page";
        return true;
    }

    /// <summary>Adds every principle that a text names or states; false: it names none.</summary>
    private bool AddPrinciples(Facts facts, string text)
    {
        if (StatementOf(text) is { } stated)
        {
            facts.Add(stated, statement: true);
            return true;
        }

        var rest = Key(text);
        var any = false;
        while (rest.Length > 0)
        {
            var match = _names.FirstOrDefault(n => rest == n.Words || rest.StartsWith(n.Words + " ", StringComparison.Ordinal));
            if (match.Id is null) break;
            rest = rest[match.Words.Length..].TrimStart();
            if (rest.StartsWith("and ", StringComparison.Ordinal)) rest = rest[4..];
            // "Learning from others" in running text is no name of a principle.
            if (!any && rest.Length > 0 && !IsStatement(rest) && !_names.Any(n => rest == n.Words || rest.StartsWith(n.Words + " ", StringComparison.Ordinal)) && !NameIsMarked(text, match.Words)) return false;
            facts.Add(match.Id, statement: false);
            any = true;
            if (IsStatement(rest)) break;
        }

        return any;
    }

    private static bool NameIsMarked(string text, string name)
    {
        var at = text.IndexOfAny([':', '–', '—', '-', '(', ',', ';']);
        while (at > 0)
        {
            if (Key(text[..at]) == name) return true;
            at = text.IndexOfAny([':', '–', '—', '-', '(', ',', ';'], at + 1);
            if (at > 80) break;
        }

        return false;
    }

    private string? PrincipleOf(string text) => StatementOf(text) ?? (_names.FirstOrDefault(n => Key(text) is var key && (key == n.Words || key.StartsWith(n.Words + " ", StringComparison.Ordinal))).Id);

    private bool IsStatement(string key) => _statements.Any(s => key.StartsWith(s.Words, StringComparison.Ordinal));

    /// <summary>The principle whose published statement this text begins with, bullets and numbers before it passed over.</summary>
    private string? StatementOf(string text)
    {
        var key = Key(text.Length > 200 ? text[..200] : text).TrimStart("0123456789 ".ToCharArray());
        return _statements.FirstOrDefault(s => key.StartsWith(s.Words, StringComparison.Ordinal)).Id;
    }

    private void Take(Facts facts, string field, string value, string origin)
    {
        value = field == Body ? value : Tidy.Line(value);
        if (field == Principles)
        {
            if (facts.Principles is not null && facts.Principles.Count > 0) return;
            facts.StartPrinciples();
            if (!IsNothing(value))
            {
                foreach (var part in value.Split(['\n', ';', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    if (!AddPrinciples(facts, part) && !(part.Contains(',', StringComparison.Ordinal) && part.Split(',').Select(p => AddPrinciples(facts, p.Trim())).ToList().Contains(true)))
                        facts.Notes.Add($"“{Short(part)}” in {origin} is not one of the ten principles.");
                }
            }

            facts.Origins.TryAdd(field, origin);
            return;
        }

        if (IsNothing(value)) return;
        switch (field)
        {
            case Lead when facts.Lead is null:
                var leads = Members(value);
                if (leads.Count == 0) return;
                facts.Lead = leads[0];
                // "Lead Members: A and B": the first leads.
                foreach (var other in leads.Skip(1).Where(o => !facts.Others.Contains(o, StringComparer.Ordinal))) facts.Others.Add(other);
                break;
            case Others:
                foreach (var member in Members(value).Where(m => !facts.Others.Contains(m, StringComparer.Ordinal))) facts.Others.Add(member);
                break;
            case Year when facts.Year is null:
                if (YearOf(value) is not { } year)
                {
                    facts.Notes.Add($"“{Short(value)}” in {origin} holds no year.");
                    return;
                }

                facts.Year = year;
                break;
            case Status when facts.Status is null: facts.Status = value; break;
            case Topics:
                foreach (var topic in value.Split([';', ',', '|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    if (!facts.Topics.Contains(topic, StringComparer.OrdinalIgnoreCase)) facts.Topics.Add(topic);
                }

                break;
            case Contact: facts.Contacts.Add(value); break;
            case Title when facts.Title is null: facts.Title = value; break;
            case Address when facts.Address is null: facts.Address = value; break;
            case Slug when facts.Slug is null: facts.Slug = value; break;
            case Kind when facts.Kind is null: facts.Kind = value; break;
            case "textBasis": facts.TextBasis = value; break;
            case "extra": facts.ReadExtra(value); break;
            case "principlesUnknown":
                facts.PrinciplesUnknown = [.. value.Split([';', ',', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(PrincipleIds.Contains)];
                break;
            case Body: facts.Body = facts.Body is null ? value : facts.Body + "\n\n" + value; break;
            default: return;
        }

        facts.Origins.TryAdd(field, origin);
    }

    /// <summary>Whether a value can be one of this field: a heading "Partners" above a paragraph of the story is no label.</summary>
    private static bool Fits(string field, string value, bool strict) => field switch
    {
        Lead => value.Length is > 1 and < 150 && !HasSentences(value),
        Others => value.Length < 3000 && (!strict || !HasSentences(value)) && value.Split([',', ';']).All(p => p.Length < 120),
        Year => value.Length < 60 && (YearOf(value) is not null || IsNothing(value)),
        Status => value.Length < 60 && value.Split(' ').Length <= 6 && !HasSentences(value),
        Topics => value.Length < 400 && value.Split([',', ';']).All(t => t.Trim().Split(' ').Length <= 6) && !HasSentences(value),
        Contact => value.Length < 500,
        _ => true,
    };

    private static bool HasSentences(string value) => Sentences.Split(value).Count > 1 || (value.EndsWith('.') && value.Count(c => c == ' ') > 8);

    private static bool IsNothing(string value) => Nothing.Contains(value.Trim().TrimEnd('.'));

    private static int? YearOf(string value)
    {
        foreach (var match in YearForm().EnumerateMatches(value))
        {
            var year = int.Parse(value.AsSpan(match.Index, 4), CultureInfo.InvariantCulture);
            var before = match.Index > 0 && (char.IsDigit(value[match.Index - 1]) || value[match.Index - 1] is ',' or '.' or '£');
            if (!before && year is >= 1900 and <= 2100 && (match.Index + 4 >= value.Length || !char.IsDigit(value[match.Index + 4]))) return year;
        }

        return null;
    }

    /// <summary>The members of a list as people write it: "A, B and C Council"; "and" inside a name does not part it.</summary>
    private List<string> Members(string value)
    {
        var members = new List<string>();
        foreach (var part in value.Split([';', '|', '\n', '•', '·'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var commas = Commas(part);
            for (var i = 0; i < commas.Count; i++)
            {
                var piece = commas[i];
                if (i == commas.Count - 1 && piece.StartsWith("and ", StringComparison.Ordinal)) piece = piece[4..];
                foreach (var name in SplitAnd(piece.Trim(), listed: commas.Count > 1))
                {
                    var official = Official(name);
                    if (official.Length > 0 && !IsNothing(official) && !members.Contains(official, StringComparer.Ordinal)) members.Add(official);
                }
            }
        }

        return members;
    }

    // Commas inside brackets belong to a name.
    private static List<string> Commas(string value)
    {
        var parts = new List<string>();
        var (depth, start) = (0, 0);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '(') depth++;
            else if (value[i] == ')') depth--;
            else if (value[i] == ',' && depth <= 0)
            {
                parts.Add(value[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(value[start..].Trim());
        return [.. parts.Where(p => p.Length > 0)];
    }

    private IEnumerable<string> SplitAnd(string piece, bool listed)
    {
        if (_councils.OfficialName(piece) is not null) return [piece];
        foreach (var and in new[] { " and ", " & " })
        {
            for (var at = piece.IndexOf(and, StringComparison.Ordinal); at > 0; at = piece.IndexOf(and, at + 1, StringComparison.Ordinal))
            {
                var (left, right) = (piece[..at], piece[(at + and.Length)..]);
                var (known, other) = (_councils.OfficialName(left) is not null, _councils.OfficialName(right) is not null);
                if ((known && other) || (IsNamed(left) && IsNamed(right)) || (known && IsNamed(right)) || (other && IsNamed(left)) || (listed && other && !IsNamed(left)) || (listed && known))
                    return [.. SplitAnd(left, listed), .. SplitAnd(right, listed)];
            }
        }

        return [piece];
    }

    private static bool IsNamed(string name) => name.EndsWith(" Council", StringComparison.Ordinal) || name.EndsWith(" Authority", StringComparison.Ordinal) || name.EndsWith(" Borough", StringComparison.Ordinal)
        || name.StartsWith("Cyngor ", StringComparison.Ordinal) || name.StartsWith("London Borough of ", StringComparison.Ordinal) || name.StartsWith("Royal Borough of ", StringComparison.Ordinal) || name.StartsWith("City of ", StringComparison.Ordinal);

    private string Official(string name)
    {
        name = Tidy.Line(name).Trim(' ', '.', ',', ';', ':', '*', '-', '–');
        return _councils.OfficialName(name) ?? name;
    }

    /// <summary>A council's name that stands alone near the top leads, when nothing says otherwise.</summary>
    private void LeadUnderTitle(Facts facts)
    {
        if (facts.Lead is not null) return;
        for (var i = 0; i < Math.Min(3, facts.Text.Count); i++)
        {
            var text = facts.Text[i].Text;
            if (text.Length > 70 || facts.Text[i].Kind is BlockKind.Row || !(IsNamed(text) || _councils.OfficialName(text) is not null) || text.Contains('.', StringComparison.Ordinal) || text.Split(' ').Length > 8) continue;
            if (!char.IsUpper(text[0])) continue;
            var named = Members(text);
            facts.Lead = named.Count > 0 ? named[0] : Official(text);
            foreach (var other in named.Skip(1).Where(o => !facts.Others.Contains(o, StringComparer.Ordinal))) facts.Others.Add(other);
            facts.Origins.TryAdd(Lead, $"the line “{text}” near the top");
            facts.Text = [.. facts.Text.Where((_, at) => at != i)];
            return;
        }
    }

    private static string LabelKey(string text)
    {
        var key = Levelling.Level(text).Trim(' ', ':', '-', '*', '.', '?', '#', '_');
        key = key.EndsWith("(s)", StringComparison.Ordinal) ? key[..^3] + "s" : key;
        return key.Replace("(s)", "s", StringComparison.Ordinal);
    }

    // Words only: quotes, dashes, bullets and the hyphen of "co-operative" do not matter.
    private static string Key(string text) => string.Join(' ', Words.Split(Levelling.Level(text).Replace("&", " and ", StringComparison.Ordinal)).Select(w => w.Text)
        .Select(w => w.StartsWith("cooperat", StringComparison.Ordinal) || w == "coproduction" ? "co " + w[2..] : w));

    private static string Short(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "…");

    private static Dictionary<string, string> Table(params (string Field, string Names)[] rows)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, names) in rows)
        {
            foreach (var name in names.Split('|')) table[LabelKey(name)] = field;
        }

        return table;
    }

    [GeneratedRegex("[12][0-9]{3}", RegexOptions.NonBacktracking)]
    private static partial Regex YearForm();
}

/// <summary>What a document states of itself.</summary>
internal sealed class Facts
{
    public string? Title { get; set; }

    public string? Address { get; set; }

    public string? Slug { get; set; }

    public string? Kind { get; set; }

    public string? TextBasis { get; set; }

    public string? Lead { get; set; }

    public List<string> Others { get; } = [];

    public int? Year { get; set; }

    public string? Status { get; set; }

    public List<string> Topics { get; } = [];

    public List<string>? Principles { get; private set; }

    public IReadOnlyList<string> PrinciplesUnknown { get; set; } = [];

    public List<string> Contacts { get; } = [];

    /// <summary>The text, when a field holds it.</summary>
    public string? Body { get; set; }

    public IReadOnlyList<Block> Text { get; set; } = [];

    public Dictionary<string, string> Origins { get; } = new(StringComparer.Ordinal);

    public List<SourceField> Other { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>Fields of the source that this version does not know, out of an export's own column.</summary>
    public Dictionary<string, System.Text.Json.JsonElement>? Extra { get; private set; }

    public void ReadExtra(string json)
    {
        try
        {
            Extra = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, System.Text.Json.JsonElement>>(json);
        }
        catch (System.Text.Json.JsonException)
        {
            Notes.Add("The column “extra” holds no JSON and was left out.");
        }
    }

    public (int Statements, int Names) PrincipleForms { get; private set; }

    /// <summary>A paragraph of the story was read already.</summary>
    public bool HasText { get; set; }

    /// <summary>Place of the block in which a label was read last; -1: none was.</summary>
    public int LastLabel { get; set; } = -1;

    public void StartPrinciples() => Principles ??= [];

    public void Add(string principle, bool statement)
    {
        PrincipleForms = statement ? (PrincipleForms.Statements + 1, PrincipleForms.Names) : (PrincipleForms.Statements, PrincipleForms.Names + 1);
        if (!Principles!.Contains(principle)) Principles.Add(principle);
    }
}
