using System.Globalization;
using System.Text;
using System.Xml;
using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary><c>GET /case-studies/latest.atom</c>: what is new, by principle, topic and council, as a feed (RFC 4287).</summary>
public static class GetFeed
{
    private const string Atom = "http://www.w3.org/2005/Atom";

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapGet("/case-studies/latest.atom", HandleAsync).ExcludeFromDescription();

    internal static async Task<IResult> HandleAsync(HttpContext context, ICaseStudyHistory history, CorpusService corpus, ITagBook tags, CancellationToken ct, string? principle = null, string? topic = null, string? council = null)
    {
        var versions = LatestModel.Find(history, await corpus.RefreshAsync(ct), tags, principle, topic, council);
        var site = $"{context.Request.Scheme}://{context.Request.Host}";
        return Results.Text(Write(versions, site, site + context.Request.Path + context.Request.QueryString), "application/atom+xml", Encoding.UTF8);
    }

    internal static string Write(IReadOnlyList<CaseStudyVersion> versions, string site, string self)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("title", Atom, "New case studies");
            xml.WriteElementString("id", Atom, self);
            Link(xml, "self", self);
            xml.WriteElementString("updated", Atom, Time(versions.Count > 0 ? versions[0].At : DateTimeOffset.UnixEpoch));
            foreach (var v in versions)
            {
                var address = $"{site}/case-studies/{Uri.EscapeDataString(v.Slug)}";
                xml.WriteStartElement("entry", Atom);
                xml.WriteElementString("title", Atom, Valid(v.CaseStudy.Title));
                xml.WriteElementString("id", Atom, address);
                Link(xml, "alternate", address);
                xml.WriteElementString("updated", Atom, Time(v.At));
                xml.WriteStartElement("author", Atom);
                xml.WriteElementString("name", Atom, Valid(v.CaseStudy.LeadMember ?? "Lead council not stated"));
                xml.WriteEndElement();
                foreach (var term in (v.CaseStudy.Principles ?? []).Concat(v.CaseStudy.Topics))
                {
                    xml.WriteStartElement("category", Atom);
                    xml.WriteAttributeString("term", Valid(term));
                    xml.WriteEndElement();
                }

                // Text, never markup: nothing in it is run or shown as anything else.
                xml.WriteElementString("summary", Atom, Valid(v.CaseStudy.Text.Length <= 500 ? v.CaseStudy.Text : v.CaseStudy.Text[..500] + "…"));
                xml.WriteEndElement();
            }
        }

        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + text;
    }

    private static void Link(XmlWriter xml, string relation, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Valid(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));
}
