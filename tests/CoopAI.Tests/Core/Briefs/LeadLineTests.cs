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
        var lead = LeadLine.Of([AskKind.WhatWasDone], [Said("halls", "Five halls passed to residents."), Said("parks", "Parks went to a trust.")], CaseStudies, sure: true)!;

        Assert.Equal("Two councils speak to this: Northbeck Council (2019) – “Five halls passed to residents”; Millford Council (undated) – “Parks went to a trust”.", lead.Text);
        Assert.Equal(SentenceKind.Lead, lead.Kind);
        Assert.Equal(["halls", "parks"], lead.Citations.Select(c => c.Slug));
    }

    [Fact]
    public void What_was_asked_for_comes_first() => Assert.Equal(
        "Northbeck Council (2019) – “Grants of £65,000 were paid”.",
        LeadLine.Of([AskKind.HowMuch], [Said("halls", "Five halls passed to residents."), Said("halls", "Grants of £65,000 were paid.")], CaseStudies, sure: true)!.Text);

    [Fact]
    public void What_is_not_sure_says_so() =>
        Assert.StartsWith("Near, but not sure to answer: ", LeadLine.Of([AskKind.WhatWasDone], [Said("parks", "Parks went to a trust.")], CaseStudies, sure: false)!.Text, StringComparison.Ordinal);

    [Fact]
    public void Every_piece_stands_in_a_sentence_that_it_cites()
    {
        var said = new[] { Said("halls", "Five halls passed to residents; each had a lease of twenty-five years, a grant for three years and help from an officer who knew the law of charities well."), Said("parks", "They are old.") };
        var lead = LeadLine.Of([AskKind.WhatWasDone], said, CaseStudies, sure: true)!.Text;

        Assert.Contains("“Five halls passed to residents”", lead, StringComparison.Ordinal);
        // A sentence that points back says nothing on its own: the title stands instead.
        Assert.Contains("Millford Council (undated) – Title of parks", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_quoted_has_no_lead() => Assert.Null(LeadLine.Of([AskKind.Who], [AnswerSentence.Service("A heading:")], CaseStudies, sure: true));

    private static AnswerSentence Said(string slug, string text) => new(text, SentenceKind.Answer, [new Citation($"{slug}#0", slug, text, 0, text.Length)], []);
}
