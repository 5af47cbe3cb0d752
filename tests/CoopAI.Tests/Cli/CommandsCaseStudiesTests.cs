using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CoopAI.Core.Corpus;
using CoopAI.Tests.Adapters.Reading;

namespace CoopAI.Tests.Cli;

/// <summary>The whole corpus in and out, and one case study at a time.</summary>
public sealed class CommandsCaseStudiesTests : IDisposable
{
    private static readonly string[] Places = ["Ashcombe", "Brindle", "Cawdale", "Dunmere", "Ebley", "Farrow", "Gorsley", "Haleby", "Ilverton", "Kentmere", "Lowick", "Mossend", "Noss", "Ottery", "Penhallow"];
    private static readonly string[] Things = ["orchard", "ferry", "choir", "bakery", "towpath", "allotment", "library van", "night bus", "workshop", "pantry", "sawmill", "lido"];
    private static readonly string[] People = ["tenants", "joiners", "nurses", "drivers", "pupils", "carers", "walkers"];

    private readonly CliRun _cli = new();

    [Fact]
    public async Task An_export_of_WordPress_with_530_entries_is_imported_asked_about_exported_and_imported_again_without_change()
    {
        var wxr = _cli.Write("network.xml", Wxr(530));

        var dry = await _cli.JsonAsync("ingest", wxr, "--dry-run");
        var imported = await _cli.JsonAsync("ingest", wxr);
        var asked = await _cli.JsonAsync("ask", "What did the ferry of Penhallow do with its drivers?");
        var jsonl = Path.Combine(_cli.DataDirectory, "out.jsonl");
        var csv = Path.Combine(_cli.DataDirectory, "out.csv");
        await _cli.JsonAsync("case-studies", "export", "--out", jsonl);
        await _cli.JsonAsync("case-studies", "export", "--format", "csv", "--out", csv);

        Assert.Equal((530, 530), (dry.GetProperty("added").GetInt32(), imported.GetProperty("added").GetInt32()));
        Assert.Empty(imported.GetProperty("twins").EnumerateArray());
        Assert.Contains("-ferry-penhallow", asked.ToString(), StringComparison.Ordinal);
        var once = CaseStudyImporterTests.Importer.Read(jsonl).Select(i => i.Read!.CaseStudy.ContentHash).ToList();
        Assert.Equal(530, once.Count);
        Assert.Equal(once, CaseStudyImporterTests.Importer.Read(csv).Select(i => i.Read!.CaseStudy.ContentHash));
        foreach (var export in new[] { jsonl, csv })
        {
            var again = await _cli.JsonAsync("ingest", export);
            Assert.Equal((0, 0, 530), (again.GetProperty("added").GetInt32(), again.GetProperty("changed").GetInt32(), again.GetProperty("unchanged").GetInt32()));
        }

        var bytes = await File.ReadAllBytesAsync(jsonl, TestContext.Current.CancellationToken);
        await _cli.JsonAsync("case-studies", "export", "--out", jsonl);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(jsonl, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tags_leave_as_a_file_that_WordPress_reads_and_as_payloads()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());
        await _cli.RunAsync("tag", "school-food", "--learn", "--add", "social-value", "--by", "Bea Example");

        var (_, xml, _) = await _cli.RunAsync("case-studies", "export", "--format", "wordpress");
        var (_, rest, _) = await _cli.RunAsync("case-studies", "export", "--format", "rest");
        var (_, lines, _) = await _cli.RunAsync("case-studies", "export");

        XNamespace wp = "http://wordpress.org/export/1.2/";
        var channel = XDocument.Parse(xml).Root!.Element("channel")!;
        Assert.Equal(10, channel.Elements(wp + "term").Count());
        var item = Assert.Single(channel.Elements("item"), i => i.Element(wp + "post_name")!.Value == "school-food");
        Assert.Equal(("principle", "social-value", "Maximising social value"), (item.Element("category")!.Attribute("domain")!.Value, item.Element("category")!.Attribute("nicename")!.Value, item.Element("category")!.Value));
        Assert.Contains(JsonDocument.Parse(rest).RootElement.EnumerateArray(), p => p.GetProperty("slug").GetString() == "school-food" && p.GetProperty("principle")[0].GetString() == "social-value");
        var line = lines.Split('\n').Single(l => l.Contains("\"school-food\"", StringComparison.Ordinal));
        Assert.Equal("social-value", JsonDocument.Parse(line).RootElement.GetProperty("decided")[0].GetString());
    }

