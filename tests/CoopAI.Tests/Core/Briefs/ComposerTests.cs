using CoopAI.Core.Cards;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;

namespace CoopAI.Tests.Core.Briefs;

public class ComposerTests
{
    private static readonly Question Asked = Question.Create("How did councils share out money for youth projects?");

    [Fact]
    public void The_extractive_composer_quotes_the_best_sentence_and_the_outcome_in_reading_order()
    {
        var source = Source("youth-panel", "The panel of residents met monthly. Residents shared out £150,000 for youth projects. Waiting fell by 40%.", best: 1);

        var draft = new ExtractiveComposer(new AnsweringOptions()).Compose(Asked, [source]);

        Assert.Equal(
            ["Youth panel – Northbeck Council (2022):", "Residents shared out £150,000 for youth projects.", "Waiting fell by 40%."],
            draft.Select(d => d.Text));
        Assert.Equal([SentenceKind.Service, SentenceKind.Answer, SentenceKind.Answer], draft.Select(d => d.Kind));
        Assert.Equal(["youth-panel#0"], draft[1].Cites);
    }

    [Fact]
    public void A_sentence_that_leans_on_the_one_before_brings_it_along()
    {
        var source = Source("s", "The trust holds the land. It shares out money for youth projects.", best: 1);

        var draft = new ExtractiveComposer(new AnsweringOptions { SentencesEach = 1 }).Compose(Asked, [source]);

        Assert.Equal(["The trust holds the land.", "It shares out money for youth projects."], draft.Skip(1).Select(d => d.Text));
    }

    [Fact]
    public void Case_studies_far_below_the_best_are_not_quoted()
    {
        var draft = new ExtractiveComposer(new AnsweringOptions()).Compose(
            Asked, [Source("a", "One sentence.", 0), Source("b", "Another sentence.", 0) with { Score = 0.2 }]);

        Assert.DoesNotContain("Another sentence.", draft.Select(d => d.Text));
    }

    [Fact]
    public void Redacted_text_is_never_quoted_from_the_original()
    {
        var source = Source("s", "Call Ann on 07700 900123. The panel shared out money.", best: 1);
        var redacted = source with { Passages = [.. source.Passages.Select(p => p with { Passage = p.Passage with { Text = p.Passage.Text.Replace("07700 900123", "[phone removed]", StringComparison.Ordinal) } })] };

        var draft = new ExtractiveComposer(new AnsweringOptions()).Compose(Asked, [redacted]);

        Assert.DoesNotContain(draft, d => d.Text.Contains("07700", StringComparison.Ordinal));
    }

    [Fact]
    public void Markdown_escapes_what_a_text_could_smuggle_in_and_numbers_its_sources()
    {
        var answer = new Answer
        {
            Id = "x",
            At = DateTimeOffset.UnixEpoch,
            Question = "What of <script>?",
            Outcome = Outcome.Answered,
            Summary = "One.",
            Sentences = [new("A [link](x) *here*.", SentenceKind.Answer, [new Citation("s#0", "s", "q", 0, 1)], []), AnswerSentence.Service("A heading:")],
            Precedents = [new("s", "Title", "https://example.org/s", null, null, 1, [], new PrincipleTags(null, [], []), EvidenceCard.Empty)],
            Notice = new("Made with AI.", "m", "v", DateTimeOffset.UnixEpoch, "/c", "r", "c"),
            Composer = "extractive",
        };

        var markdown = BriefMarkup.ToMarkdown(answer);

        Assert.Contains("## What of \\<script\\>?", markdown, StringComparison.Ordinal);
        Assert.Contains("> A \\[link\\](x) \\*here\\*. [1]", markdown, StringComparison.Ordinal);
        Assert.Contains("**A heading:**", markdown, StringComparison.Ordinal);
        Assert.Contains("1. Title. Lead council not stated, undated. Whether these are the council's own words is not recorded; read the council's page before you quote it. https://example.org/s", markdown, StringComparison.Ordinal);
    }

    private static Source Source(string slug, string text, int best)
    {
        var caseStudy = new CaseStudy { Slug = slug, Title = "Youth panel", LeadMember = "Northbeck Council", Year = 2022, Text = text };
        return new Source(caseStudy, 0.9, [new PassageHit(new Passage($"{slug}#0", slug, 0, text, 0), 0.9, Sentences.Split(text)[best])]);
    }
}
