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
    // A list after a colon, said alone, would be claimed of the council.
    [InlineData("It began when officers saw what was wrong with the market and the contracts: zero-hours employment, poor care, hostile relations between provider and buyer, rising unit costs, and firms thought to be out for profit.")]
    // A clause that speaks against the one before it.
    [InlineData("Although machines that write develop at great speed and with very little care for what they break, their makers promise that all of this will one day be put right; yet councils cannot ignore what they may bring in productivity.")]
    // Cut off at a word that points back.
    [InlineData("A new framework for home care in the whole of the borough replaced this: with the firms that were committed to the place the council designed a model that can be afforded, that lets businesses earn a fair return and puts money into local people.")]
    public void A_piece_that_means_something_else_alone_is_not_quoted(string sentence) =>
        Assert.Equal("Title of halls – Northbeck Council (2019).", LeadLine.Of([AskKind.WhatWasDone], [Said("halls", sentence)], CaseStudies, _ => 0, sure: true)!.Text);

    [Theory]
    [InlineData("Food banks are usually named as the essential answer to food poverty, but Northbeck went another way and built a project of several linked services that develop skills and involve the community.", "“Northbeck went another way and built a project of several linked services that develop skills and involve the community”")]
    [InlineData("Food banks are usually named as the essential answer to food poverty, while in Northbeck there is a project of several linked services that develop skills and involve everybody in the community.", null)]
    public void What_a_sentence_takes_back_is_not_quoted_alone(string sentence, string? piece) => Assert.Equal(
        piece is null ? "Title of halls – Northbeck Council (2019)." : $"Northbeck Council (2019) – {piece}.",
        LeadLine.Of([AskKind.WhatWasDone], [Said("halls", sentence)], CaseStudies, _ => 0, sure: true)!.Text);

    [Fact]
    public void A_clause_of_its_own_after_a_colon_is_quoted() => Assert.Equal(
        "Northbeck Council (2019) – “providers are funded to guarantee a minimum level of pay, and careers can progress …”.",
        LeadLine.Of([AskKind.WhatWasDone], [Said("halls", "For recruiting and keeping staff: providers are funded to guarantee a minimum level of pay, and careers can progress; roles are blended with more training, shared learning and support from others.")], CaseStudies, _ => 0, sure: true)!.Text);

    [Theory]
    [InlineData("Before the change 25 providers worked all over the borough.")]
    [InlineData("Until 2018 an outside contractor collected the waste.")]
    [InlineData("Previously nobody asked the residents.")]
    [InlineData("In the past officers decided alone.")]
    public void How_things_stood_before_leads_only_where_nothing_else_is_quoted(string before)
    {
        var all = new[] { Said("halls", before), Said("halls", "Five halls passed to residents.") };
        Assert.Equal("Northbeck Council (2019) – “Five halls passed to residents”.", LeadLine.Of([AskKind.WhatWasDone], all, CaseStudies, s => s.Text == before ? 1 : 0, sure: true)!.Text);
        Assert.StartsWith("Northbeck Council (2019) – “" + before[..8], LeadLine.Of([AskKind.WhatWasDone], all[..1], CaseStudies, _ => 0, sure: true)!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Before deciding, the council asked residents.")]
    [InlineData("Until residents agree, nothing is built.")]
    public void A_step_that_was_taken_first_is_no_state_before(string sentence) => Assert.False(ReferenceWords.OpensOnTheStateBefore(sentence));

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
