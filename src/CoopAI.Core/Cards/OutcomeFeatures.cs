using CoopAI.Core.Language;

namespace CoopAI.Core.Cards;

/// <summary>What the outcome model looks at: a few named features of a sentence's main clause and of its place in the text.</summary>
internal static class OutcomeFeatures
{
    // Verbs whose past says that something now exists, was handed over, was won or was agreed. Other forms of the verb are not listed on purpose.
    private static readonly CueList Delivered = new("""
        launched, relaunched, published, adopted, opened, reopened, established, formed, founded, created, introduced, started, issued, set up, brought out, put in place, brought in, brought together,
        called together, joined together, written, wrote, produced, developed, built, rebuilt, signed, joined, agreed, approved, won, awarded, secured, delivered, carried out, held, hosted, installed, planted,
        completed, redesigned, replaced, registered, recognised, declared, named, accredited, passed, transferred, handed over, taken over, took over, taken up, took up, funded, bought, resulted, piloted, prepared,
        reviewed, mapped, collected, measured, made formal, put into, led to, followed, was made, were made, made it, drawn up, drew up, drafted, converted, restored, refurbished, renovated, merged,
        extended, expanded, widened, enlarged, spread, trialled, tested, tried, became, designed, designated, brought, turned into, grew, grown, came into, came out, out of it came, gave, given, appeared, started up,
        began operating, went to, was found for, were found for, began on, began in, went live, rolled out, commissioned and, found homes, halfway through, in place, renewed, revised, rewrote, rewritten, included, united, gathered
        """);

    private static readonly CueList Reached = new("""
        reached, attended, trained, recruited, took part, taken part, gone through, went through, went to, drew, engaged, supported, housed, rehoused, served, fed, distributed, handed out, gave out, signed up,
        employed, visited, volunteered, received, moved, placed, benefited, joined, consulted, interviewed, linked, connected, referred, responded, completed, came, enrolled, graduated, helped, settled, voted,
        shown that they
        """);

    private static readonly CueList Changed = new("""
        improved, reduced, cut, saved, rose, risen, fell, fallen, grew, grown, increased, raised, doubled, halved, trebled, changed, strengthened, enabled, lowered, gained, benefited, helped, let, allowed, won, kept, prevented, avoided,
        stopped, ended, freed, brought, halted, earned, earns, overcame, overcome, transformed, eased, enriched, boosted, cured, recovered, rank with the best, made possible
        """);

    // Verbs that tell what went into the work or what was thought, not what came of it.
    private static readonly CueList Input = new("""
        commissioned, hired, appointed, chose, decided, undertook, announced, wanted, wished, committed, asked, met, considered, worked, sought, invited, described, explained, expected, found, felt, saw, treated, shared, knew,
        realised, thought, hoped, intended, planned, began, needed, faced, had, was, were, said, warned, feared, looked, tied, opted, resolved, linked, received
        """);

    private static readonly CueList Actor = new("council, councils, borough, city, town, county, district, team, partnership, group, parish, members, partners, residents, authority, trust, programme, project, scheme, service, work, fund, money, they, it, lab, plan, strategy, policy");
    private static readonly CueList PresentVerb = new("""
        is, are, has, have, uses, wants, treats, runs, works, regards, looks, believes, holds, sees, takes, gives, helps, brings, puts, stands, rests, builds, belongs, makes, keeps, leads, aims, seeks, includes, covers, sets, offers,
        provides, means, stresses, concerns, supports, spends, applies, answers, goes, lets, tells, asks, needs, faces, help, bring, give, forms, shows, presents, describes
        """);

