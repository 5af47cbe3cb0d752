using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CoopAI.Adapters;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Tests.Core.Guidance;

namespace CoopAI.Tests.Adapters.Reading;

/// <summary>Reads the pages and files beside this class, which were written for it, against <c>truth.jsonl</c>, which was written by hand.</summary>
public class CaseStudyImporterTests
{
    internal static readonly CaseStudyImporter Importer = new(
        PromptFiles.Principles(GuidanceFiles.PathOf("prompts", "principles.yaml")).Principles, new PersonalDataMask(File.ReadAllText(GuidanceFiles.PathOf("prompts", "guidance", "personal_data.txt"))));

    /// <summary>Mutated inputs of each file: 40, or as many as COOPAI_MUTATIONS says (5,000 for a release; docs/benchmarks/import.md has the last such run).</summary>
    private static readonly int Mutations = int.TryParse(Environment.GetEnvironmentVariable("COOPAI_MUTATIONS"), out var n) ? n : 40;

    private static string Pages => GuidanceFiles.PathOf("tests", "CoopAI.Tests", "Adapters", "Reading", "pages");

    private sealed record Truth(
        string File, string Story, string Title, string? LeadMember, string[] ParticipatingMembers, int? Year, string? Status, string[] Topics, string[]? Principles, string[] PrinciplesUnknown, string Text, string? Place, string? Url, int Contacts);

    private static readonly Lazy<IReadOnlyList<(Truth Truth, ImportedCaseStudy Read)>> Corpus = new(() =>
    {
        // The other folders were written with other programs, each before anybody looked how the readers fare on it (docs/benchmarks/import.md has the first figures).
        var folders = new[] { Pages, Path.Combine(Path.GetDirectoryName(Pages)!, "unlike"), Path.Combine(Path.GetDirectoryName(Pages)!, "third") };
        var truths = folders.SelectMany(d => File.ReadLines(Path.Combine(d, "truth.jsonl"))).Select(l => JsonSerializer.Deserialize<Truth>(l, CoopJson.Options)!).ToList();
        var read = truths.Select(t => t.File).Distinct().SelectMany(f => Importer.Read(folders.Select(d => Path.Combine(d, f)).First(File.Exists))).ToList();
        Assert.Empty(read.Where(i => i.Problem is not null).Select(i => i.Problem!.ToString()));
        return [.. truths.Select(t => (t, read.Select(i => i.Read!).Single(r => Path.GetFileName(r.Source.File) == t.File && (t.Place is null || r.Source.Place == t.Place || r.Source.Place!.StartsWith(t.Place + " ", StringComparison.Ordinal)))))];
    });

    [Fact]
    public void Each_field_is_right_in_98_of_100_pages_and_published_principles_in_all()
    {
        var fields = new (string Name, Func<Truth, CaseStudy, bool> Right)[]
        {
            ("title", (t, c) => t.Title == c.Title),
            ("leadMember", (t, c) => t.LeadMember == c.LeadMember),
            ("participatingMembers", (t, c) => t.ParticipatingMembers.SequenceEqual(c.ParticipatingMembers)),
            ("year", (t, c) => t.Year == c.Year),
            ("status", (t, c) => t.Status == c.Status),
            ("topics", (t, c) => t.Topics.SequenceEqual(c.Topics)),
            ("url", (t, c) => t.Url == c.Url),
            ("principles", (t, c) => (t.Principles is null) == (c.Principles is null) && (t.Principles ?? []).ToHashSet().SetEquals(c.Principles ?? [])),
            ("principlesUnknown", (t, c) => t.PrinciplesUnknown.ToHashSet().SetEquals(c.PrinciplesUnknown)),
        };
        Assert.True(Corpus.Value.Count >= 60);

        foreach (var (name, right) in fields)
        {
            var wrong = Corpus.Value.Where(p => !right(p.Truth, p.Read.CaseStudy)).Select(p => p.Truth.File).ToList();
            var needed = name.StartsWith("principles", StringComparison.Ordinal) ? 1 : 0.98;
            Assert.True(1 - ((double)wrong.Count / Corpus.Value.Count) >= needed, $"{name} is wrong in {string.Join(", ", wrong)}");
        }
    }

