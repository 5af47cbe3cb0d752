namespace CoopAI.Core.Cards;

/// <summary>Finds the sentences that say what worked, what did not, what is advised and what stood in the way.</summary>
internal static class LessonReader
{
    private static readonly CueList Failed = new("did not work, didn't work, not gone well, went wrong, failed, failure, would not do, did not succeed, without success, regret, mistake, mistakes, was abandoned, were abandoned, not used again, too slow, no better, did not take, drawback, fell short");
    private static readonly CueList Advice = new("lesson, lessons, learned that, learnt that, our advice, advice to others, advise, advises, recommend, recommends, recommended that, what counts is, is essential, was essential, is central, were we to, next time, should be, it matters, key is, is key, concluded, the answer was, found that, must be, worth it, could be worth, important that, crucial, needs to be");
    private static readonly CueList Barrier = new("main barrier, biggest barrier, the barrier was, an obstacle was, hampered, hindered, held back, difficulty was, hardest part, the hard part, stood in the way, lost trust, delayed by, resistance, reluctant, worried that, was slow, took longer, constraint, constraints");
    private static readonly CueList Worked = new("thanks to, worked well, proven, success factor, made the difference, paid off, because of this, this worked, what worked, is put down to, not put down to luck, helped because, the key to, owes, enabled them, lets its, let them, was helped by, made it possible, let the council");
    private static readonly CueList Aim = new("aims, aim, will, hope, plan, would");

    public static LessonStated? Read(string sentence)
    {
        var s = new SentenceSignals(sentence);
        if (s.WordCount < 6) return null;
        if (s.Has(Failed)) return new(sentence, LessonKind.DidNotWork);
        if (s.Has(Barrier)) return new(sentence, LessonKind.Barrier);
        if (s.Has(Advice) && !s.Has(Aim)) return new(sentence, LessonKind.Recommendation);
        return s.Has(Worked) && !s.Has(Aim) ? new(sentence, LessonKind.Worked) : null;
    }
}
