using System.Globalization;
using System.Text;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;

namespace CoopAI.Core.Questions;

/// <summary>Reads what a person typed: what is asked, of whom, when, and what was meant by short forms and slips.</summary>
/// <remarks>
/// Pure and deterministic: lists, councils, corpus and the year come in. The same question in other case, spacing, line breaks or final marks,
/// with "please" or a greeting, gives the same <see cref="QuestionPart.Search"/>; only names that are English words too ("Reading") need their capital where nothing else tells.
/// Immutable and safe for concurrent use.
/// </remarks>
/// <param name="principles">Ids and names of the principles.</param>
public sealed class QuestionReader(ReadingLists lists, CouncilTable councils, CorpusWords corpus, IReadOnlyList<(string Id, string Name)> principles)
{
    /// <summary>Most letters of a quoted span that is kept as a phrase.</summary>
    private const int LongestPhrase = 60;

    /// <summary>Different unknown words of one message that are looked up as slips: a message of nonsense takes no longer than another.</summary>
    private const int MostLookedUp = 40;

    private static readonly HashSet<string> Polite = new(["please", "pls", "plz", "kindly"], StringComparer.Ordinal);

    private readonly MessageReader _messages = new(lists);
    private readonly PlaceReader _places = new(lists, councils, corpus);
    private readonly (string Id, string[] Stems)[] _principles = [.. principles.Select(p => (p.Id, Typed.Split(p.Name).Select(w => PorterStemmer.Stem(w.Text)).ToArray()))];
    private readonly ILookup<string, (string[] From, string To)> _shorthand = lists.Shorthand.OrderByDescending(s => s.From.Length).ToLookup(s => s.From[0], StringComparer.Ordinal);

    /// <param name="text">Up to 2,000 characters.</param>
    /// <param name="thisYear">What "last year" counts from.</param>
    /// <param name="without">Readings that the asker does not want: <c>council:NAME</c>, <c>place:NAME</c>, <c>topic:NAME</c>, <c>years</c>, <c>word:AS TYPED</c>; others mean nothing.</param>
    /// <param name="conversation">What was asked and answered before, when this follows it up.</param>
    public ReadQuestion Read(string text, int thisYear, IReadOnlyCollection<string>? without = null, Conversation? conversation = null)
    {
        var read = ReadAlone(text, thisYear, conversation is not null, without ?? []);
        return conversation is null || read.Nothing != NothingAsked.No ? read : conversation.Carry(read);
    }