    [Fact]
    public void The_main_text_shares_96_of_100_words_with_the_one_written_by_hand()
    {
        var worst = Corpus.Value.Select(p => (p.Truth.File, F1: F1(p.Truth.Text, p.Read.CaseStudy.Text))).OrderBy(p => p.F1).ToList();

        Assert.True(worst.Average(w => w.F1) >= 0.96 && worst[0].F1 >= 0.9, string.Join(", ", worst.Take(5)));
    }

    [Fact]
    public void Each_field_says_where_it_was_found_and_contacts_are_kept_apart()
    {
        Assert.All(Corpus.Value, p =>
        {
            Assert.Equal(p.Truth.Contacts, p.Read.Contacts.Count);
            Assert.DoesNotContain("Aster", p.Read.CaseStudy.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("01632", JsonSerializer.Serialize(p.Read), StringComparison.Ordinal);
            if (p.Read.CaseStudy.Year is not null) Assert.Contains("year", p.Read.Origins.Keys);
            if (p.Read.CaseStudy.LeadMember is not null) Assert.Contains("leadMember", p.Read.Origins.Keys);
        });
    }

    [Fact]
    public void Twenty_stories_told_twice_are_found_and_no_two_others()
    {
        var stories = Corpus.Value.GroupBy(p => p.Truth.Story).Where(g => g.Count() > 1).Take(20).Select(g => (g.Key, First: g.First().Read.CaseStudy, Second: Retold(g.Last().Read.CaseStudy))).ToList();
        var finder = new NearDuplicates();
        foreach (var (story, first, _) in stories)
        {
            Assert.Null(finder.Find(first with { Slug = story, Url = null }));
            finder.Add(first with { Slug = story, Url = null });
        }

        var found = stories.Select(s => (s.Key, Twin: finder.Find(s.Second with { Slug = s.Key + "-again", Url = null }))).ToList();

        Assert.Equal(20, found.Count);
        Assert.All(found, f => Assert.Equal((f.Key, true), (f.Twin?.Slug, f.Twin?.IsSure ?? false)));
    }

    // As pages are told again: another title, the last sentence gone, another word here and there.
    private static CaseStudy Retold(CaseStudy c)
    {
        var sentences = Sentences.Split(c.Text).Select(s => s.In(c.Text)).ToList();
        return c with { Title = "How " + c.Title + " came about", Text = string.Join(" ", sentences.Take(sentences.Count - 1)).Replace(" the council ", " the authority ", StringComparison.Ordinal) };
    }

    [Theory]
    [InlineData("08-markup-in-text", "h-ent", "The fish & chip mutual’s shop fed 400 families. It costs £4 a meal at the fish & chip mutual; staff said “we own it”.")]
    [InlineData("08-markup-in-text", "h-tags", "The snooker hall trust re-opened in 2022.\n\nIt has 12 snooker tables\n\nIt pays six staff\n\nThe snooker hall trust made a surplus of £9,000.")]
    [InlineData("08-markup-in-text", "h-wp", "The bowling green club took over the bowling green in 2021.\n\nMembers of the bowling green club\n\nIt now has 90 bowling members.")]
    [InlineData("08-markup-in-text", "h-short", "The ukulele library lends 60 ukuleles.\n\nThe ukulele library has served 900 families.")]
    [InlineData("08-markup-in-text", "h-md", "What we did\n\nThe maypole dance union taught maypole dance in six schools.\n\nYear: 2021; Dancers: 40\n\nYear: 2022; Dancers: 90\n\nThe maypole dance union has a waiting list.")]
    public void Markup_in_a_line_of_JSON_becomes_plain_text(string _, string slug, string expected)
    {
        var lines = new[]
        {
            """{"slug": "h-ent", "title": "Fish &amp; chip mutual", "text": "The fish &amp; chip mutual&#8217;s shop fed 400&nbsp;families. It costs &pound;4 a meal at the fish &amp; chip mutual; staff said &ldquo;we own it&rdquo;."}""",
            """{"slug": "h-tags", "title": "Snooker hall trust", "text": "<p>The snooker hall trust <strong>re-opened</strong> in 2022.</p><ul><li>It has 12 snooker tables</li><li>It pays six staff</li></ul><p>The snooker hall trust made a surplus of &pound;9,000.</p>"}""",
            """{"slug": "h-wp", "title": "Bowling green club", "text": "<!-- wp:paragraph --><p>The bowling green club took over the bowling green in 2021.</p><!-- /wp:paragraph --><!-- wp:gallery {\"ids\":[6344,27402]} /-->[caption id=\"attachment_99\"]Members of the bowling green club[/caption]<!-- wp:paragraph --><p>It now has 90 bowling members.</p><!-- /wp:paragraph -->"}""",
            """{"slug": "h-short", "title": "Ukulele library", "text": "[gallery size=\"full\" ids=\"6344,27402\"] The ukulele library lends 60 ukuleles. [youtube https://www.example.org/watch?v=AbC123] The ukulele library has served 900 families."}""",
            """{"slug": "h-md", "title": "Maypole dance union", "text": "## What we did\n\n**The maypole dance union** taught [maypole dance](https://example.org/maypole) in *six* schools.\n\n| Year | Dancers |\n| --- | --- |\n| 2021 | 40 |\n| 2022 | 90 |\n\nThe maypole dance union has a waiting list."}""",
        };

        var read = Importer.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "lines.jsonl").Select(i => i.Read!.CaseStudy).Single(c => c.Slug == slug);

        Assert.Equal(expected.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), read.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        // Reading what was read changes nothing: an export comes back as it went.
        var again = Importer.Read(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(read, CoopJson.Options)), "again.jsonl").Single().Read!.CaseStudy;
        Assert.Equal(read.ContentHash, again.ContentHash);
    }

    [Fact]
    public void The_shipped_case_studies_are_read_as_they_are()
    {
        var shipped = CaseStudyFile.Read(ProductFiles.Corpus).CaseStudies;

        var read = Importer.Read(ProductFiles.Corpus).ToList();

        Assert.Equal(shipped.Select(c => c.ContentHash), read.Select(r => r.Read?.CaseStudy.ContentHash));
    }

    [Theory]
    [InlineData("<footer><p>Part of the Co-operative Councils' Innovation Network, a network of councils committed to reforming how they work by building an equal partnership with local people. Follow us on social media.</p></footer>")]
    [InlineData("<div><p>Part of the Co-operative Councils’ Innovation Network, a network of councils committed to reforming how they work by building an equal partnership with local people. Follow us on social media.</p></div>")]
    [InlineData("<div class=\"z\">We use cookies to work together with partners.</div>")]
    [InlineData("<aside><p>We and our 842 partners store and access personal data, like browsing data or unique identifiers, on your device. We work together with our partners to improve this website.</p></aside>")]
    [InlineData("<div><p>We and our 842 partners store and access personal data, like browsing data or unique identifiers, on your device. We work together with our partners to improve this website.</p></div>")]
    [InlineData("<div><p>We are a proud living wage employer and a member of the social enterprise mark. All our staff are volunteers in their community for two days a year.</p></div>")]
    [InlineData("<p>© 2024 Skelby Town Council. All rights reserved.</p>")]
    [InlineData("<ul><li><a href=#>Facebook</a></li><li><a href=#>Email</a></li></ul>")]
    [InlineData("<h3>You may also like</h3><ul><li><a href=/x>A shop that its village owns and runs together</a></li></ul>")]
    public void What_stands_around_the_text_is_left_out(string furniture)
    {
        const string Text = "The council repainted the bandstand in Mill Park in spring. The work took six weeks and cost £9,000. The bandstand is open all year.";

        var read = Importer.Read(Encoding.UTF8.GetBytes($"<html><body><h1>The bandstand</h1><p>{Text}</p>{furniture}</body></html>"), "bandstand.html");

        Assert.Equal(Text, Assert.Single(read).Read!.CaseStudy.Text);
    }

    public static TheoryData<string, byte[], string> Hostile()
    {
        var rows = new TheoryData<string, byte[], string>
        {
            { "empty.html", [], "empty" },
            { "deep.html", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<div>", 100_000))), "500 elements stand in each other" },
            { "bold.html", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<b><i>", 50_000))), "500 elements stand in each other" },
            { "menu.html", "<html><body><nav>Home</nav><p>© 2024 All rights reserved</p></body></html>"u8.ToArray(), "no text was found" },
            { "a.rtf", @"{\rtf1\ansi The guild lends tools to residents.}"u8.ToArray(), "an RTF file" },
            { "old.doc", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "old kind, or locked with a password" },
            { "picture.html", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10], "a picture" },
            { "bad.pdf", "%PDF-1.7\nnot a document at all"u8.ToArray(), "the PDF is damaged" },
            { "cut.pdf", File.ReadAllBytes(Directory.EnumerateFiles(Pages, "*.pdf").First())[..700], "the PDF is damaged" },
            { "bad.docx", "PK\u0003\u0004 nothing"u8.ToArray(), "damaged" },
            { "bad.zip", "PK\u0003\u0004 nothing"u8.ToArray(), "damaged" },
            { "array.json", """[{"slug":"e1","title":"T","text":"X"}]"""u8.ToArray(), "a JSON list; write one object a line" },
            { "cp1252.jsonl", Encoding.Latin1.GetBytes("""{"slug":"c1","title":"café","text":"It costs £4."}"""), "line 1: it is not UTF-8 (byte 26 of the line)" },
            { "nul.txt", "abc\0def and more words"u8.ToArray(), "is not text" },
            { "matter.md", "---\ntitle: [a\n---\ntext"u8.ToArray(), "the front matter is not YAML" },
            { "laughs.xml", """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><rss><channel><item><title>&lol2;</title></item></channel></rss>"""u8.ToArray(), "defines entities" },
            { "cut.xml", """<?xml version="1.0"?><rss xmlns:wp="w"><channel><item><title>A</title>"""u8.ToArray(), "the export breaks here" },
            { "none.xml", """<?xml version="1.0"?><rss xmlns:wp="w"><channel></channel></rss>"""u8.ToArray(), "holds no entries" },
            { "names.csv", "a,b,c\n1,2,3\n"u8.ToArray(), "no row names a column for the title" },
            { "quote.csv", Encoding.UTF8.GetBytes("title,text\n\"never closed," + new string('x', 5_000_000)), "never closed" },
            { "bomb.zip", Zip(("big.txt", new byte[50_000_000])), "as bombs are" },
            { "nested.zip", Zip(("inner.zip", Zip(("a.txt", "text"u8.ToArray())))), "an archive inside an archive" },
            { "bomb.docx", Zip(("word/document.xml", new byte[50_000_000])), "packed 200 to 1" },
            { "laughs.docx", Zip(("word/document.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><w:document/>"u8.ToArray())), "defines entities" },
            { "a.docx", Zip(("[Content_Types].xml", "<Types/>"u8.ToArray()), ("word/document.xml", "<w:document><w:body/></w:document>"u8.ToArray())), "damaged, or not one" },
        };
        return rows;
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_cannot_be_read_is_refused_with_its_name_and_what_would_be_right(string name, byte[] bytes, string expected)
    {
        var watch = Stopwatch.StartNew();

        var problem = Assert.Single(Importer.Read(bytes, name)).Problem;

        Assert.NotNull(problem);
        Assert.StartsWith(name, problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, problem.ToString(), StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_line_of_100_MB_is_passed_over_and_the_next_one_read()
    {
        var bytes = new byte[100 * 1024 * 1024];
        Array.Fill(bytes, (byte)'x');
        "\n{\"slug\":\"a\",\"title\":\"A\",\"text\":\"Text.\"}"u8.CopyTo(bytes.AsSpan(bytes.Length - 60));

        var items = Importer.Read(bytes, "long.jsonl").ToList();

        Assert.Contains("longer than 4 MiB", items[0].Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_and_a_folder_give_what_their_files_give()
    {
        var names = new[] { "02-matter.md", "01-statements.html", "02-names.html" };
        var zip = Zip([.. names.Select(n => (n, File.ReadAllBytes(Path.Combine(Pages, n))))]);

        var fromZip = Importer.Read(zip, "three.zip").Select(i => i.Read!.CaseStudy.ContentHash).ToHashSet();
        var alone = names.SelectMany(n => Importer.Read(Path.Combine(Pages, n))).Select(i => i.Read!.CaseStudy.ContentHash).ToHashSet();

        Assert.Equal(3, alone.Count);
        Assert.True(alone.SetEquals(fromZip));
    }

    [Fact]
    public void Columns_told_by_hand_win_over_their_names()
    {
        var csv = "Ref,What,Who,When\n1,A shed,Skelby Town Council,2021\n"u8.ToArray();
        IReadOnlyList<KeyValuePair<string, string?>>? shown = null;

        var options = new ReadingOptions(new Dictionary<string, string> { ["Ref"] = "", ["What"] = "text", ["Who"] = "title", ["When"] = "year" }) { OnColumns = (_, columns) => shown = columns };
        var read = Assert.Single(Importer.Read(csv, "own.csv", options)).Read!.CaseStudy;

        Assert.Equal(("Skelby Town Council", "A shed", 2021), (read.Title, read.Text, read.Year));
        Assert.Equal(["Ref:", "What:text", "Who:title", "When:year"], shown!.Select(p => $"{p.Key}:{p.Value}"));
    }

    public static TheoryData<string> Formats() => [.. new[] { "01-statements.html", "04-table.html", "02-matter.md", "01.txt", "02.docx", "export.xml", "posts.json", "sheet.csv", "sheet.xlsx", "lines.jsonl" }, Path.GetFileName(Directory.EnumerateFiles(Pages, "*.pdf").Order(StringComparer.Ordinal).First())];

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_mutation_of_a_file_crashes_or_hangs(string file)
    {
        var original = file == "lines.jsonl" ? Encoding.UTF8.GetBytes(string.Join('\n', File.ReadLines(ProductFiles.Corpus).Take(30))) : File.ReadAllBytes(Path.Combine(Pages, file));
        for (var seed = 0; seed < Mutations; seed++)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                foreach (var item in Importer.Read(seed % 2 == 1 && original is [(byte)'P', (byte)'K', ..] ? MutateInside(original, new Random(seed)) : Mutate(original, new Random(seed)), file)) Assert.True(item.Problem is not null || item.Read!.CaseStudy.Text.Length > 0);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed} of {file}: {e}");
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"seed {seed} of {file} took {watch.Elapsed}");
        }
    }

    /// <summary>An archive that is whole, with one part of it mutated: what lies behind the check of the archive.</summary>
    private static byte[] MutateInside(byte[] original, Random random)
    {
        using var zip = new ZipArchive(new MemoryStream(original, writable: false));
        var mutated = random.Next(zip.Entries.Count);
        return Zip([.. zip.Entries.Select((e, i) =>
        {
            using var stream = e.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return (e.FullName, i == mutated ? Mutate(copy.ToArray(), random) : copy.ToArray());
        })]);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var i = random.Next(1, 12); i > 0 && bytes.Count > 2; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(200), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)])); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(500), bytes.Count - at))); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }

        return [.. bytes];
    }

    private static readonly string[] Pieces = ["<table><tr><td>", "</div></div>", "\"", "---\n", "]]>", "&amp;amp;", "[gallery ", "{\"a\":[", "\0", "Year: 99999999999999", "Lead Member:", "Principles met", "\uFFFF", "<!--", "%PDF-", "stream\n", "| a | b |\n|---|\n", "**", "- \n-"];

    private static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    internal static double F1(string expected, string actual)
    {
        var (a, b) = (Count(expected), Count(actual));
        var shared = a.Sum(p => Math.Min(p.Value, b.GetValueOrDefault(p.Key)));
        return 2.0 * shared / (a.Values.Sum() + b.Values.Sum());

        static Dictionary<string, int> Count(string text) => Words.Split(text).CountBy(w => w.Text).ToDictionary(p => p.Key, p => p.Value);
    }
}