    internal static readonly CueList Modal = new("will, would, should, shall");
    private static readonly CueList Able = new("can, could, may, might, must, cannot");
    internal static readonly CueList Aim = new("""
        aim, aims, aimed, aiming, hope, hopes, hoped, plans to, is planned, are planned, planned to, plans, intends, intend, intended, intention, seeks, sought, wants, wish, wishes, means to, meant to, meant, are meant, is meant, due,
        expected, expects, proposes, proposed, goal, goals, target, targets, ambition, ambitions, in order, was to, were to, is to, are to, mission, missions, is carrying, the plan was, should
        """);
    private static readonly CueList AimPhrase = new("was to, were to, is to, are to, meant to, expected to, plan was, hoped to, wants to, wished to, intends to, planned to, due to open, should be");
    private static readonly CueList Underway = new("halfway through, well under way, were open, was open, is open, are open, now open, are running, in use, up and running, now run, now runs, look after, looks after");
    private static readonly CueList BePresent = new("is, are, being");
    private static readonly CueList Purpose = new("so that, in order, meant to, designed to, aim, aims, aimed, with a view, should, to help, to raise, to improve, to make, to demonstrate, to put, to spread, to give, to show, to enable, to build, to reduce, to keep, can");
    private static readonly CueList Problem = new("problem*, concern*, worr*, difficult*, pressure*, challenge*, crisis, gap, cuts, shortage*, deprived, deprivation, austerity, lack, lacks, lacked, unequal, inequalit*, shrinking, fear*, hardship, harsh, excluded, unfair, suffer*, worse, avoidable, slips, dangerous, threat*");
    private static readonly CueList Before = new("before, used to, once, traditionally, historically, previously, until, background, at the time, ago, goes back, decade, decades, century, peak, centuries, in the past, when the, earlier, for over, for more than, has long, have long");
    private static readonly CueList National = new("government, national, england, britain, country, parliament, everywhere, many councils, most councils, pandemic, covid-19, covid, lockdown, crisis, austerity, upheavals, law, act, economy");
    private static readonly CueList Outside = new("government, pandemic, covid-19, covid, lockdown, crisis, austerity, upheavals, parliament, law, act, national, england, britain, recession, inflation, rise, virus, costs, prices, demand, cuts, war, lockdowns");
    private static readonly CueList About = new("case study, page, profile, paper, title, article, presents, describes, a project on, policy lab of, policy lab led, policy lab on, its subject, its page");
    internal static readonly CueList Thing = new("""
        strateg*, plan, plans, report, reports, framework, partnership*, commission, contract*, hub, hubs, centre*, programme*, toolkit*, charter, guide, guidance, group, groups, fund, funds, grant*, service*, team*, project*, scheme*,
        network*, alliance*, policy, pledge, building*, home*, house*, event*, session*, workshop*, course*, website, app, forum*, panel*, assembl*, co-operative*, cooperative*, coop, coops, co-op, co-ops, company, companies, trust, trusts, board, bid, award*, review,
        survey, pilot*, post, posts, job, jobs, garden*, library, libraries, school*, site, sites, space*, output*, principles, cabinet, portfolio, instrument*, system, society, model, models, outcome, status, shop*, facilities, park*, set, strands, response
        """);
    internal static readonly CueList People = new("""
        people, person, resident*, tenant*, member*, famil*, household*, children, pupil*, student*, adult*, citizen*, volunteer*, participant*, carer*, patient*, worker*, staff, employee*, councillor*, business*, firm*, cohort*, community, communities,
        organisation*, charit*, user*, commissioner*, women, men, learner*, apprentice*, provider*, customer*, parent*, pounds, visitor*, lives, refugee*, veteran*, neighbour*, them, groups, many, parishes, schools
        """);
    private static readonly CueList CameOf = new("since then, so far, as a result, resulted, results, led to, out of it, thanks to, followed, the work, to date, outcome, outcomes, success*, achiev*, impact, for the first time, the first, went on, evaluat*, the result, in recent years, by now, four followed, jointly, together, from this");
    private static readonly CueList Definition = new("means that, kind of, such as, for example, consists, defined, at heart, the thinking, the reasoning, the idea, its claim, the claim, argues, argued, takes the form");
    private static readonly CueList Have = new("has, have");
    private static readonly CueList Be = new("was, were, been");
    private static readonly CueList Irregular = new("""
        began, brought, built, grew, held, led, made, met, rose, took, won, wrote, gave, went, came, ran, put, drew, found, got, kept, left, lost, paid, saw, sent, set, spent, stood, told, did, became, fell, fed, felt, bought, sold, taught,
        thought, chose, broke, spoke, drove, rebuilt, cut, had, was, were, knew, rewrote, let, lent, swept, sought, spread
        """);
    private static readonly CueList Participle = new("given, taken, gone, grown, begun, risen, put, shown, written, drawn, seen, known, become, come, chosen, fallen, done, run, overcome");