    /// <summary>The text without signatures, lines of addresses and names in greetings and closings, and what was dropped; the same text and nothing when there are none.</summary>
    public (string Text, string Dropped) WithoutSender(string text, ReadQuestion read)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(read);
        var (kept, dropped) = _messages.WithoutSender(Typed.Level(text).Trim(), read.Asides);
        return dropped.Length == 0 ? (text, "") : (kept, dropped);
    }

    private ReadQuestion ReadAlone(string text, int thisYear, bool followsUp, IReadOnlyCollection<string> without)
    {
        ArgumentNullException.ThrowIfNull(text);
        var level = Typed.Level(text).Trim();
        var message = _messages.Read(level);
        var language = LanguageOf(level);
        if (message.Asks.Count == 0)
        {
            var nothing = message.OnlyTable ? NothingAsked.OnlyTable : NothingAsked.OnlyPolite;
            return new ReadQuestion { Language = ReadLanguage.English, Nothing = nothing, Asides = message.Asides, Notes = [NoteOn(nothing)] };
        }

        var reading = new Reading { Without = without };
        var cues = Typed.Split(level).Select(w => w.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var (from, to) in lists.Shorthand.Where(s => s.From.Length == 1 && cues.Contains(s.From[0])).ToList()) cues.UnionWith(to.Split(' '));
        var parts = message.Asks.Take(ReadQuestion.MaxParts).Select(a => Part(a, message.Subject, cues, thisYear, reading)).ToList();
        if (language != ReadLanguage.English)
        {
            var note = language == ReadLanguage.Welsh
                ? "This service reads English only. Please ask in English. / Dim ond Saesneg y mae’r gwasanaeth hwn yn ei ddarllen. Gofynnwch yn Saesneg, os gwelwch yn dda."
                : "This service reads English only. Please ask in English.";
            var named = parts.SelectMany(p => p.Councils).Select(c => c.Name).Distinct(StringComparer.Ordinal).ToList();
            if (named.Count > 0) note = $"{note} It knows {string.Join(" and ", named)} by the name that you wrote.";
            return new ReadQuestion { Language = language, Nothing = NothingAsked.NotEnglish, Parts = parts, Found = message.Asks.Count, Asides = message.Asides, Notes = [note] };
        }

        // "What?" beside a real question asks nothing more.
        var real = followsUp ? parts : parts.Where(HasTopic).ToList();
        if (real.Count == 0)
            return new ReadQuestion { Language = language, Nothing = NothingAsked.NoTopic, Asides = message.Asides, Notes = [NoteOn(NothingAsked.NoTopic)] };
        var notes = new List<string>();
        if (message.Asks.Count > ReadQuestion.MaxParts)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"Your message holds {message.Asks.Count} questions; the first {ReadQuestion.MaxParts} are answered. Ask the others on their own."));
        if (message.Asides.Any(a => a.Kind == AsideKind.Table)) notes.Add("A pasted table was set aside; only the words around it were read.");
        foreach (var council in real.SelectMany(p => p.Councils).DistinctBy(c => c.Name).Where(c => c.Successors.Count > 0))
            notes.Add($"{council.Name} is now part of {string.Join(" and ", council.Successors)}.");
        return new ReadQuestion
        {
            Language = language,
            Parts = real,
            Found = message.Asks.Count,
            Asides = message.Asides,
            Corrections = [.. reading.Corrections.DistinctBy(c => c.From)],
            Expansions = [.. reading.Expansions.DistinctBy(e => e.From)],
            Notes = notes,
        };
    }

    private sealed class Reading
    {
        public List<Correction> Corrections { get; } = [];

        public List<Expansion> Expansions { get; } = [];

        /// <summary>Words of this message that were looked up already.</summary>
        public Dictionary<string, string> Corrected { get; init; } = new(StringComparer.Ordinal);

        public int LookedUp { get; set; }

        public IReadOnlyCollection<string> Without { get; init; } = [];

        /// <summary>Whether the asker wants this word as typed.</summary>
        public bool Keeps(string typed) => Without.Count > 0 && Without.Contains($"word:{typed}", StringComparer.OrdinalIgnoreCase);

        /// <summary>To write out what is not shown.</summary>
        public Reading Aside() => new() { Corrected = Corrected, LookedUp = LookedUp, Without = Without };
    }

    private static string NoteOn(NothingAsked nothing) => nothing switch
    {
        NothingAsked.OnlyTable => "This looks like a table pasted from a sheet. Ask a question in a sentence, for example: Which councils have handed community buildings to local groups?",
        NothingAsked.OnlyPolite => "There is no question in this message. Ask in a sentence, for example: Which councils have handed community buildings to local groups?",
        _ => "The question names no subject. Say what it is about, for example: What did it cost to hand a community building over?",
    };

    private bool HasTopic(QuestionPart part) =>
        part.Councils.Count > 0 || part.Places.Count > 0 || part.Phrases.Count > 0
        || Typed.Split(part.Search).Any(w => w.Text.Length > 1 && !StopWords.Contains(w.Text) && !part.AskingWords.Contains(w.Text, StringComparer.Ordinal) && !lists.Nothing.IsWord(w.Text));

    private QuestionPart Part(Ask ask, string? subject, HashSet<string> cues, int thisYear, Reading reading)
    {
        var text = ask.Text;
        var words = Typed.Split(text).ToArray();
        var own = Write(text, words, cues, reading);
        var ownWords = Typed.Split(own).ToArray();
        // Names are looked for in the corrected words too: "knowlsey".
        var (named, places, _) = _places.Read(text, words);
        var (inOwn, placesInOwn, _) = _places.Read(own, ownWords);
        named = [.. named.Concat(inOwn.Where(c => !councils.Councils.Any(t => t.Name == c.Name) || IsSafe(c, ownWords))).DistinctBy(c => c.Name)];
        places = [.. places.Concat(placesInOwn).DistinctBy(p => p.Name)];
        Typed[] full = [.. Typed.Split(ask.Full)];
        var (kinds, asking) = KindsOf(Typed.Split(Write(ask.Full, full, cues, reading.Aside())).ToArray(), RelativesIn(ask.Full, full));
        var stems = ownWords.Select(w => PorterStemmer.Stem(w.Text)).ToArray();
        return new QuestionPart
        {
            Asked = OneLine(text),
            Own = own,
            Context = ContextOf(ask, own, subject, cues, reading),
            Kinds = kinds,
            AskingWords = asking,
            Phrases = PhrasesIn(text),
            Councils = [.. named.Where(c => !Dropped("council", c.Name))],
            Places = [.. places.Where(p => !Dropped("place", p.Name))],
            Years = reading.Without.Contains("years") ? null : YearReader.Read(text, words, thisYear) is { } years ? new NamedYears(years.From, years.To, years.Typed, corpus.SlugsOf(years.From, years.To)) : null,
            Topics = [.. corpus.TopicsIn([.. ownWords.Select(w => w.Text)]).Distinct(StringComparer.Ordinal).Where(t => !Dropped("topic", t)).Take(5)],
            Principles = [.. _principles.Where(p => stems.AsSpan().IndexOf(p.Stems) >= 0).Select(p => p.Id)],
        };

        bool Dropped(string kind, string name) => reading.Without.Count > 0 && reading.Without.Contains($"{kind}:{name}", StringComparer.OrdinalIgnoreCase);
    }

    // In corrected text every letter is small, so a name that is an English word too counts only as typed.
    private bool IsSafe(NamedCouncil council, Typed[] words) => !words.Any(w => lists.Plain.Contains(w.Text) && council.Typed == w.Text);

    private string ContextOf(Ask ask, string own, string? subject, HashSet<string> cues, Reading reading)
    {
        var leans = _messages.Leans(own);
        var thin = MessageReader.Content(own) < 4;
        if (!leans && !thin) return "";
        var before = ask.Before.TakeLast(2).ToList();
        if (subject is not null && before.Count < 3) before.Insert(0, subject);
        return string.Join(' ', before.Select(b => Write(b, [.. Typed.Split(b)], cues, reading.Aside())));
    }

    /// <summary>The text in small letters and without marks, short forms written out, slips corrected.</summary>
    private string Write(string text, Typed[] words, HashSet<string> cues, Reading reading)
    {
        var result = new StringBuilder();
        var mixed = words.Any(w => char.IsLetter(w.Text[0]) && !w.Capital);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i].Text;
            if (Polite.Contains(word)) continue;
            var hyphen = i > 0 && words[i].Span.Start == words[i - 1].Span.End + 1 && text[words[i].Span.Start - 1] == '-';
            if (reading.Keeps(text[words[i].Span.Start..words[i].Span.End]))
            {
                Add(word, hyphen);
                continue;
            }

            if (!hyphen && Shorthand(words, i) is { Length: > 0 } shorthand)
            {
                if (!Polite.Contains(shorthand.To))
                {
                    Note(reading, text[words[i].Span.Start..words[i + shorthand.Length - 1].Span.End], shorthand.To);
                    Add(shorthand.To, false);
                }

                i += shorthand.Length - 1;
                continue;
            }

            if (Expanded(words[i], mixed, cues) is { } senses)
            {
                reading.Expansions.Add(new Expansion(text[words[i].Span.Start..words[i].Span.End], senses));
                if (corpus.Holds(word) && !StopWords.Contains(word)) Add(word, false);
                foreach (var sense in senses) Add(sense, false);
                continue;
            }

            var british = British(word);
            if (i + 1 < words.Length && !reading.Keeps(text[words[i].Span.Start..words[i + 1].Span.End]) && Joined(british, words[i + 1].Text, text, words, i) is { } joined)
            {
                Note(reading, text[words[i].Span.Start..words[i + 1].Span.End], joined);
                Add(joined, hyphen);
                i++;
                continue;
            }

            if (british != word)
            {
                Add(british, hyphen);
                continue;
            }

            if (!reading.Corrected.TryGetValue(word, out var corrected)) reading.Corrected[word] = corrected = Corrected(word, reading);
            if (corrected != word) Note(reading, text[words[i].Span.Start..words[i].Span.End], corrected);
            // What a word means with its sign: "£65,000", "15%".
            var money = words[i].Span.Start > 0 && text[words[i].Span.Start - 1] is '£' ? "£" : "";
            var share = words[i].Span.End < text.Length && text[words[i].Span.End] is '%' ? "%" : "";
            Add(money + corrected + share, hyphen);
        }

        return result.ToString();

        void Add(string word, bool hyphen)
        {
            if (result.Length > 0) result.Append(hyphen ? '-' : ' ');
            result.Append(word);
        }
    }

    private static void Note(Reading reading, string from, string to)
    {
        // "pls" for "please" is nothing to tell.
        if (to.Split(' ').Any(w => w.Length > 3 && !StopWords.Contains(w) && w is not ("example" or "examples" or "please" or "about" or "anyone" or "someone" or "thanks" or "first" or "second" or "third" or "years" or "year" or "information" or "without" or "before")))
            reading.Corrections.Add(new Correction(from, to));
    }

    private (string To, int Length) Shorthand(Typed[] words, int at)
    {
        foreach (var (from, to) in _shorthand[words[at].Text])
        {
            if (at + from.Length > words.Length) continue;
            var fits = true;
            for (var w = 1; w < from.Length && fits; w++) fits = words[at + w].Text == from[w];
            if (fits) return (to, from.Length);
        }

        return ("", 0);
    }

    private List<string>? Expanded(Typed word, bool mixed, HashSet<string> cues)
    {
        if (!lists.Abbreviations.TryGetValue(word.Text, out var entry)
            && !(word.Text.Length > 2 && word.Text[^1] == 's' && !corpus.Knows(word.Text) && lists.Abbreviations.TryGetValue(word.Text[..^1], out entry))) return null;
        if (entry.AlsoAWord && !(mixed && word.AllCapitals) && !entry.Senses[0].Cues.Any(c => c != word.Text && cues.Contains(c))) return null;
        var told = entry.Senses.Skip(1).Where(s => s.Cues.Overlaps(cues)).Select(s => s.Meaning).Take(1).ToList();
        return told.Count > 0 ? told : [entry.Senses[0].Meaning, .. entry.Senses.Skip(1).Where(s => s.Beside).Select(s => s.Meaning)];
    }

    private string British(string word)
    {
        if (lists.Spellings.TryGetValue(word, out var british)) return british;
        if (corpus.Holds(word) || word.Length < 6) return word;
        foreach (var (other, own) in new[] { ("ization", "isation"), ("izations", "isations"), ("izing", "ising"), ("ized", "ised"), ("izes", "ises"), ("ize", "ise"), ("yze", "yse"), ("yzed", "ysed"), ("yzing", "ysing") })
        {
            if (word.EndsWith(other, StringComparison.Ordinal) && word[..^other.Length] + own is var spelt && corpus.Holds(spelt)) return spelt;
        }

        return word;
    }

    private string? Joined(string first, string second, string text, Typed[] words, int at)
    {
        if (first.Length < 3 || second.Length < 3 || (StopWords.Contains(first) && StopWords.Contains(second))) return null;
        var gap = text[words[at].Span.End..words[at + 1].Span.Start];
        if (gap is not "-" && gap.Trim(' ', '\n').Length > 0) return null;
        var joined = first + second;
        return corpus.Holds(joined) && !corpus.HoldsPair(first, second) ? joined : null;
    }

    private string Corrected(string word, Reading reading)
    {
        if (corpus.Holds(word)) return word;
        if (word.Length >= 6 && word.All(char.IsAsciiLetter))
        {
            for (var cut = 3; cut <= word.Length - 3; cut++)
            {
                if (corpus.HoldsPair(word[..cut], word[cut..])) return $"{word[..cut]} {word[cut..]}";
            }
        }

        if (corpus.Knows(word) || IsCompound(word)) return word;
        return reading.LookedUp++ < MostLookedUp ? corpus.Nearest(word) ?? word : word;
    }

    // "voicemail": two English words in one are no slip.
    private static bool IsCompound(string word)
    {
        for (var cut = 4; cut <= word.Length - 4; cut++)
        {
            if (CorpusWords.IsEnglish(word[..cut]) && CorpusWords.IsEnglish(word[cut..])) return true;
        }

        return false;
    }

    // "Drivers who leave the engine running": a word that joins a clause to a noun asks nothing.
    private HashSet<string> RelativesIn(string text, Typed[] words)
    {
        var relatives = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in new[] { "who", "whose", "whom", "when", "where" })
        {
            var all = words.Select((w, i) => (w, i)).Where(p => p.w.Text == name).ToList();
            if (all.Count > 0 && all.TrueForAll(p => p.i > 0 && text[words[p.i - 1].Span.End..p.w.Span.Start].Trim().Length == 0 && !lists.BeforeAsking.Contains(words[p.i - 1].Text))) relatives.Add(name);
        }

        return relatives;
    }

    private (IReadOnlyList<AskKind> Kinds, IReadOnlyList<string> Asking) KindsOf(Typed[] words, HashSet<string> relatives)
    {
        var open = new bool[words.Length];
        Array.Fill(open, true);
        for (var i = 0; i < words.Length; i++)
        {
            var taken = lists.NotKinds.At(words, i);
            for (var w = i; w < i + taken; w++) open[w] = false;
        }

        var kinds = new List<AskKind>();
        var asking = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (kind, cues) in lists.Kinds)
        {
            var found = false;
            for (var i = 0; i < words.Length; i++)
            {
                if (!open[i] || cues.At(words, i) is not (> 0 and var taken) || (taken == 1 && relatives.Contains(words[i].Text)) || !open.AsSpan(i, taken).TrimEnd(true).IsEmpty) continue;
                found = true;
                if (kind is AskKind.HowMany or AskKind.HowMuch or AskKind.When or AskKind.Who or AskKind.Examples or AskKind.WhatWasDone or AskKind.Compare && (taken > 1 || kind is AskKind.WhatWasDone or AskKind.Who or AskKind.Examples))
                {
                    foreach (var word in words.Skip(i).Take(taken)) asking.Add(word.Text);
                }
            }

            if (found) kinds.Add(kind);
        }

        return (kinds.Count > 0 ? kinds : [AskKind.WhatWasDone], [.. asking]);
    }

    private static List<string> PhrasesIn(string text)
    {
        var phrases = new List<string>();
        for (var open = text.IndexOf('"', StringComparison.Ordinal); open >= 0;)
        {
            var close = text.IndexOf('"', open + 1);
            if (close < 0) break;
            var phrase = text[(open + 1)..close].Trim();
            if (phrase.Length is > 2 and <= LongestPhrase && phrase.Any(char.IsLetter)) phrases.Add(phrase);
            open = text.IndexOf('"', close + 1);
        }

        return phrases;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private ReadLanguage LanguageOf(string text)
    {
        int words = 0, english = 0, welsh = 0, foreign = 0, letters = 0, latin = 0, known = 0;
        foreach (var word in Typed.Split(text))
        {
            words++;
            if (word.Text.Length > 2 && CorpusWords.IsEnglish(word.Text) && !lists.Welsh.Contains(word.Text) && !lists.Foreign.Contains(word.Text)) known++;
            if (word.Text.Length > 1 && StopWords.Contains(word.Text) && word.Text is not ("am" or "an" or "as" or "i" or "me" or "on")) english++;
            else if (lists.Welsh.Contains(word.Text)) welsh++;
            else if (lists.Foreign.Contains(word.Text)) foreign++;
        }

        foreach (var c in text)
        {
            if (!char.IsLetter(c)) continue;
            letters++;
            if (c < 0x250) latin++;
        }

        if (letters > 0 && latin * 2 < letters) return ReadLanguage.Other;
        // "Write a case for a partnership": "a" and "i" are words of both languages, and most of the others are English.
        if (known * 2 > words) return ReadLanguage.English;
        if (welsh > english && (welsh >= 2 || (welsh == 1 && words <= 4)) && welsh >= foreign) return ReadLanguage.Welsh;
        return foreign >= 2 && foreign > english && foreign * 6 >= words ? ReadLanguage.Other : ReadLanguage.English;
    }
}
