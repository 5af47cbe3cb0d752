using CoopAI.Core.Briefs;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Meaning;

/// <summary>Where one content word of a sentence finds its like in a source.</summary>
/// <param name="Place">Index of the source's token; -1: none in the window; -2: in the title or the members' names.</param>
/// <param name="Strength">1 the same stem, less for synonyms and kindred words, 0 none.</param>
internal readonly record struct WordMatch(int Place, double Strength);

/// <summary>How far one passage supports one sentence.</summary>
internal sealed class Support
{
    public required PreparedSource Source { get; init; }

    /// <summary>First and last source sentence of the best window, 0-based, both inclusive.</summary>
    public required (int From, int To) Window { get; init; }

    /// <summary>One entry per token of the sentence; function words and numbers have strength 0.</summary>
    public required WordMatch[] Matches { get; init; }

    /// <summary>Weighted share of content words found in the window, in [0, 1].</summary>
    public required double Overlap { get; init; }

    /// <summary>Plain share of content words found in the window.</summary>
    public required double PlainOverlap { get; init; }

    /// <summary>Weighted share found anywhere in the passage, title and members.</summary>
    public required double PassageOverlap { get; init; }

    /// <summary>Lowest weighted share of a clause of at least two content words.</summary>
    public required double WorstClause { get; init; }

    /// <summary>Longest run of content words in a row that the window lacks.</summary>
    public required int LongestGap { get; init; }

    /// <summary>Share of neighbouring matched words that are neighbours in the source as well.</summary>
    public required double Order { get; init; }

    public required int ContentWords { get; init; }

    /// <summary>Lowest share of a clause when all the rest is taken over nearly word for word; 1 otherwise: what was added to a quotation.</summary>
    public required double Added { get; init; }

    private const double NumberWeight = 3;

    public TextSpan WindowSpan => Source.Body.Sentences.Count == 0
        ? new TextSpan(0, 0)
        : new TextSpan(Source.Body.Sentences[Window.From].Start, Source.Body.Sentences[Window.To].End);

    public bool InWindow(AnalysedToken token) => token.Sentence >= Window.From && token.Sentence <= Window.To;

