using System.Diagnostics;
using System.Globalization;
using System.Net;
using CoopAI.Adapters.Reading;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Hosting;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Benchmarks;

/// <summary>Bringing case studies in: 530 pages of HTML read, the preview of a large export of WordPress with the memory that it takes, the preview of one Word file.</summary>
/// <remarks><c>import [MiB] [PAGES] [KB]</c>: an export of 1,024 MiB, one of a quarter of it that holds case studies alone, and 530 pages of 60 KB by default. Nothing is encoded or applied. Ends with 1 when a limit is missed.</remarks>
internal static class ImportBenchmark
{
    private const double PagesLimit = 20_000, WordLimit = 1_000, MemoryLimit = 500;

    public static int Run(string[] args) =>
        Measure.InFolder(directory => RunAsync(directory, Measure.Argument(args, 0, 1024), Measure.Argument(args, 1, 530), Measure.Argument(args, 2, 60)));

    private static async Task<int> RunAsync(string directory, int mebibytes, int pages, int kilobytes)
    {
        await using var app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--environment", "Production", "--Serilog:MinimumLevel:Default", "Fatal"], Path.Combine(directory, "data"));
        var importer = app.Services.GetRequiredService<CaseStudyImporter>();
        var missed = 0;
        Console.WriteLine("| what | asked | measured | processor, ms |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");

        // In a process of its own, the command that people use: its memory is the preview's and nobody else's.
        var export = Path.Combine(directory, "export.xml");
        foreach (var (all, size) in new[] { (true, mebibytes / 4), (false, mebibytes) })
        {
            var entries = WriteExport(export, size, kilobytes, all);
            var (peak, elapsed, processor, added) = Preview(export, Path.Combine(directory, "data"));
            if (added != entries) throw new InvalidOperationException($"{entries} entries were written, and {added} read.");
            Row(FormattableString.Invariant($"memory at most: `coopai ingest --dry-run` of an export of {new FileInfo(export).Length / 1048576} MiB, {entries} case studies of {kilobytes} KB{(all ? "" : ", the rest revisions and attachments")}"), peak < MemoryLimit, FormattableString.Invariant($"{MemoryLimit:0} MB"), FormattableString.Invariant($"{peak:0} MB, in {elapsed:0} s"), processor);
            File.Delete(export);
        }

        var folder = Directory.CreateDirectory(Path.Combine(directory, "pages")).FullName;
        for (var i = 0; i < pages; i++) await File.WriteAllTextAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"page-{i:0000}.html")), Page(i, kilobytes));
        var runs = Enumerable.Range(0, 3).Select(_ => Measure.Run(() =>
        {
            if (importer.Read(folder).Count(r => r.Read is not null) != pages) throw new InvalidOperationException("Not every page was read.");
        })).ToList();
        Row(FormattableString.Invariant($"{pages} HTML pages of {kilobytes} KB read, median of 3"), Measure.Median(runs.Select(r => r.Elapsed)) < PagesLimit, "20 s", FormattableString.Invariant($"{Measure.Median(runs.Select(r => r.Elapsed)) / 1000:0.0} s"), Measure.Median(runs.Select(r => r.Processor)));

        await CoopWeb.StartAsync(app, TextWriter.Null);
        var (single, tagging) = (app.Services.GetRequiredService<CaseStudyDesk>(), app.Services.GetRequiredService<TrainedTagger>());
        var word = Word(900);
        var previews = new List<Timing>();
        for (var i = 0; i < 8; i++)
        {
            previews.Add(Measure.Run(() =>
            {
                var read = importer.Read(word, "story.docx")[0].Read!;
                single.TwinOf(read.CaseStudy);
                tagging.SuggestAsync(TaggableText.Of(read.CaseStudy), CancellationToken.None).GetAwaiter().GetResult();
            }));
        }

        Row("preview of a Word file of 900 words with duplicates and suggested tags, first", previews[0].Elapsed < WordLimit, "1 s", FormattableString.Invariant($"{previews[0].Elapsed:0} ms"), previews[0].Processor);
        Row("the same, median of the next 7", Measure.Median(previews.Skip(1).Select(p => p.Elapsed)) < WordLimit, "1 s", FormattableString.Invariant($"{Measure.Median(previews.Skip(1).Select(p => p.Elapsed)):0} ms"), Measure.Median(previews.Skip(1).Select(p => p.Processor)));
        await app.StopAsync();
        return missed == 0 ? 0 : 1;

        void Row(string what, bool met, string asked, string measured, double processor)
        {
            if (!met) missed++;
            Console.WriteLine(FormattableString.Invariant($"| {what} | {asked} | {measured}{(met ? "" : " (missed)")} | {processor:0} |"));
        }
    }

    /// <summary>A story of about so many kilobytes that no other seed tells.</summary>
    private static string Story(int seed, int kilobytes)
    {
        var caseStudy = ServiceBenchmark.Generate(1, kilobytes * 145, seed + 1)[0];
        return caseStudy.Text;
    }

    private static string Page(int i, int kilobytes) => $"<!doctype html><html><head><title>Case study {i} | Network</title></head><body><div>We use cookies to work together with partners. Accept all</div><nav><a href=\"/\">Home</a></nav><main><h1>Case study {i}</h1>" +
        $"<p><strong>Lead Member:</strong> Council {i % 90} Council</p><p><strong>Year:</strong> {2008 + (i % 16)}</p>{Paragraphs(Story(i, kilobytes))}<h3>Principles met</h3><ul><li>Innovation</li><li>Learning</li></ul></main><footer><p>© 2024 All rights reserved</p></footer></body></html>";

    private static string Paragraphs(string story) => string.Concat(story.Split(". ").Chunk(4).Select(c => $"<p>{WebUtility.HtmlEncode(string.Join(". ", c))}.</p>\n"));

    /// <returns>How many case studies it holds.</returns>
    /// <param name="all">Case studies alone; otherwise a tenth of it, as in a site's own export.</param>
    private static int WriteExport(string path, int mebibytes, int kilobytes, bool all)
    {
        using var writer = new StreamWriter(path);
        writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Network</title>\n");
        var (entries, caseStudies) = (0, 0);
        var story = "";
        for (long written = 0; written < mebibytes * 1048576L; entries++)
        {
            var isCaseStudy = all || entries % 10 == 0;
            if (isCaseStudy) story = Story(caseStudies++, kilobytes);
            var item = $"<item><title>Case study {entries}</title><link>https://network.example/case-study/{entries}/</link><content:encoded><![CDATA[<p><strong>Lead Member:</strong> Council {entries % 90} Council</p>{Paragraphs(story)}]]></content:encoded>" +
                $"<wp:post_id>{entries}</wp:post_id><wp:post_name>case-{entries}</wp:post_name><wp:status>{(isCaseStudy ? "publish" : "inherit")}</wp:status><wp:post_type>{(isCaseStudy ? "case-study" : entries % 2 == 0 ? "attachment" : "revision")}</wp:post_type></item>\n";
            writer.Write(item);
            written += item.Length;
        }

        writer.Write("</channel></rss>");
        return caseStudies;
    }

    private static (double Peak, double Seconds, double Processor, int Added) Preview(string export, string data)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [ColdStart.Program, "ingest", export, "--dry-run", "--data", data]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var (peak, processor) = (0.0, 0.0);
        while (!process.WaitForExit(100))
        {
            process.Refresh();
            // The process may have ended between the two.
            if (!process.HasExited) (peak, processor) = (Math.Max(peak, process.PeakWorkingSet64 / 1e6), process.TotalProcessorTime.TotalMilliseconds);
        }

        if (process.ExitCode != 0) throw new InvalidOperationException($"coopai ingest ended with {process.ExitCode}: {error.Result}");
        var words = output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ');
        return (peak, watch.Elapsed.TotalSeconds, processor, int.Parse(words[Array.IndexOf(words, "added,") - 1], CultureInfo.InvariantCulture));
    }

    private static byte[] Word(int words)
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var main = document.AddMainDocumentPart();
            List<string> lines = ["The bench’s own story", "Lead Member: Skelby Town Council", "Year: 2021", .. ServiceBenchmark.Generate(1, words, 77)[0].Text.Split(". ").Chunk(4).Select(c => string.Join(". ", c) + ".")];
            main.Document = new Document(new Body(lines.Select(l => new Paragraph(new Run(new Text(l))))));
        }

        return stream.ToArray();
    }
}
