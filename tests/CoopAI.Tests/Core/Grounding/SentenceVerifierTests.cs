using System.Text.Json;
using CoopAI.Core.Corpus;
using CoopAI.Core.Grounding;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Guidance;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Grounding;

public sealed class SentenceVerifierTests
{
    private static readonly SentenceVerifier Verifier = new();
    private static readonly CaseStudy[] Corpus =
        [.. File.ReadLines(RepositoryFiles.Find("corpus", "case-studies.jsonl")).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<CaseStudy>(l, CoopAI.Core.CoopJson.Options)!)];

    private static SourcePassage Passage(CaseStudy c) => new(c.Slug, c.Text, c.Title, c.LeadMember, c.ParticipatingMembers, c.Year);

    private static RuleStatus Backed(string source, string sentence) => Verifier.Verify(sentence, ["S"], [new SourcePassage("S", source)])[0].Status;

    [Theory]
    [InlineData("The council funded the trust.", "The trust funded the council.")]
    [InlineData("The council funded the trust.", "The council was funded by the trust.")]
    [InlineData("The parks passed from the council to the trust.", "The parks passed from the trust to the council.")]
    [InlineData("Some of the tenants joined the board.", "All of the tenants joined the board.")]
    [InlineData("Most callers asked for food.", "Every caller asked for food.")]
    [InlineData("The council plans to open three hubs next year.", "The council opened three hubs.")]
    [InlineData("The hub may reduce waiting times.", "The hub reduced waiting times.")]
    [InlineData("Staff refused the offer of a pay rise.", "Staff accepted the offer of a pay rise.")]
    [InlineData("Complaints rose after the change.", "Complaints fell after the change.")]
    [InlineData("Rents were set before the election.", "Rents were set after the election.")]
    [InlineData("The pilot failed to attract new members.", "The pilot attracted new members.")]
    [InlineData("The service no longer charges for visits.", "The service charges for visits.")]
    [InlineData("Tenants chose the new repairs contractor.", "Landlords chose the new repairs contractor.")]
    [InlineData("The panel met each month in the library.", "The panel met each month in the library because the town hall had closed.")]
    [InlineData("The trust bought the swimming pool.", "The trust bought the swimming pool, which now makes a healthy profit.")]
    [InlineData("The charity Acorn ran the kitchen.", "The charity Beacon ran the kitchen.")]
    public void A_changed_meaning_fails_although_the_words_overlap(string source, string sentence) =>
        Assert.Equal(RuleStatus.Fail, Backed(source, sentence));

    [Theory]
    [InlineData("The council funded the trust.", "The trust was funded by the council.")]
    [InlineData("Tenants chose the contractor and set the rents.", "Residents picked the contractor and decided the rents.")]
    [InlineData("The pilot did not reduce repair costs.", "Repair costs did not fall in the pilot.")]
    [InlineData("The council plans to open three hubs next year.", "Three hubs are to open next year.")]
    [InlineData("Complaints rose after the change.", "After the change there was an increase in complaints.")]
    [InlineData("The service is free of charge for all residents.", "Residents do not pay for the service.")]
    public void The_same_meaning_in_other_words_passes(string source, string sentence) =>
        Assert.Equal(RuleStatus.Pass, Backed(source, sentence));

    [Fact]
    public void The_score_orders_sentences_by_how_far_they_are_supported_and_what_failed()
    {
        var sources = Verifier.Prepare([new SourcePassage("S", "The trust opened 40 allotments with residents in 2021.", LeadMember: "Plymouth City Council")]);
        string[] falling =
        [
            "The trust opened 40 allotments with residents in 2021.", "The trust opened 50 allotments with residents in 2021.",
            "The trust closed 50 allotments with residents in 2021.", "Ferries carry lorries over the sea.",
        ];

        double[] scores = [.. falling.Select(s => Verifier.ScoreOf(s, sources))];

        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(scores, s => Assert.InRange(s, 0, 1));
        Assert.Equal(0, Verifier.ScoreOf(falling[0], Verifier.Prepare([])));
    }

    [Theory]
    // Numbers in groups, ranges, dates and fractions.
    [InlineData("The fund lent £1 200 000 to 40 groups.", "The fund lent £1,200,000 to 40 groups.", true)]
    [InlineData("The fund lent £1 200 000 to 40 groups.", "The fund lent £1 to 40 groups.", false)]
    [InlineData("The tram carried 45\u00A0000 people in 2022.", "The tram carried 45,000 people in 2022.", true)]
    [InlineData("The tram carried 45\u00A0000 people in 2022.", "The tram carried 45 people in 2022.", false)]
    [InlineData("The scheme trained between 30 and 40 wardens.", "The scheme trained 30 to 40 wardens.", true)]
    [InlineData("The scheme trained between 30 and 40 wardens.", "The scheme trained at least 30 wardens.", true)]
    [InlineData("The scheme trained between 30 and 40 wardens.", "The scheme trained 40 wardens.", false)]
    [InlineData("The scheme trained between 30 and 40 wardens.", "The scheme trained more than 40 wardens.", false)]
    [InlineData("Heating bills fell by 5-8 per cent.", "Heating bills fell by 5% to 8%.", true)]
    [InlineData("The lido cost £2m to £3m.", "The lido cost £2-3m.", true)]
    [InlineData("Membership rose from 30 to 40 people.", "Membership rose to 40 people.", true)]
    [InlineData("The museum opened on 3 April 2021.", "The museum opened on 2021-04-03.", true)]
    [InlineData("The museum opened on 3 April 2021.", "The museum opened on 2021-05-03.", false)]
    [InlineData("The lido opened on 12/06/2022 and closed on 31/03/2024.", "The lido closed in March 2024.", true)]
    [InlineData("The lido opened on 12/06/2022 and closed on 31/03/2024.", "The lido closed in March 2022.", false)]
    [InlineData("Three quarters of the tenants voted.", "3/4 of the tenants voted.", true)]
    [InlineData("Three quarters of the tenants voted.", "2/4 of the tenants voted.", false)]
    // Bounds.
    [InlineData("The grant for the club was under £5,000.", "The grant for the club was £5,000.", false)]
    [InlineData("The trust will plant up to 500 trees.", "The trust will plant 500 trees.", false)]
    [InlineData("No more than six trees were felled.", "At most six trees were felled.", true)]
    [InlineData("No fewer than 12 members of staff moved.", "At least 12 members of staff moved.", true)]
    [InlineData("About 90 pupils came.", "Over 90 pupils came.", false)]
    [InlineData("Nearly 300 people signed.", "Almost 300 people signed.", true)]
    [InlineData("No more than six trees were felled. Over half of the tenants voted.", "More than half of the tenants voted.", true)]
    // What did not come about, and two denials.
    [InlineData("The panel stopped short of backing the merger.", "The panel backed the merger.", false)]
    [InlineData("The mayor ruled out a tax on hotels.", "The mayor brought in a tax on hotels.", false)]
    [InlineData("The mayor ruled out a tax on hotels.", "The mayor did not bring in a tax on hotels.", true)]
    [InlineData("A tax on hotels was ruled out by the mayor.", "The mayor brought in a tax on hotels.", false)]
    [InlineData("A tax on hotels was ruled out by the mayor.", "The mayor ruled out a tax on hotels.", true)]
    [InlineData("Plans for a toll bridge were scrapped after 300 people objected.", "300 people objected to plans for a toll bridge.", true)]
    [InlineData("The forum voted against a toll on the bridge.", "The forum voted for a toll on the bridge.", false)]
    [InlineData("The surgery in Mill Lane has yet to open.", "The surgery opened in Mill Lane.", false)]
    [InlineData("The council pulled out of the swimming pool project.", "The council joined the swimming pool project.", false)]
    [InlineData("No residents were moved without consent.", "Residents were moved without consent.", false)]
    [InlineData("Never did officers meet tenants without an advocate.", "Officers met tenants without an advocate.", false)]
    [InlineData("Nobody was evicted without a hearing.", "No tenant was evicted without a hearing.", true)]
    public void Numbers_bounds_and_denials_are_held_to_what_they_mean(string source, string sentence, bool passes) =>
        Assert.Equal(!passes, Verifier.Verify(sentence, ["S"], [new SourcePassage("S", source)]).Any(r => r.Status == RuleStatus.Fail));

    [Theory]
    [InlineData("Derby opened nine youth clubs with young people in 2018.", false)]
    [InlineData("Reading opened nine youth clubs with young people in 2018.", false)]
    [InlineData("Cumbria opened nine youth clubs with young people in 2018.", true)]
    [InlineData("Windsor opened nine youth clubs with young people in 2018.", false)]
    public void A_council_that_begins_the_sentence_is_held_to_the_record(string sentence, bool passes) =>
        Assert.Equal(!passes, Verifier.Verify(sentence, ["S"], [new SourcePassage("S", "The council opened nine youth clubs with young people in 2018.", LeadMember: "Cumbria County Council", Year: 2018)]).Any(r => r.Status == RuleStatus.Fail));

    [Fact]
    public void A_word_that_begins_the_sentence_and_is_also_a_place_names_no_council_where_no_deed_follows() =>
        Assert.Equal(RuleStatus.NotApplicable, Verifier.Verify("Reading the plan took members an hour.", ["S"], [new SourcePassage("S", "Reading the plan took members an hour.", LeadMember: "Plymouth City Council")])[2].Status);

    [Theory]
    [InlineData("She said “nobody goes down there after dark”.", RuleStatus.Pass)]
    [InlineData("She said \"nobody goes down there after dark\".", RuleStatus.Pass)]
    [InlineData("She said ‘nobody goes down there after dark’.", RuleStatus.Pass)]
    [InlineData("She said “nobody goes … after dark”.", RuleStatus.Pass)]
    [InlineData("She said “nobody goes out there after dark”.", RuleStatus.Fail)]
    [InlineData("She said ‘nobody goes out there after dark’.", RuleStatus.Fail)]
    [InlineData("She said “after dark nobody goes down there”.", RuleStatus.Fail)]
    public void A_quotation_is_held_to_the_source_word_for_word(string sentence, RuleStatus expected)
    {
        var result = Verifier.Verify(sentence, ["S"], [new SourcePassage("S", "A resident said, \"Nobody goes down there after dark\", and others agreed.")])[2];

        Assert.Equal(expected, result.Status);
    }

    [Fact]
    public void A_claim_whose_parts_stand_in_two_sources_fails()
    {
        SourcePassage[] sources =
        [
            new("CS1", "Northbeck set up a residents' panel to share out money.", LeadMember: "Northbeck Council"),
            new("CS2", "Millford opened a community bank for small firms.", LeadMember: "Millford Council"),
        ];
        var prepared = Verifier.Prepare(sources);

        Assert.Contains(Verifier.VerifyText("Millford set up a residents' panel to share out money [CS1][CS2].", prepared), r => r.Status == RuleStatus.Fail);
        Assert.DoesNotContain(Verifier.VerifyText("Northbeck set up a residents' panel, and Millford opened a community bank [CS1][CS2].", prepared), r => r.Status == RuleStatus.Fail);
    }

    [Fact]
    public void A_claim_that_another_source_fits_better_fails_and_names_it()
    {
        var prepared = Verifier.Prepare(
        [
            new("CS1", "The residents' panel of the town met to talk about money for youth clubs."),
            new("CS2", "The residents' panel shared out grants and published every decision."),
        ]);

        var result = Verifier.VerifyText("The residents' panel shared out grants and published decisions [CS1].", prepared)[0];

        Assert.Equal(RuleStatus.Fail, result.Status);
    }

    [Fact]
    public void Every_verbatim_sentence_of_the_corpus_passes_with_its_own_citation()
    {
        foreach (var study in Corpus)
        {
            var prepared = Verifier.Prepare([Passage(study)]);
            foreach (var sentence in Sentences.Split(study.Text).Select(s => s.In(study.Text)))
                Assert.DoesNotContain(Verifier.Verify(sentence, [study.Slug], prepared), r => r.Status == RuleStatus.Fail);
        }
    }

    [Fact]
    public void Changing_one_digit_of_a_verbatim_sentence_always_fails_VG02()
    {
        var random = new Random(20261122);
        var tried = 0;
        foreach (var study in Corpus)
        {
            var prepared = Verifier.Prepare([Passage(study)]);
            foreach (var sentence in Sentences.Split(study.Text).Select(s => s.In(study.Text)))
            {
                var digits = Enumerable.Range(0, sentence.Length).Where(i => char.IsAsciiDigit(sentence[i]) && IsStated(sentence, i)).ToArray();
                if (digits.Length == 0) continue;
                var at = digits[random.Next(digits.Length)];
                var other = (char)('1' + ((sentence[at] - '1' + 1 + random.Next(7)) % 9));
                if (other == sentence[at]) continue;
                var changed = sentence[..at] + other + sentence[(at + 1)..];
                // A changed number may be another number of the same source by chance; those say nothing.
                var number = Words.Split(changed).First(w => w.Span.Start <= at && w.Span.End > at).Text;
                if (Words.Split(study.Text).Any(w => w.Text == number)) continue;
                tried++;
                Assert.True(Verifier.Verify(changed, [study.Slug], prepared)[1].Status == RuleStatus.Fail, $"{study.Slug}: {changed}");
            }
        }

        Assert.True(tried > 80, $"Only {tried} sentences were tried.");

        // "3G", "16)" in names and ordinals of days are not stated quantities.
        static bool IsStated(string text, int i) => !(i + 1 < text.Length && char.IsAsciiLetter(text[i + 1]) && text[i + 1] is not ('m' or 'k'));
    }

    [Fact]
    public void Putting_another_council_in_its_place_always_fails_VG03()
    {
        var tried = 0;
        foreach (var study in Corpus.Where(s => s.LeadMember is not null))
        {
            var prepared = Verifier.Prepare([Passage(study)]);
            foreach (var (place, other) in new[] { ("Oldham", "Halton"), ("Plymouth", "Hastings"), ("Stevenage", "Wrexham"), ("Kirklees", "Dundee"), ("Rochdale", "Northbeck City Council"), ("Birmingham", "Kestrel Moor Council") })
            {
                foreach (var sentence in Sentences.Split(study.Text).Select(s => s.In(study.Text)).Where(s => s.Contains(place + " City Council", StringComparison.Ordinal) || s.Contains(place + " Council", StringComparison.Ordinal) || s.StartsWith(place + " ", StringComparison.Ordinal)))
                {
                    tried++;
                    var changed = sentence.Replace(place + " City Council", other, StringComparison.Ordinal).Replace(place + " Council", other, StringComparison.Ordinal).Replace(place + " Borough Council", other, StringComparison.Ordinal);
                    if (changed.StartsWith(place + " ", StringComparison.Ordinal)) changed = other + changed[place.Length..];
                    Assert.True(Verifier.Verify(changed, [study.Slug], prepared)[2].Status == RuleStatus.Fail, $"{study.Slug}: {changed}");
                }
            }
        }

        Assert.True(tried > 20, $"Only {tried} sentences were tried.");
    }

    [Fact]
    public void Two_runs_give_the_same_results()
    {
        var study = Corpus.First(c => c.Slug == "warm-welcome-for-all");
        const string Sentence = "Lewisham gave £65,000 to 25 spaces and found a further £74,000.";

        var first = Verifier.Verify(Sentence, [study.Slug], [Passage(study)]);
        var second = new SentenceVerifier().Verify(Sentence, [study.Slug], [Passage(study)]);

        Assert.Equal(JsonSerializer.Serialize(first), JsonSerializer.Serialize(second));
    }

    public static TheoryData<string> Hostile =>
    [
        "", " ", "[CS1]", "[[[[CS1]", "\ud800\udfff\ud800", "\u202e\u200b\u200d", new string('a', 50_000), new string('"', 5_000), new string('\'', 5_000),
        string.Concat(Enumerable.Repeat("not ", 900)), string.Concat(Enumerable.Repeat("one hundred and ", 200)), string.Concat(Enumerable.Repeat("9", 400)),
        "£" + new string('9', 300) + "bn", string.Concat(Enumerable.Repeat("A-on-", 500)), "1/1/1/1/1/1/1/1/1", "½ of ١٢ 五", string.Concat(Enumerable.Repeat("half a ", 400)),
        string.Concat(Enumerable.Repeat("[CS1]", 700)), "“" + new string('x', 3000), string.Concat(Enumerable.Repeat("Council ", 400)),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_input_gives_three_results_and_no_exception(string text)
    {
        var sources = new[] { new SourcePassage("CS1", text, text, text, [text], 2020), new SourcePassage("CS2", "The council opened a hub.") };

        Assert.Equal(3, Verifier.Verify(text, ["CS1"], sources).Count);
        Assert.Equal(3, Verifier.Verify("The council opened a hub in 2020.", ["CS1", "CS2"], sources).Count);
    }

    [Theory]
    [InlineData(1.5, 3, 12, "min_overlap")]
    [InlineData(0.5, 0, 12, "window_sentences")]
    [InlineData(0.5, 3, 0, "min_quote_chars")]
    public void A_setting_out_of_range_is_refused_by_name(double overlap, int window, int quote, string name)
    {
        var error = Assert.Throws<ArgumentException>(() => new SentenceVerifier(new GroundingSettings { MinOverlap = overlap, WindowSentences = window, MinQuoteChars = quote }));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("First [CS1]. Second. [CS2]", "CS1", "CS2")]
    [InlineData("First [CS1][CS2].", "CS1,CS2")]
    [InlineData("First [CS1, CS2].", "CS1,CS2")]
    [InlineData("He said “[the council] agreed” [slug#0].", "slug#0")]
    public void Marks_belong_to_the_sentence_they_stand_in_or_follow(string text, params string[] cites) =>
        Assert.Equal(cites, CitationMarks.Read(text).Select(s => string.Join(',', s.Cites)));

    [Theory]
    [InlineData("Charities and residents hand buildings to Harrow Vale Council.", "Harrow Vale Council runs a large scheme that hands buildings to charities and residents.")]
    [InlineData("The foundation's older scheme draws on this one.", "The council pays for it, and it draws on an older scheme of the foundation.")]
    [InlineData("Donations grew while referrals fell.", "Referrals grew by half while donations fell.")]
    [InlineData("Penfold District Council has the widest gap in life expectancy.", "Kestrel Moor District Council has the widest gap in life expectancy. A panel met in spring. It chose a plan. Money was found. Penfold District Council joined later.")]
    [InlineData("Staff moved to the hub, leading to shorter queues.", "Staff moved to the hub. There were shorter queues.")]
    public void Who_does_what_and_why_must_be_the_source_s(string sentence, string text)
    {
        var verdict = new SentenceVerifier().Verify(sentence, ["S"], [new SourcePassage("S", text)]).Single(r => r.Rule == "VG01");

        Assert.Equal(RuleStatus.Fail, verdict.Status);
        Assert.Contains("The meaning differs", verdict.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The scheme hands buildings to charities and residents.", "Harrow Vale Council runs a large scheme that hands buildings to charities and residents.")]
    [InlineData("It draws on the foundation's older scheme.", "The council pays for it, and it draws on an older scheme of the foundation.")]
    [InlineData("While donations fell, referrals grew.", "Referrals grew by half while donations fell.")]
    [InlineData("Penfold District Council has the widest gap in life expectancy for men.", "Penfold District Council has the widest gap in life expectancy, for men above all. A panel met in spring. It chose a plan. Money was found. Millford Council joined later.")]
    public void The_same_said_rightly_stands(string sentence, string text) =>
        Assert.Equal(RuleStatus.Pass, new SentenceVerifier().Verify(sentence, ["S"], [new SourcePassage("S", text)]).Single(r => r.Rule == "VG01").Status);

    [Theory]
    [InlineData("The society sold 900 shares to light its lanes [1].")]
    [InlineData("Before [Covid-19] nobody knew the society.")]
    [InlineData("The society sells rope to [9] boatyards.")]
    public void Square_brackets_of_a_source_are_no_citations(string sentence)
    {
        var results = new SentenceVerifier().Verify(sentence, ["s#0"], [new SourcePassage("s#0", $"{sentence} It meets on Mondays.")]);

        Assert.DoesNotContain(results, r => r.Status == RuleStatus.Fail);
    }

    [Fact]
    public void A_mark_that_no_source_holds_is_a_citation_of_nothing()
    {
        var results = new SentenceVerifier().Verify("The society sells rope to boatyards [9].", ["s#0"], [new SourcePassage("s#0", "The society sells rope to boatyards.")]);

        Assert.Contains(results, r => r.Status == RuleStatus.Fail && r.Explanation.Contains('9', StringComparison.Ordinal));
    }
}
