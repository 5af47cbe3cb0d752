using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;

namespace CoopAI.Core.Tagging;

/// <summary>The corpus as files that go elsewhere: what <c>coopai ingest</c> reads gives the same corpus again.</summary>
/// <remarks>Decisions go out with the case studies and are not taken in again: each stands in the ledger under the name of who decided. Contacts never go out.</remarks>
public static class CorpusExport
{
    /// <summary>Formats and what they are.</summary>
    public static IReadOnlyList<(string Format, string What)> Formats { get; } =
    [
        ("jsonl", "Everything, one case study a line; can be imported again"),
        ("csv", "Everything, for a spreadsheet; can be imported again"),
        ("wordpress", "The principles as tags, in a file that WordPress imports"),
        ("rest", "The principles as payloads for WordPress’ REST interface"),
    ];

    private static readonly string[] Header =
        ["slug", "url", "title", "kind", "leadMember", "participatingMembers", "year", "status", "principles", "principlesUnknown", "topics", "text", "textBasis", "extra", .. CaseStudyReader.Decisions];

    /// <summary>The file's text, its type and its name.</summary>
    /// <param name="nameOf">A principle's name in words, for WordPress.</param>
    /// <exception cref="BadInputException">There is no such format.</exception>
    public static (string Text, string ContentType, string Name) Make(IReadOnlyList<CaseStudy> caseStudies, IReadOnlyDictionary<string, PrincipleTags> tags, string format, Func<string, string> nameOf) => format switch
    {
        "jsonl" => (string.Concat(caseStudies.Select(c => Line(c, tags.GetValueOrDefault(c.Slug)))), "application/x-ndjson", "case-studies.jsonl"),
        "csv" => ("\uFEFF" + Csv.Write(Header, caseStudies.Select(c => Row(c, tags.GetValueOrDefault(c.Slug)))), "text/csv; charset=utf-8", "case-studies.csv"),
        "wordpress" => (WordPress(caseStudies, tags, nameOf), "application/xml", "principles.wordpress.xml"),
        "rest" => (Rest(caseStudies, tags), "application/json", "principles.rest.json"),
        _ => throw new BadInputException($"format is \"{format}\"; it must be one of {string.Join(", ", Formats.Select(f => f.Format))}."),
    };

    /// <summary>What stands on the page, with staff's decisions: what the Network's own site should show.</summary>
    internal static IReadOnlyList<string> Standing(CaseStudy c, PrincipleTags? tags) =>
        [.. (c.Principles ?? []).Concat(tags?.Decided ?? []).Distinct(StringComparer.Ordinal)];

    private static string Line(CaseStudy c, PrincipleTags? tags)
    {
        var line = JsonSerializer.SerializeToNode(c, CoopJson.Options)!.AsObject();
        line[CaseStudyReader.Decisions[0]] = JsonSerializer.SerializeToNode(tags?.Suggested ?? [], CoopJson.Options);
        line[CaseStudyReader.Decisions[1]] = JsonSerializer.SerializeToNode(tags?.Decided ?? [], CoopJson.Options);
        return line.ToJsonString(CoopJson.Options) + "\n";
    }

    private static string?[] Row(CaseStudy c, PrincipleTags? tags) =>
    [
        c.Slug, c.Url, c.Title, c.Kind, c.LeadMember, List(c.ParticipatingMembers), c.Year?.ToString(CultureInfo.InvariantCulture), c.Status,
        // An empty list is not the same as an unknown one.
        c.Principles is null ? null : c.Principles.Count == 0 ? "none" : List(c.Principles), List(c.PrinciplesUnknown), List(c.Topics), c.Text, c.TextBasis?.ToString().ToLowerInvariant(),
        c.Extra is { Count: > 0 } ? JsonSerializer.Serialize(c.Extra, CoopJson.Options) : null, List(tags?.Suggested ?? []), List(tags?.Decided ?? []),
    ];

    private static string List(IReadOnlyList<string> values) => string.Join("; ", values);

    private static string WordPress(IReadOnlyList<CaseStudy> caseStudies, IReadOnlyDictionary<string, PrincipleTags> tags, Func<string, string> nameOf)
    {
        const string Wp = "http://wordpress.org/export/1.2/";
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, Encoding = Encoding.UTF8, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("rss");
            xml.WriteAttributeString("version", "2.0");
            xml.WriteAttributeString("xmlns", "wp", null, Wp);
            xml.WriteStartElement("channel");
            xml.WriteElementString("title", "Principles of case studies");
            xml.WriteElementString("wp", "wxr_version", Wp, "1.2");
            // WordPress makes the terms that it has not; posts that are there already, by their title, only get theirs.
            foreach (var id in PrincipleIds.All)
            {
                xml.WriteStartElement("wp", "term", Wp);
                xml.WriteElementString("wp", "term_taxonomy", Wp, "principle");
                xml.WriteElementString("wp", "term_slug", Wp, id);
                xml.WriteElementString("wp", "term_name", Wp, nameOf(id));
                xml.WriteEndElement();
            }

            foreach (var c in caseStudies)
            {
                var standing = Standing(c, tags.GetValueOrDefault(c.Slug));
                if (standing.Count == 0) continue;
                xml.WriteStartElement("item");
                xml.WriteElementString("title", Valid(c.Title));
                if (c.Url is not null) xml.WriteElementString("link", c.Url);
                xml.WriteElementString("wp", "post_name", Wp, c.Slug);
                xml.WriteElementString("wp", "post_type", Wp, c.Kind ?? "case-study");
                xml.WriteElementString("wp", "status", Wp, "publish");
                foreach (var id in standing)
                {
                    xml.WriteStartElement("category");
                    xml.WriteAttributeString("domain", "principle");
                    xml.WriteAttributeString("nicename", id);
                    xml.WriteCData(nameOf(id));
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }
        }

        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text;
    }

    private static string Valid(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));

    private static string Rest(IReadOnlyList<CaseStudy> caseStudies, IReadOnlyDictionary<string, PrincipleTags> tags) => JsonSerializer.Serialize(
        caseStudies.Select(c => new { slug = c.Slug, link = c.Url, principle = Standing(c, tags.GetValueOrDefault(c.Slug)) }).Where(p => p.principle.Count > 0), CoopJson.Indented);
}
