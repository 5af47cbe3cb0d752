using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Briefs;

public class ComposerTests
{
    [Fact]
    public void The_planned_sentences_are_quoted_in_reading_order_below_their_heading()
    {
        var (plan, source) = Planned("The panel of residents met monthly. Residents shared out £150,000 for youth projects. Waiting fell by 40%.");

        var draft = ExtractiveComposer.Compose(plan, [source]);

        Assert.Equal(["Youth panel – Northbeck Council (2022):", "Residents shared out £150,000 for youth projects.", "Waiting fell by 40%."], draft.Select(d => d.Text));
        Assert.Equal([SentenceKind.Service, SentenceKind.Answer, SentenceKind.Answer], draft.Select(d => d.Kind));
        Assert.Equal(["youth-panel#0"], draft[1].Cites);
    }

    [Fact]
    public void A_sentence_that_a_rule_has_changed_is_never_quoted_from_the_original()
    {
        var (plan, source) = Planned("The panel met. Call Ann on 07700 900123. The panel shared out money.");
        var redacted = source with { Passages = [.. source.Passages.Select(p => p with { Passage = p.Passage with { Text = p.Passage.Text.Replace("07700 900123", "[phone removed]", StringComparison.Ordinal) } })] };

        Assert.Equal(["The panel shared out money."], ExtractiveComposer.Compose(plan, [redacted]).Skip(1).Select(d => d.Text));
        Assert.Empty(ExtractiveComposer.Compose(plan, []));
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

    [Theory]
    [InlineData("From: Sam\nSubject: halls\n\nWho has handed halls over?\n\nRegards", "greeting", "Who has handed halls over?")]
    [InlineData("From: Sam\nSubject: halls\n\nWho has handed halls over?\n\nRegards", null, "From: Sam\nSubject: halls\n\nWho has handed halls over?\n\nRegards")]
    [InlineData("Hi, who has handed halls over?", "greeting", "Hi, who has handed halls over?")]
    [InlineData(null, "greeting", null)]
    public void A_brief_is_headed_by_what_a_pasted_message_asks(string? question, string? setAside, string? heading)
    {
        var answer = new Answer
        {
            Id = "x",
            At = DateTimeOffset.UnixEpoch,
            Question = question,
            Understood = new Understood([], [], [], null, [], [], "who", [], [], setAside is null ? [] : [setAside], [], [], [], "l"),
            Parts = [new("who has handed halls over?", Outcome.Answered, null, [])],
            Outcome = Outcome.Answered,
            Summary = "One.",
            Notice = new("Made with AI.", "m", "v", DateTimeOffset.UnixEpoch, "/c", "r", "c"),
            Composer = "extractive",
        };

        Assert.Equal(heading, answer.Heading);
    }

    // All but the first sentence are planned.
    private static (PartPlan Plan, Source Source) Planned(string text)
    {
        var study = Briefs.Planned.Study(new CaseStudy { Slug = "youth-panel", Title = "Youth panel", LeadMember = "Northbeck Council", Year = 2022, Text = text }, 1, 0.1, 0.9, 0.9);
        var plan = BriefPlanner.Plan(Briefs.Planned.Evidence(0.9, Briefs.Planned.Part(), study), Briefs.Planned.Model);
        return (plan, new Source(study.CaseStudy, 0.9, [.. study.Source.Passages.Select(p => new PassageHit(p, 0.9, null))]));
    }
}