    /// <summary>Compares a sentence with a passage and picks the run of at most <paramref name="windowSentences"/> sentences that fits best.</summary>
    public static Support Of(AnalysedText sentence, PreparedSource source, GroundingLexicon lexicon, int windowSentences)
    {
        var tokens = sentence.Tokens;
        var candidates = new List<WordMatch>[tokens.Length];
        var total = 0.0;
        var anywhere = 0.0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!tokens[i].Content) continue;
            candidates[i] = Candidates(tokens[i], source, lexicon);
            total += tokens[i].Weight;
            anywhere += tokens[i].Weight * (candidates[i].Count == 0 ? 0 : candidates[i].Max(c => c.Strength));
        }

        // A window that holds the sentence's numbers is the likelier one.
        var numbers = sentence.Quantities.Select(q => source.Body.Quantities.Where(o => o.Kind == q.Kind && o.Value == q.Value).Select(o => source.Body.Tokens[o.First].Sentence).ToArray()).Where(n => n.Length > 0).ToArray();
        var best = (From: 0, To: 0);
        var bestScore = double.NegativeInfinity;
        var count = source.Body.Sentences.Count;
        for (var from = 0; from < count; from++)
        {
            for (var to = from; to < Math.Min(count, from + windowSentences); to++)
            {
                var sum = 0.0;
                for (var i = 0; i < tokens.Length; i++)
                {
                    if (candidates[i] is not { } list) continue;
                    var top = 0.0;
                    foreach (var c in list)
                    {
                        if (c.Strength > top && (c.Place == -2 || (source.Body.Tokens[c.Place].Sentence is var s && s >= from && s <= to))) top = c.Strength;
                    }

                    sum += top * tokens[i].Weight;
                }

                foreach (var lines in numbers) sum += lines.Any(l => l >= from && l <= to) ? NumberWeight : 0;

                // A longer window has to earn its length.
                var score = sum - (0.02 * total * (to - from));
                if (score > bestScore + 1e-12) (bestScore, best) = (score, (from, to));
            }
        }

        return Align(tokens, candidates, source, best, total, anywhere);
    }

    private static Support Align(AnalysedToken[] tokens, List<WordMatch>[] candidates, PreparedSource source, (int From, int To) window, double total, double anywhere)
    {
        var matches = new WordMatch[tokens.Length];
        var last = -1;
        double sum = 0, plain = 0;
        int content = 0, gap = 0, longest = 0, pairs = 0, ordered = 0, before = -10;
        for (var i = 0; i < tokens.Length; i++)
        {
            matches[i] = new WordMatch(-1, 0);
            if (candidates[i] is not { } list) continue;
            content++;
            foreach (var c in list)
            {
                if (c.Place >= 0 && (source.Body.Tokens[c.Place].Sentence < window.From || source.Body.Tokens[c.Place].Sentence > window.To)) continue;
                var better = c.Strength > matches[i].Strength + 1e-9
                    || (Math.Abs(c.Strength - matches[i].Strength) < 1e-9 && c.Place >= 0 && matches[i].Place >= 0 && Distance(c.Place, last) < Distance(matches[i].Place, last));
                if (better) matches[i] = c;
            }

            if (matches[i].Strength > 0)
            {
                plain++;
                sum += matches[i].Strength * tokens[i].Weight;
                gap = 0;
                if (matches[i].Place >= 0)
                {
                    if (before >= 0)
                    {
                        pairs++;
                        if (matches[i].Place - before is > 0 and <= 4) ordered++;
                    }

                    before = last = matches[i].Place;
                }
            }
            else
            {
                longest = Math.Max(longest, ++gap);
                before = -10;
            }
        }

        return new Support
        {
            Source = source,
            Window = window,
            Matches = matches,
            ContentWords = content,
            Overlap = total > 0 ? sum / total : 1,
            PlainOverlap = content > 0 ? plain / content : 1,
            PassageOverlap = total > 0 ? anywhere / total : 1,
            WorstClause = Worst(tokens, matches),
            LongestGap = longest,
            Added = AddedTo(tokens, matches),
            Order = pairs > 0 ? (double)ordered / pairs : 0,
        };

        static int Distance(int place, int last) => last < 0 ? 0 : place > last ? place - last : last - place + 2;
    }

    private static double AddedTo(AnalysedToken[] tokens, WordMatch[] matches)
    {
        var lowest = 1.0;
        // An added piece begins at a clause or a preposition and goes on to the clause's end.
        for (var from = 1; from < tokens.Length; from++)
        {
            if (tokens[from].Sentence != tokens[from - 1].Sentence || !(tokens[from].Clause != tokens[from - 1].Clause || tokens[from].Text is "by" or "for" or "with" or "from" or "at" or "to" or "in" or "through")) continue;
            var to = from + 1;
            while (to < tokens.Length && tokens[to].Sentence == tokens[from].Sentence && !(tokens[to].ClauseStart && to > from + 1)) to++;
            double inside = 0, insideFound = 0, outside = 0, outsideFound = 0;
            int words = 0, others = 0;
            for (var i = 0; i < tokens.Length; i++)
            {
                if (!tokens[i].Content) continue;
                if (i >= from && i < to)
                {
                    words++;
                    inside += tokens[i].Weight;
                    insideFound += tokens[i].Weight * matches[i].Strength;
                }
                else
                {
                    others++;
                    outside += tokens[i].Weight;
                    outsideFound += tokens[i].Weight * (matches[i].Strength >= 0.95 ? 1 : 0);
                }
            }

            if (words >= 2 && others >= 2 && outsideFound >= 0.9 * outside) lowest = Math.Min(lowest, insideFound / inside);
        }

        return lowest;
    }

    /// <summary>Lowest weighted share among clauses; clauses of one content word join the one before.</summary>
    private static double Worst(AnalysedToken[] tokens, WordMatch[] matches)
    {
        var worst = 1.0;
        double weight = 0, found = 0;
        var words = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i > 0 && tokens[i].Clause != tokens[i - 1].Clause && words >= 2)
            {
                worst = Math.Min(worst, found / weight);
                (weight, found, words) = (0, 0, 0);
            }

            if (!tokens[i].Content) continue;
            words++;
            weight += tokens[i].Weight;
            found += tokens[i].Weight * matches[i].Strength;
        }

        return words >= 2 ? Math.Min(worst, found / weight) : worst;
    }

    private static List<WordMatch> Candidates(AnalysedToken token, PreparedSource source, GroundingLexicon lexicon)
    {
        var found = new List<WordMatch>();
        foreach (var (key, strength) in source.Kin.Of(token.Key, lexicon))
        {
            foreach (var place in source.Body.ByKey[key]) found.Add(new WordMatch(place, strength));
        }

        if (token.Phrase is { } phrase)
        {
            foreach (var place in source.Phrases)
            {
                if (lexicon.AreSynonyms(phrase, source.Body.Tokens[place].Phrase!)) found.Add(new WordMatch(place, 1));
            }

            foreach (var key in source.Kin.Synonyms(phrase, lexicon)) found.AddRange(source.Body.ByKey[key].Select(p => new WordMatch(p, 0.85)));
        }

        foreach (var place in source.Phrases)
        {
            if (lexicon.AreSynonyms(token.Key, source.Body.Tokens[place].Phrase!)) found.Add(new WordMatch(place, 0.85));
        }

        if (source.HeadKeys.Contains(token.Key)) found.Add(new WordMatch(-2, 0.95));
        return found;
    }
}
