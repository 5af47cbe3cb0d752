using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;
using CoopAI.Web.Documents;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CoopAI.Web.Tests.Documents;

public sealed class BriefDocumentTests
{
    private static readonly Citation Cited = new("panel#0", "panel", "Waiting fell.", 0, 13);

    private static readonly Answer Brief = new()
    {
        Id = "0123",
        At = new DateTimeOffset(2026, 3, 4, 5, 6, 8, TimeSpan.Zero),
        Question = "What happened to waiting times?",
        Outcome = Outcome.Answered,
        Summary = "One case study speaks to this.",
        Sentences =
        [
            AnswerSentence.Service("Youth panel – Northbeck Council (2022):"),
            new AnswerSentence("Waiting fell from nine weeks to four.", SentenceKind.Answer, [Cited, Cited], []),
            AnswerSentence.Service("Case studies are councils' own accounts.", "VG05"),
        ],
        Precedents =
        [
            new Precedent(
                "panel", "Youth panel", "https://councils.example/panel", "Northbeck Council", 2022, 0.9, [], new PrincipleTags(null, [], []),
                EvidenceCard.Empty with { Period = new CardPeriod(2022, 2022, PeriodBasis.Field) }),
        ],
        NotCovered = ["helicopters"],
        Notice = new Notice("Made by rules.", "extractive", "VG 1.1", DateTimeOffset.UnixEpoch, "/answers/0123#challenge", "Head of Policy", "policy@council.example"),
        Composer = "extractive",
    };

    [Fact]
    public void The_document_is_valid_and_holds_sentence_citation_source_and_notice()
    {
        using var document = Open(BriefDocument.Write(Brief, "http://127.0.0.1:5080"));

        var faults = new OpenXmlValidator(FileFormatVersions.Office2013).Validate(document, TestContext.Current.CancellationToken).Select(e => $"{e.Path?.XPath}: {e.Description}");
        Assert.Empty(faults);
        var lines = Lines(document);
        Assert.Contains("Waiting fell from nine weeks to four. [1]", lines);
        Assert.Contains("[1] Youth panel. Northbeck Council, 2022, from the published list. Whether these are the council's own words is not recorded; read the council's page before you quote it. https://councils.example/panel", lines);
        Assert.Contains("Made by rules.", lines);
        Assert.Contains("helicopters", lines);
        Assert.Contains("Answer 0123: http://127.0.0.1:5080/answers/0123", lines);
    }

    [Fact]
    public void The_file_is_named_after_the_question_and_holds_the_cards()
    {
        using var document = Open(BriefDocument.Write(Brief, ""));

        Assert.Equal("Brief 2026-03-04 What happened to waiting times.docx", BriefDocument.FileName(Brief));
        Assert.Equal("Brief 2026-03-04.docx", BriefDocument.FileName(Brief with { Question = null }));
        Assert.True(BriefDocument.FileName(Brief with { Question = new string('a', 2000) }).Length < 100);
        Assert.Contains("Youth panel (Northbeck Council)", Assert.Single(document.MainDocumentPart!.Document.Body!.Elements<Table>()).InnerText, StringComparison.Ordinal);
    }

    [Fact]
    public void Headings_are_real_headings_and_the_language_is_British_English()
    {
        using var document = Open(BriefDocument.Write(Brief, ""));

        var styles = document.MainDocumentPart!.Document.Body!.Elements<Paragraph>().Select(p => p.ParagraphProperties?.ParagraphStyleId?.Val?.Value).OfType<string>();
        Assert.Equal(["Title", "Heading1", "Heading2", "Quote", "Heading1", "Heading1", "Heading1", "Heading1", "Heading1"], styles);
        Assert.Equal(["What others did", "Before you rely on it", "Not covered", "Sources", "About this brief"], Lines(document).Where(l => l is "What others did" or "Before you rely on it" or "Not covered" or "Sources" or "About this brief"));
        Assert.Equal("en-GB", document.MainDocumentPart.StyleDefinitionsPart!.Styles!.Descendants<Languages>().Single().Val!.Value);
        Assert.Equal(Brief.Question, document.PackageProperties.Title);
    }

    [Fact]
    public void Pages_are_numbered()
    {
        using var document = Open(BriefDocument.Write(Brief, ""));

        Assert.Equal(" PAGE ", document.MainDocumentPart!.FooterParts.Single().Footer!.Descendants<SimpleField>().Single().Instruction!.Value);
    }

    [Fact]
    public void The_same_answer_gives_the_same_bytes()
    {
        var first = BriefDocument.Write(Brief, "http://127.0.0.1:5080");

        Assert.Equal(first, BriefDocument.Write(Brief, "http://127.0.0.1:5080"));
    }

    [Fact]
    public void Control_characters_and_broken_surrogates_do_not_break_the_file()
    {
        var hostile = Brief with { Question = "bell \a, half \ud83d, whole \ud83d\ude00, <w:p/> & \"quotes\"" };

        using var document = Open(BriefDocument.Write(hostile, ""));

        Assert.Equal("bell \uFFFD, half \uFFFD, whole \ud83d\ude00, <w:p/> & \"quotes\"", Lines(document)[0]);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not an address")]
    public void An_address_that_is_not_of_the_web_is_text_and_no_link(string address)
    {
        var hostile = Brief with { Precedents = [Brief.Precedents[0] with { Url = address }] };

        using var document = Open(BriefDocument.Write(hostile, "http://127.0.0.1:5080"));

        Assert.Equal(["http://127.0.0.1:5080/answers/0123"], document.MainDocumentPart!.HyperlinkRelationships.Select(h => h.Uri.OriginalString));
    }

    private static WordprocessingDocument Open(byte[] file) => WordprocessingDocument.Open(new MemoryStream(file), isEditable: false);

    private static List<string> Lines(WordprocessingDocument document) =>
        [.. document.MainDocumentPart!.Document.Body!.Elements<Paragraph>().Select(p => p.InnerText)];
}
