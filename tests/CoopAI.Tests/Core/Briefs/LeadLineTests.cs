using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Questions;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Briefs;

public class LeadLineTests
{
    private static readonly Dictionary<string, CaseStudy> CaseStudies = new(StringComparer.Ordinal)
    {
        ["halls"] = Planned.CaseStudy("halls", "Five halls passed to residents. Grants of £65,000 were paid.", "Northbeck Council", 2019),
        ["parks"] = Planned.CaseStudy("parks", "Parks went to a trust.", "Millford Council"),
    };

    [Fact]
    public void It_names_each_council_with_its_year_and_a_piece_of_what_is_quoted()
    {
        var lead = LeadLine.Of([AskKind.WhatWasDone], [Said("halls", "Five halls passed to residents."), Said("parks", "Parks went to a trust.")], CaseStudies, _ => 0, sure: true)!;

        Assert.Equal("Two councils speak to this: Northbeck Council (2019) – “Five halls passed to residents”; Millford Council (undated) – “Parks went to a trust”.", lead.Text);
        Assert.Equal(SentenceKind.Lead, lead.Kind);
        Assert.Equal(["halls", "parks"], lead.Citations.Select(c => c.Slug));
    }

    [Fact]
    public void What_was_asked_for_comes_first() => Assert.Equal(
        "Northbeck Council (2019) – “Grants of £65,000 were paid”.",
        LeadLine.Of([AskKind.HowMuch], [Said("halls", "Five halls passed to residents."), Said("halls", "Grants of £65,000 were paid.")], CaseStudies, _ => 0, sure: true)!.Text);

    [Fact]
    public void What_is_not_sure_says_so() =>
        Assert.StartsWith("Near, but not sure to answer: ", LeadLine.Of([AskKind.WhatWasDone], [Said("parks", "Parks went to a trust.")], CaseStudies, _ => 0, sure: false)!.Text, StringComparison.Ordinal);

    [Fact]
    public void Every_piece_stands_in_a_sentence_that_it_cites()
    {
        var said = new[] { Said("halls", "Five halls in the old town and the harbour passed to residents; each had a lease of twenty-five years with a grant for three of them and help from an officer who knew the law of charities very well."), Said("parks", "They are old.") };
        var lead = LeadLine.Of([AskKind.WhatWasDone], said, CaseStudies, _ => 0, sure: true)!.Text;

        Assert.Contains("“Five halls in the old town and the harbour passed to residents …”", lead, StringComparison.Ordinal);
        // A sentence that points back says nothing on its own: the title stands instead.
        Assert.Contains("Title of parks – Millford Council (undated)", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sentence_that_answers_best_leads() => Assert.Equal(
        "Northbeck Council (2019) – “Grants of £65,000 were paid”.",
        LeadLine.Of([AskKind.WhatWasDone], [Said("halls", "Five halls passed to residents."), Said("halls", "Grants of £65,000 were paid.")], CaseStudies, s => s.Text.Length == 28 ? 1 : 0, sure: true)!.Text);

    [Fact]
    public void A_clause_that_says_nothing_alone_is_not_cut_off()
    {
        const string Plan = "While it was preparing the replacement of its old development plan for the harbour, the council asked pupils in every school of the town to draw on a map what they like and what they do not like.";

        Assert.Equal("Title of halls – Northbeck Council (2019).", LeadLine.Of([AskKind.WhatWasDone], [Said("halls", Plan)], CaseStudies, _ => 0, sure: true)!.Text);
    }

    [Theory]
    [InlineData("Warm welcome for all (Lewisham)", "Lewisham Council", "Warm welcome for all – Lewisham Council")]
    [InlineData("Poverty strategy for Tameside", "Tameside Council", "Poverty strategy for Tameside – Tameside Council")]
    [InlineData("Deal for Business, Wigan", "Wigan Council", "Deal for Business – Wigan Council")]
    [InlineData("Strategy consultation, Birmingham City Council", "Birmingham City Council", "Strategy consultation – Birmingham City Council")]
    [InlineData("How Rochdale Borough Council does it", "Rochdale Borough Council", "How Rochdale Borough Council does it")]
    [InlineData("Peer review", null, "Peer review – lead council not stated")]
    public void A_heading_names_its_council_once(string title, string? council, string heading) => Assert.Equal(heading, ExtractiveComposer.NameOf(title, council));

    [Fact]
    public void Nothing_quoted_has_no_lead() => Assert.Null(LeadLine.Of([AskKind.Who], [AnswerSentence.Service("A heading:")], CaseStudies, _ => 0, sure: true));

    private static AnswerSentence Said(string slug, string text) => new(text, SentenceKind.Answer, [new Citation($"{slug}#0", slug, text, 0, text.Length)], []);
}