    [Fact]
    public async Task A_case_study_is_withdrawn_restored_merged_and_parted_with_its_history()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        var (unreasoned, _, _) = await _cli.RunAsync("case-studies", "withdraw", "school-food");
        var withdrawn = await _cli.JsonAsync("case-studies", "withdraw", "school-food", "--reason", "The contract ended.", "--by", "Bea Example");
        var restored = await _cli.JsonAsync("case-studies", "restore", "school-food", "--version", "1");
        await _cli.JsonAsync("case-studies", "merge", "ward-training", "youth-panel");
        var hidden = await _cli.JsonAsync("search", "ward councillors trained");
        await _cli.JsonAsync("case-studies", "part", "ward-training");
        var shown = await _cli.JsonAsync("search", "ward councillors trained");
        var history = await _cli.JsonAsync("case-studies", "history", "school-food");
        var (unknown, _, error) = await _cli.RunAsync("case-studies", "withdraw", "nothing-here", "--reason", "x");

        Assert.Equal((2, 2), (unreasoned, unknown));
        Assert.Contains("nothing-here", error, StringComparison.Ordinal);
        Assert.Equal(("withdrawn", 2, "published", 3), (withdrawn.GetProperty("state").GetString(), withdrawn.GetProperty("version").GetInt32(), restored.GetProperty("state").GetString(), restored.GetProperty("version").GetInt32()));
        Assert.DoesNotContain("\"ward-training\"", hidden.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"ward-training\"", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(["published", "withdrawn", "published"], history.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("state").GetString()!));
    }

    /// <summary>An export as WordPress writes it: its posts differ in place, thing, people and figures.</summary>
    internal static string Wxr(int entries)
    {
        var xml = new StringBuilder("""
            <?xml version="1.0" encoding="UTF-8" ?>
            <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
            <channel><title>Network</title><wp:wxr_version>1.2</wp:wxr_version>

            """);
        for (var i = 0; i < entries; i++)
        {
            var (place, thing, people) = (Places[i % 15], Things[i / 15 % 12], People[i / 180 % 7]);
            var slug = string.Create(CultureInfo.InvariantCulture, $"{i}-{thing.Replace(' ', '-')}-{place.ToLowerInvariant()}");
            xml.Append(CultureInfo.InvariantCulture, $"""
                <item><title><![CDATA[The {thing} of {place} &amp; its {people}]]></title><link>https://network.example/case-study/{slug}/</link>
                <content:encoded><![CDATA[<!-- wp:paragraph --><p><strong>Lead Member:</strong> {place} Council</p><p><strong>Year:</strong> {2008 + (i % 16)}</p><!-- /wp:paragraph -->
                <p>{place}&#8217;s {people} took the {thing} over in spring; {(i * 37 % 900) + 21} of them paid &pound;{(i * 53 % 800) + 19} each.</p>
                [gallery ids="{i},{i + 1}"]<h3>Principles met</h3><ul><li>{(i % 2 == 0 ? "Innovation" : "Co-production")}</li></ul>]]></content:encoded>
                <wp:post_id>{i + 1}</wp:post_id><wp:post_name><![CDATA[{slug}]]></wp:post_name><wp:status><![CDATA[publish]]></wp:status><wp:post_type><![CDATA[case-study]]></wp:post_type></item>

                """);
        }

        return xml.Append("</channel></rss>").ToString();
    }

    public void Dispose() => _cli.Dispose();
}
