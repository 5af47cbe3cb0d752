using System.IO.Compression;
using System.Net;
using System.Text;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Tagging;
using CoopAI.Web.Pages.Tagging;
using Microsoft.AspNetCore.Http;

namespace CoopAI.Web.Tests.Pages.Tagging;

[Collection(BrowserTests.Name)]
public sealed class TagTests(BrowserFixture service)
{
    private const string Slug = "addressing-food-insecurity", Page = $"/tag?slug={Slug}", Decide = "/tag?handler=Decide";

    [Fact]
    public async Task A_pasted_text_gets_ten_suggestions_and_its_markup_is_only_shown()
    {
        using var response = await service.Client.PostFormAsync("/tag", await service.Client.HiddenFieldsAsync("/tag"),
            ("title", "A panel"), ("text", "Residents voted on which projects of their neighbourhood get money. The panel shared out the budget. <script>alert('x')</script>"));
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(10, html.Split("class=\"app-card\"").Length - 1);
        Assert.Contains("&lt;script&gt;alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_stands_with_its_name_and_can_be_taken_back()
    {
        using var made = await PostAsync(("decide", "rejected|innovation"), ("by", "Bea Example"), ("reason", "Nothing new in it."));
        Assert.Equal($"{Page}#innovation", made.Headers.Location!.OriginalString);
        var html = await service.Client.GetPageAsync(Page);
        Assert.Contains("by Bea Example: Nothing new in it.", html, StringComparison.Ordinal);

        using var undone = await PostAsync(("decide", "undone|innovation"), ("by", "Bea Example"));
        Assert.Equal(HttpStatusCode.Redirect, undone.StatusCode);
        Assert.DoesNotContain(service.Get<TagDecisionStore>().GetStanding(), d => d.Slug == Slug);
    }

    [Theory]
    [InlineData("", "Say who decides")]
    [InlineData("Bea Example", "is not a principle")]
    public async Task A_decision_without_a_name_or_a_principle_is_explained_and_not_made(string by, string message)
    {
        using var response = await PostAsync(("decide", by.Length == 0 ? "accepted|innovation" : "accepted|kindness"), ("by", by), ("reason", "Kept reason"));
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(message, html, StringComparison.Ordinal);
        Assert.Contains("value=\"Kept reason\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Get<TagDecisionStore>().GetStanding(), d => d.Slug == Slug);
    }

    [Fact]
    public async Task The_return_key_in_the_name_field_decides_nothing()
    {
        // A browser presses the form's first button then.
        using var response = await PostAsync(("decide", ""), ("by", "Bea Example"));

        Assert.Equal(Page, response.Headers.Location!.OriginalString);
        Assert.DoesNotContain(service.Get<TagDecisionStore>().GetStanding(), d => d.Slug == Slug);
    }

    public static TheoryData<string, byte[], string> Uploads => new()
    {
        { "an archive", [(byte)'P', (byte)'K', 3, 4, 0, 0], "archive" },
        { "a Word file with an archive in it", Nested(), "archive" },
        { "gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "UTF-8" },
        { "a PDF", Encoding.ASCII.GetBytes("%PDF-1.7\n"), "PDF" },
        { "a picture", [0x89, 0x50, 0x4E, 0x47, 0x0D], "UTF-8" },
        { "control characters", [65, 0, 66], "plain text" },
        { "Latin-1", [0x63, 0x61, 0x66, 0xE9], "UTF-8" },
    };

    [Theory]
    [MemberData(nameof(Uploads))]
    public async Task An_upload_that_is_no_text_is_refused_by_name(string what, byte[] bytes, string message)
    {
        var (text, wrong) = await TagModel.ReadAsync(FileOf(bytes), TestContext.Current.CancellationToken);

        Assert.True(text is null, what);
        Assert.Contains(message, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_sent_through_the_form_is_refused_beside_the_field_and_what_was_typed_stays()
    {
        using var form = new MultipartFormDataContent { { new StringContent("A title"), "title" }, { new StringContent("Typed before."), "text" } };
        foreach (var (name, value) in await service.Client.HiddenFieldsAsync("/tag")) form.Add(new StringContent(value), name);
        using var file = new ByteArrayContent(Nested());
        form.Add(file, "file", "kitchen.docx");

        using var response = await service.Client.PostAsync(new Uri("/tag", UriKind.Relative), form, TestContext.Current.CancellationToken);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("id=\"file-error\"", html, StringComparison.Ordinal);
        Assert.Contains("kitchen.docx", html, StringComparison.Ordinal);
        Assert.Contains(">Typed before.</textarea>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_in_UTF_8_or_UTF_16_is_read_without_its_mark()
    {
        foreach (var encoding in (Encoding[])[new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)])
        {
            var (text, wrong) = await TagModel.ReadAsync(FileOf([.. encoding.GetPreamble(), .. encoding.GetBytes("Café £5")]), TestContext.Current.CancellationToken);

            Assert.Equal(("Café £5", null), (text, wrong));
        }
    }

    [Fact]
    public async Task An_upload_of_20_MB_is_told_the_limit()
    {
        using var content = new ByteArrayContent(new byte[20 * 1024 * 1024]);
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tag") { Content = content };
        // The answer comes before the body is sent.
        request.Headers.ExpectContinue = true;

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("up to 1 MB is read", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void The_pieces_of_a_text_join_to_the_text_whatever_the_evidence()
    {
        const string text = "One sentence. Another one. A third.";
        foreach (var (a, b) in ((TagEvidence, TagEvidence)[])[(new("", 0, 13), new("", 14, 26)), (new("", 5, 20), new("", 10, 35)), (new("", -3, 4), new("", 30, 99)), (new("", 0, 35), new("", 0, 35))])
        {
            var suggestion = new TagSuggestion([new("innovation", 0.9, TagDecision.Yes, [a, b], [])], null, "v");

            Assert.Equal(text, string.Concat(TagModel.Cut(text, suggestion).Select(p => p.Text)));
        }
    }

    [Theory]
    [InlineData("/tag/queue", "undecided")]
    [InlineData("/tag/wrong?finding=likely-missing", "Likely, but missing on the page")]
    [InlineData("/tag/report", "of the tags that people give")]
    [InlineData("/coverage", "Thin spots")]
    public async Task Staffs_lists_open(string address, string text) =>
        Assert.Contains(text, await service.Client.GetPageAsync(address), StringComparison.Ordinal);

    private async Task<HttpResponseMessage> PostAsync(params (string, string)[] fields) =>
        await service.Client.PostFormAsync(Decide, await service.Client.HiddenFieldsAsync(Page), fields);

    /// <summary>An archive in an archive: nothing of it is unpacked.</summary>
    private static byte[] Nested()
    {
        byte[] inner = [];
        for (var depth = 0; depth < 3; depth++)
        {
            using var stream = new MemoryStream();
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            using (var entry = zip.CreateEntry($"{depth}.zip").Open()) entry.Write(inner);
            inner = stream.ToArray();
        }

        return inner;
    }

    private static FormFile FileOf(byte[] bytes) => new(new MemoryStream(bytes), 0, bytes.Length, "file", "upload.txt");
}