    public static readonly IReadOnlyList<string> Names =
    [
        "delivered", "delivered a thing", "reached people", "changed", "changed people", "perfect", "passive", "present only", "aim or modal", "input only", "no verb", "problem", "before", "national", "about the page", "came of it",
        "definition", "first", "last", "begins with date", "number in the clause", "delivered early", "purpose without delivery", "council does", "short", "purpose", "aim anywhere", "present and purpose", "helped to", "is helped", "has put", "published line", "halfway or open", "had done", "outside subject", "person", "can or must",
    ];

    /// <summary>Weights as a person would set them: the centre of the prior, refined by what the labels teach.</summary>
    public static readonly float[] Belief =
    [
        1.0f, 0.8f, 1.0f, 0.6f, 0.6f, 0.6f, 0.2f, -0.8f, -1.0f, -0.8f, -1.0f, -0.6f, -0.8f, -0.4f, -1.2f, 0.8f,
        -0.8f, -0.3f, 0.2f, 0.1f, 0.2f, 0.3f, -0.2f, 0.1f, -0.8f, 0, -0.2f, -0.2f, 0.8f, 0.8f, 0.6f, -2f, 2.2f, -1.2f, -1.2f, -1f, -0.7f,
    ];

    public const float BeliefBias = -1.6f;

    public static readonly float[] ExpectedBelief = [.. Names.Select(n => n switch
    {
        "aim or modal" => 1.6f, "purpose" or "aim anywhere" or "present and purpose" => 0.5f, "delivered" => -0.8f, "about the page" => -0.6f, "problem" => -0.3f, "definition" or "reached people" => -0.5f, _ => 0f,
    })];

    public const float ExpectedBeliefBias = -2.6f;

    private static readonly CueList Better = new("lives, better, fewer, improve, improved, improves, raised, saved, reduced, fell, rose, helped, enabled, gained, changed, best in, out of, confidence, wellbeing, grew, jobs, win, won them, moved into");

    private static readonly CueList LongAgo = new("years ago, decades ago, centuries ago, goes back to, used to be, in the past, more than a decade after");

    /// <summary>What was so long before the work, or came from outside it, is never its outcome, however it is worded.</summary>
    public static bool IsBackground(string sentence, float[] row) => row[Outsider] > 0 || new SentenceSignals(sentence).Has(LongAgo);

    private static readonly int Outsider = Names.ToList().IndexOf("outside subject");

    /// <summary>Among outcomes: a change for people or money, and not only a thing delivered.</summary>
    public static bool IsResult(string sentence, float[] row) => row[3] > 0 && row[0] == 0 && new SentenceSignals(sentence).Has(Better);

    /// <summary>One row for each sentence of a text, in order.</summary>
    public static IReadOnlyList<float[]> Of(IReadOnlyList<string> sentences) => [.. sentences.Select((s, i) => Row(new SentenceSignals(s), i, sentences.Count))];

