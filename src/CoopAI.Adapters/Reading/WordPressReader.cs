using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using CoopAI.Core.Corpus;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads WordPress: its export (WXR), entry by entry whatever its size, and answers of its REST interface.</summary>
/// <remarks>Published entries that can be case studies are read: of a type of their own, or posts and pages that carry the labels of one. Attachments, menus, drafts and revisions are passed over.</remarks>
internal static class WordPressReader
{
    private static readonly string[] Kinds = ["case", "stud", "project", "policy", "lab", "prototype", "story", "resource"];

    private static readonly HashSet<string> NoTopics = new(StringComparer.OrdinalIgnoreCase) { "uncategorised", "uncategorized", "case study", "case studies", "news", "blog", "featured" };

    /// <summary>One entry of either source.</summary>
    private sealed class Entry
    {
        public string Title { get; set; } = "";

        public string Link { get; set; } = "";

        public string Slug { get; set; } = "";

        public string Content { get; set; } = "";

        public string Excerpt { get; set; } = "";

        public string Type { get; set; } = "post";

        public string State { get; set; } = "publish";

        public string Password { get; set; } = "";

        public List<SourceField> Fields { get; } = [];

        public List<string> Categories { get; } = [];

        public bool TooLarge { get; set; }
    }

    /// <summary>Streams an export: never more than one entry is in memory.</summary>
    public static IEnumerable<(SourceDocument? Document, ImportProblem? Problem)> ReadExport(Stream stream, string file)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false, IgnoreComments = true, IgnoreProcessingInstructions = true, MaxCharactersFromEntities = 1_000_000 };
        using var xml = XmlReader.Create(stream, settings);
        var passed = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (number, read) = (0, 0);
        ImportProblem? broken = null;
        while (broken is null)
        {
            Entry? entry = null;
            var line = (xml as IXmlLineInfo)?.LineNumber ?? 0;
            try
            {
                if (!xml.Read()) break;
                if (xml is not { NodeType: XmlNodeType.Element, LocalName: "item" }) continue;
                line = ((IXmlLineInfo)xml).LineNumber;
                number++;
                entry = ReadEntry(xml);
            }
            catch (XmlException e)
            {
                broken = new ImportProblem(file, string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber}"),
                    number == 0 && e.Message.Contains("DTD", StringComparison.Ordinal) ? "the file defines entities of its own, which no export does. Export it again from WordPress."
                    : $"the export breaks here, and what follows was not read ({read} entries were). Export it again from WordPress.", e.LineNumber);
                break;
            }

            var place = new SourcePlace(file, string.Create(CultureInfo.InvariantCulture, $"entry {number} (line {line})"));
            if (entry.TooLarge)
            {
                yield return (null, new ImportProblem(place.File, place.Place, $"an element of the entry is longer than {ReadingLimits.WordPressElement} characters. Shorten it in WordPress and export again.", line));
                continue;
            }

            if (Document(entry, place) is { } document)
            {
                read++;
                yield return (document, null);
            }
            else if (entry.State != "publish" || entry.Password.Length > 0) passed["not published"] = passed.GetValueOrDefault("not published") + 1;
            else passed[entry.Type] = passed.GetValueOrDefault(entry.Type) + 1;
        }

        if (broken is not null) yield return (null, broken);
        else if (read == 0)
        {
            yield return (null, new ImportProblem(file, null, number == 0 ? "the export holds no entries. In WordPress choose Tools, Export, All content."
                : $"none of its {number} entries is a published case study ({string.Join(", ", passed.Select(p => $"{p.Value} {p.Key}"))}). Export the type of content that the case studies are."));
        }
    }

    /// <summary>An answer of <c>/wp-json/wp/v2/…</c>: one entry or a list.</summary>
    public static IEnumerable<(SourceDocument? Document, ImportProblem? Problem)> ReadRest(JsonElement root, string file)
    {
        var number = 0;
        foreach (var post in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : new[] { root }.AsEnumerable())
        {
            number++;
            var place = new SourcePlace(file, root.ValueKind == JsonValueKind.Array ? string.Create(CultureInfo.InvariantCulture, $"entry {number}") : null);
            if (post.ValueKind != JsonValueKind.Object || !IsRest(post))
            {
                yield return (null, new ImportProblem(place.File, place.Place, "this is no entry of WordPress: it needs “title” and “content”, each with “rendered”."));
                continue;
            }

            var entry = new Entry
            {
                Title = Rendered(post, "title"),
                Content = Rendered(post, "content"),
                Excerpt = Rendered(post, "excerpt"),
                Link = String(post, "link"),
                Slug = String(post, "slug"),
                Type = String(post, "type") is { Length: > 0 } type ? type : "case-study",
                State = String(post, "status") is { Length: > 0 } state ? state : "publish",
            };
            foreach (var box in new[] { "acf", "meta", "fields" })
            {
                if (!post.TryGetProperty(box, out var values) || values.ValueKind != JsonValueKind.Object) continue;
                foreach (var value in values.EnumerateObject())
                {
                    if (Flat(value.Value) is { Length: > 0 } text) entry.Fields.Add(new SourceField(value.Name, text, $"the field “{value.Name}”"));
                }
            }

            if (post.TryGetProperty("_embedded", out var embedded) && embedded.ValueKind == JsonValueKind.Object && embedded.TryGetProperty("wp:term", out var terms) && terms.ValueKind == JsonValueKind.Array)
            {
                foreach (var term in terms.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Array).SelectMany(t => t.EnumerateArray()).Where(t => t.ValueKind == JsonValueKind.Object))
                    Term(entry, String(term, "taxonomy"), Tidy.Line(Tidy.Entities(String(term, "name"))));
            }

            if (Document(entry, place) is { } document) yield return (document, null);
        }
    }

    /// <summary>Whether an object is an entry of WordPress' REST interface.</summary>
    public static bool IsRest(JsonElement post) => post.ValueKind == JsonValueKind.Object
        && post.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.Object && title.TryGetProperty("rendered", out _);

    private static SourceDocument? Document(Entry entry, SourcePlace place)
    {
        if (entry.State != "publish" || entry.Password.Length > 0) return null;
        var own = Kinds.Any(k => entry.Type.Contains(k, StringComparison.OrdinalIgnoreCase));
        if (!own && entry.Type is not ("post" or "page")) return null;
        var blocks = PageFurniture.Without(HtmlReader.ReadPiece(entry.Content), null);
        var labels = entry.Fields.Any(f => FactFinder.FieldOf(f.Name) is "leadMember" or "principles" or "participatingMembers")
            || blocks.Any(b => FactFinder.StartsWithLabel(b.Text) || FactFinder.IsLabel(b.Text)) || entry.Categories.Any(c => c.StartsWith("case stud", StringComparison.OrdinalIgnoreCase));
        if (!own && !labels) return null;
        if (blocks.Count == 0 && entry.Excerpt.Length > 0) blocks = HtmlReader.ReadPiece(entry.Excerpt);
        // A field "name" or "description" is as often a plug-in's.
        var fields = entry.Fields.Where(f => FactFinder.FieldOf(f.Name) is "leadMember" or "participatingMembers" or "year" or "status" or "topics" or "principles" or "contact").ToList();
        if (entry.Slug.Length > 0) fields.Add(new SourceField("slug", Uri.UnescapeDataString(entry.Slug), "the entry’s name in WordPress"));
        return new SourceDocument(place, blocks, fields)
        {
            Title = Tidy.Line(Tidy.Entities(entry.Title)),
            TitleOrigin = "the entry’s title in WordPress",
            Address = Uri.TryCreate(entry.Link, UriKind.Absolute, out var link) && link.Scheme is "http" or "https" ? entry.Link : null,
        };
    }

    private static Entry ReadEntry(XmlReader xml)
    {
        var entry = new Entry();
        if (xml.IsEmptyElement) return entry;
        var depth = xml.Depth;
        xml.Read();
        while (!xml.EOF && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                xml.Read();
                continue;
            }

            switch (xml.LocalName)
            {
                case "title": entry.Title = Value(xml, entry); break;
                case "link": entry.Link = Value(xml, entry).Trim(); break;
                case "encoded" when xml.NamespaceURI.Contains("excerpt", StringComparison.Ordinal): entry.Excerpt = Value(xml, entry); break;
                case "encoded": entry.Content = Value(xml, entry); break;
                case "post_name": entry.Slug = Value(xml, entry).Trim(); break;
                case "status": entry.State = Value(xml, entry).Trim(); break;
                case "post_type": entry.Type = Value(xml, entry).Trim(); break;
                case "post_password": entry.Password = Value(xml, entry).Trim(); break;
                case "category":
                    var domain = xml.GetAttribute("domain") ?? "category";
                    Term(entry, domain, Tidy.Line(Tidy.Entities(Value(xml, entry))));
                    break;
                case "postmeta": Meta(xml, entry); break;
                default: xml.Skip(); break;
            }
        }

        return entry;
    }

    private static void Meta(XmlReader xml, Entry entry)
    {
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return;
        }

        var depth = xml.Depth;
        var (key, value) = ("", "");
        xml.Read();
        while (!xml.EOF && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "meta_key") key = Value(xml, entry).Trim();
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "meta_value") value = Value(xml, entry);
            else xml.Read();
        }

        // Keys with a line before them are the program's own.
        if (key.Length > 0 && key[0] != '_' && FactFinder.FieldOf(key.Replace('_', ' ')) is { } field && value.Trim().Length > 0)
            entry.Fields.Add(new SourceField(field, Unserialised(value), $"the field “{key}”"));
    }

    // PHP writes lists as a:2:{i:0;s:6:"Oldham";i:1;…}
    private static string Unserialised(string value)
    {
        if (!value.StartsWith("a:", StringComparison.Ordinal) || !value.Contains(":{", StringComparison.Ordinal)) return value;
        var parts = new List<string>();
        for (var at = value.IndexOf("s:", StringComparison.Ordinal); at >= 0 && parts.Count < 500; at = value.IndexOf("s:", at, StringComparison.Ordinal))
        {
            var open = value.IndexOf(":\"", at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : value.IndexOf("\";", open + 2, StringComparison.Ordinal);
            if (close < 0) break;
            parts.Add(value[(open + 2)..close]);
            at = close + 2;
        }

        return string.Join("; ", parts);
    }

    private static void Term(Entry entry, string taxonomy, string name)
    {
        if (name.Length == 0) return;
        entry.Categories.Add(name);
        var field = taxonomy is "category" or "post_tag" ? "topics" : FactFinder.FieldOf(taxonomy.Replace('_', ' ').Replace('-', ' '));
        if (field is null && taxonomy.Contains("principle", StringComparison.OrdinalIgnoreCase)) field = "principles";
        if (field is null || (field == "topics" && NoTopics.Contains(name))) return;
        var origin = $"the entry’s {(taxonomy is "category" ? "categories" : taxonomy is "post_tag" ? "tags" : $"“{taxonomy}”")}";
        var at = entry.Fields.FindIndex(f => f.Name == field && f.Origin == origin);
        if (at < 0) entry.Fields.Add(new SourceField(field, name, origin));
        else entry.Fields[at] = entry.Fields[at] with { Value = entry.Fields[at].Value + "; " + name };
    }

    /// <summary>The text of an element, up to the limit; leaves the reader behind its end.</summary>
    private static string Value(XmlReader xml, Entry entry)
    {
        var text = new StringBuilder();
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return "";
        }

        var depth = xml.Depth;
        var buffer = new char[16 * 1024];
        xml.Read();
        while (!xml.EOF && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                int count;
                while ((count = xml.ReadValueChunk(buffer, 0, buffer.Length)) > 0)
                {
                    if (text.Length < ReadingLimits.WordPressElement) text.Append(buffer, 0, count);
                    else entry.TooLarge = true;
                }
            }

            xml.Read();
        }

        xml.Read();
        return text.ToString();
    }

    private static string Rendered(JsonElement post, string name) => post.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.Object ? String(value, "rendered") : value.ValueKind == JsonValueKind.String ? value.GetString()! : "" : "";

    private static string String(JsonElement value, string name) => value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static string Flat(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Array => string.Join("; ", value.EnumerateArray().Select(Flat).Where(v => v.Length > 0)),
        JsonValueKind.Object => value.TryGetProperty("name", out var name) ? Flat(name) : value.TryGetProperty("post_title", out var title) ? Flat(title) : "",
        _ => "",
    };
}