    /// <summary>Whether a word has the look of a past form or participle.</summary>
    internal static bool PastForm(string word) => Irregular.Word(word) || (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal) && !word.EndsWith("eed", StringComparison.Ordinal));

    private static float[] Row(SentenceSignals s, int i, int n)
    {
        var main = MainClause.Of(s.Sentence);
        var flat = $" {string.Join(' ', main)} ";
        var firstPast = main.TakeWhile(w => !PastForm(w)).Count();
        var verbs = main.Where((w, k) => Finite(main, w, k, k > firstPast)).ToList();
        bool perfect = false, passive = false;
        for (var k = 0; k + 1 < main.Count; k++)
        {
            var next = main[k + 1] is "been" or "also" or "already" or "since" or "now" or "both" or "not" or "all" && k + 2 < main.Count ? main[k + 2] : main[k + 1];
            perfect |= Have.Word(main[k]) && (PastForm(next) || Participle.Word(next));
            passive |= Be.Word(main[k]) && (PastForm(next) || Participle.Word(next));
        }

        if (perfect || passive) verbs.AddRange(main.Where(Participle.Word));
        var past = verbs.Count > 0 || perfect;
        var delivered = past && (verbs.Any(Delivered.Word) || Delivered.PhraseIn(flat));
        var people = People.In(main, "");
        var reached = past && (verbs.Any(Reached.Word) || Reached.PhraseIn(flat)) && people;
        var changed = past && (verbs.Any(Changed.Word) || Changed.PhraseIn(flat));
        var present = !past && main.Any(PresentVerb.Word);
        var aim = Modal.In(main, flat) || Aim.In(main, flat) || s.Has(AimPhrase);
        var purpose = s.Has(Purpose);
        var number = main.Any(w => char.IsAsciiDigit(w[0]) && !IsYear(w)) || NumberWords.Cues.In(main, flat);
        bool[] flags =
        [
            delivered, delivered && Thing.In(main, ""), reached, changed, changed && people, perfect, passive, present, aim, past && !delivered && !reached && !changed && verbs.Any(Input.Word), !past && !present,
            s.Has(Problem), Before.In(main, flat), National.In([.. main.Take(8)], flat), s.Has(About), s.Has(CameOf), s.Has(Definition), i == 0, i == n - 1 && n > 2,
            s.WordList.Count > 1 && s.WordList[0] is "in" or "by" or "since" && s.WordList.Take(5).Any(IsYear), number, main.Take(12).Any(w => Delivered.Word(w) && PastForm(w)), purpose && !delivered && !reached, main.Take(5).Any(Actor.Word),
            s.WordCount < 7, purpose, s.Has(Aim) || s.Has(Modal), present && purpose,
            s.WordList.Zip(s.WordList.Skip(1)).Any(p => p is ("helped", "to") or ("helped", "found") or ("helped", "build")), Pair(main, BePresent, w => Reached.Word(w) || Changed.Word(w)) && people, past && false || (s.Sentence.Contains('£', StringComparison.Ordinal) || number || s.WordList.Any(w => char.IsAsciiDigit(w[0]) && !IsYear(w))) && Pair(s.WordList, Have, w => PastForm(w) || Participle.Word(w)),
            s.WordList.Count > 0 && s.WordList[0] is "published" or "filed" or "updated", s.Has(Underway), s.WordList is not ["by", ..] && Pair(main, Had, w => PastForm(w) || Participle.Word(w)), main.Take(3).Any(Outside.Word), main.Count > 0 && main[0] is "she" or "he", main.Any(Able.Word),
        ];
        return [.. flags.Select(f => f ? 1f : 0f)];
    }

    private static readonly CueList Had = new("had");

    private static bool Pair(IReadOnlyList<string> words, CueList first, Func<string, bool> second)
    {
        for (var k = 0; k + 1 < words.Count; k++)
        {
            var next = words[k + 1] is "been" or "also" or "already" or "since" or "now" or "both" or "not" or "all" or "being" && k + 2 < words.Count ? words[k + 2] : words[k + 1];
            if (first.Word(words[k]) && second(next)) return true;
        }

        return false;
    }

    private static bool Finite(IReadOnlyList<string> main, string w, int i, bool afterPast) =>
        PastForm(w) && !(i + 1 < main.Count && main[i + 1] == "by" && !(i > 0 && Be.Word(main[i - 1])))
        && !(i > 0 && main[i - 1] is "," or "the" or "a" or "an" or "of" or "its" or "is" or "are" or "be" or "and" or "their" && !(main[i - 1] is "and" or "," && afterPast));

    internal static bool IsYear(string word) => word.Length == 4 && word.All(char.IsAsciiDigit) && word[..2] is "18" or "19" or "20";
}
