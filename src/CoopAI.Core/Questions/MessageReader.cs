using CoopAI.Core.Language;

namespace CoopAI.Core.Questions;

/// <summary>A message taken apart.</summary>
/// <param name="Asks">Its questions in reading order.</param>
/// <param name="Words">Words of its body.</param>
internal sealed record Message(IReadOnlyList<Ask> Asks, IReadOnlyList<Aside> Asides, string? Subject, int Words, bool OnlyTable);

/// <summary>One question of a message.</summary>
/// <param name="Text">Levelled, without lead-ins.</param>
/// <param name="Full">With them.</param>
/// <param name="Before">What stood before it and it may lean on, nearest last.</param>
internal sealed record Ask(string Text, string Full, IReadOnlyList<string> Before);

/// <summary>Sets headers, greetings, signatures and background of a message aside and finds what it asks.</summary>
/// <remarks>Scans by hand, linear in the text but for short look-aheads; no regular expression.</remarks>
internal sealed class MessageReader(ReadingLists lists)
{
    /// <summary>A message of more words is a letter: its background is set aside and its questions are split. A shorter one is one question with what introduces it.</summary>
    private const int LetterFrom = 60;

    /// <summary>Fewest words of a part that is split off.</summary>
    private const int PartFrom = 4;

    private sealed record Unit(string Text, int Paragraph, bool Asks, bool Bracketed, bool Item);

    /// <param name="text">Levelled: see <see cref="Typed.Level"/>.</param>
    public Message Read(string text)
    {
        var asides = new List<Aside>();
        var layers = Layers(text, asides);
        string? subject = null;
        List<Unit>? chosen = null;
        var onlyTable = false;
        for (var i = 0; i < layers.Count; i++)
        {
            var (units, ownSubject, table) = Body(layers[i], asides);
            subject ??= ownSubject;
            onlyTable |= table && units.Count == 0;
            if (units.Count == 0) continue;
            if (chosen is null)
            {
                chosen = units;
            }
            else if (chosen.Sum(u => Content(u.Text)) < PartFrom && units.Exists(u => Content(u.Text) >= PartFrom))
            {
                // "See below – any ideas?": the question is in what was passed on.
                asides.AddRange(chosen.Select(u => new Aside(AsideKind.Background, u.Text)));
                chosen = units;
            }
            else
            {
                asides.AddRange(units.Select(u => new Aside(AsideKind.Forwarded, u.Text)));
            }
        }

        if (chosen is null) return new Message([], asides, subject, 0, onlyTable);
        var words = chosen.Sum(u => Typed.Split(u.Text).Count());
        var asks = words < LetterFrom ? Short(chosen) : Letter(chosen, asides);
        return new Message(asks, asides, subject, words, false);
    }

    // One message after the other: what was passed on or answered comes later.
    private List<List<string>> Layers(string text, List<Aside> asides)
    {
        var layers = new List<List<string>> { new() };
        var quoted = false;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim(' ');
            var isQuoted = line.StartsWith('>');
            if (isQuoted) line = line.TrimStart('>', ' ');
            var words = Typed.Split(line).Take(30).ToArray();
            var passedOn = words.Length is > 0 and < 9 && lists.Forwarded.At(words, 0) > 0;
            var wrote = words.Length > 2 && words[0].Text == "on" && words[^1].Text == "wrote";
            var headed = IsHeader(line, words) && words[0].Text == "from" && layers[^1].Exists(l => l.Length > 0 && !IsHeader(l, [.. Typed.Split(l).Take(3)]));
            if ((passedOn || wrote || headed || isQuoted != quoted) && layers[^1].Exists(l => l.Length > 0)) layers.Add([]);
            quoted = isQuoted;
            if (wrote) asides.Add(new Aside(AsideKind.Header, line));
            if (!passedOn && !wrote) layers[^1].Add(line);
        }

        return layers;
    }

    private bool IsHeader(string line, Typed[] words) =>
        words.Length > 0 && lists.Headers.At(words, 0) is > 0 and var taken && Next(line, words[taken - 1].Span.End) == ':';

    private (List<Unit> Units, string? Subject, bool Table) Body(List<string> lines, List<Aside> asides)
    {
        string? subject = null;
        var at = 0;
        for (; at < lines.Count; at++)
        {
            var line = lines[at];
            if (line.Length == 0) continue;
            var words = Typed.Split(line).Take(12).ToArray();
            if (IsHeader(line, words))
            {
                asides.Add(new Aside(AsideKind.Header, line));
                continue;
            }

            var from = 0;
            while (from < words.Length && lists.Subjects.At(words, from) is > 0 and var taken && Next(line, words[from + taken - 1].Span.End) == ':') from += taken;
            // "Re: dom care": a subject has a body below it; alone it is the question.
            if (from == 0 || !lines.Skip(at + 1).Any(l => l.Length > 0)) break;
            asides.Add(new Aside(AsideKind.Header, line));
            if (from < words.Length) subject ??= line[words[from].Span.Start..];
        }

        var body = lines.Skip(at).ToList();
        var table = SetTableAside(body, asides);
        Greeting(body, asides);
        Closing(body, asides);
        return (Units(body, asides), subject, table);
    }

    private static bool SetTableAside(List<string> body, List<Aside> asides)
    {
        static int Cells(string line) => Math.Max(line.Count(c => c == '\t'), line.Count(c => c == '|') - 1);
        var rows = body.Where(l => Cells(l) >= 1).ToList();
        if (rows.Count < 2) return false;
        asides.Add(new Aside(AsideKind.Table, string.Join('\n', rows)));
        body.RemoveAll(l => Cells(l) >= 1);
        return true;
    }

    private void Greeting(List<string> body, List<Aside> asides)
    {
        for (var round = 0; round < 3; round++)
        {
            var at = body.FindIndex(l => l.Length > 0);
            if (at < 0) return;
            var line = body[at];
            var words = Typed.Split(line).Take(12).ToArray();
            if (words.Length == 0)
            {
                body.RemoveAt(at);
                continue;
            }

            var taken = lists.Greetings.At(words, 0);
            if (taken == 0) return;
            var addressed = taken;
            while (addressed < words.Length && lists.Addressed.Contains(words[addressed].Text) && Next(line, words[addressed - 1].Span.End) is not (',' or '.' or '!' or ':' or ';' or '-')) addressed++;
            var end = words[addressed - 1].Span.End;
            var ends = addressed == words.Length || Ends(Next(line, end));
            if (!ends)
            {
                // "Hi Priya," or "Dear Councillor Jones": a name or two before the line or the clause ends.
                for (var more = addressed; more < Math.Min(words.Length, addressed + 4); more++)
                {
                    if (more + 1 < words.Length && Next(line, words[more].Span.End) is not (',' or '!' or ':' or ';')) continue;
                    if (more + 1 == words.Length && Next(line, words[more].Span.End) is '?') break;
                    if (more + 1 == words.Length && body.FindIndex(at + 1, l => l.Length > 0) < 0) break;
                    (end, ends) = (words[more].Span.End, true);
                    break;
                }
            }

            // "Hello what can a small council plant": no mark at all. Words that greet and do nothing else are cut off before a question.
            if (!ends && words[0].Text is not ("hi" or "hello" or "hey" or "hiya" or "hallo" or "good" or "greetings" or "dear")) return;
            if (!ends && taken == addressed && words[0].Text is "good" && taken < 2) return;
            while (end < line.Length && !char.IsLetterOrDigit(line[end]) && line[end] is not ('(' or '"' or '£')) end++;
            asides.Add(new Aside(AsideKind.Greeting, line[..end].Trim()));
            body[at] = line[end..];
        }

        static bool Ends(char next) => next is ',' or '.' or '!' or ':' or ';' or '-' or '\0';
    }

    private void Closing(List<string> body, List<Aside> asides)
    {
        for (var i = 0; i < body.Count; i++)
        {
            var words = Typed.Split(body[i]).Take(14).ToArray();
            if (words.Length == 0) continue;
            if (Tail(body[i]) is > 0 and var tail && body.Skip(i + 1).Any(l => l.Length > 0) && body.Skip(i + 1).All(l => (Typed.Split(l).Count() <= 9 || HasContact(l)) && !l.Contains('?', StringComparison.Ordinal)))
            {
                // "… to a trust? Regards" with a name below.
                asides.Add(new Aside(AsideKind.Closing, body[i][tail..].Trim()));
                asides.AddRange(body.Skip(i + 1).Where(l => l.Length > 0).Select(l => new Aside(AsideKind.Signature, l)));
                body[i] = body[i][..tail].TrimEnd();
                body.RemoveRange(i + 1, body.Count - i - 1);
                break;
            }

            if (words.Length > 10 || body[i].Contains('?', StringComparison.Ordinal)) continue;
            var taken = lists.Closings.At(words, 0);
            if (taken == 0) continue;
            var rest = taken;
            while (rest < words.Length && lists.Addressed.Contains(words[rest].Text)) rest++;
            // "Best practice on hubs" is no closing; "Kind regards, Ann Other" is one.
            var marked = taken < words.Length && Next(body[i], words[taken - 1].Span.End) is ',' or '.' or '!' or '-';
            if (rest < words.Length && !(marked && words.Length - rest <= 4) && !(taken > 1 && words.Length - rest <= 2)) continue;
            asides.Add(new Aside(AsideKind.Closing, body[i]));
            var kept = new List<string>();
            foreach (var line in body.Skip(i + 1))
            {
                if (line.Length == 0 || (Typed.Split(line).Count() > 9 && !HasContact(line)) || line.Contains('?', StringComparison.Ordinal)) kept.Add(line);
                else asides.Add(new Aside(AsideKind.Signature, line));
            }

            body.RemoveRange(i, body.Count - i);
            body.AddRange(kept);
            i--;
        }

        Unclosed(body, asides);

        // "… in house? Best wishes" on one line.
        for (var round = 0; round < 3; round++)
        {
            var last = body.FindLastIndex(l => l.Length > 0);
            if (last < 0 || Tail(body[last]) is not (>= 0 and var cut)) return;
            asides.Add(new Aside(AsideKind.Closing, body[last][cut..].Trim()));
            body[last] = body[last][..cut].TrimEnd(' ', ',', '-', ';');
        }
    }

    /// <summary>A last paragraph of short lines that tells how to reach somebody is a signature, with or without words that close.</summary>
    private static void Unclosed(List<string> body, List<Aside> asides)
    {
        var last = body.FindLastIndex(l => l.Length > 0);
        var blank = last < 0 ? -1 : body.FindLastIndex(last, l => l.Length == 0);
        if (blank < 0 || !body.Take(blank).Any(l => l.Length > 0)) return;
        var block = body[(blank + 1)..(last + 1)];
        if (!block.Exists(HasContact) || !block.TrueForAll(l => !l.Contains('?', StringComparison.Ordinal) && l[^1] is not ('.' or ':') && (HasContact(l) || Typed.Split(l).Count() <= 6))) return;
        // "Ring him on …" tells of somebody; a signature begins with a name.
        if (Typed.Split(block[0]).FirstOrDefault() is not { Capital: true } || Typed.Split(block[0]).Any(w => StopWords.Contains(w.Text) && w.Text is not ("of" or "for" or "and" or "the" or "to" or "a"))) return;
        asides.AddRange(block.Select(l => new Aside(AsideKind.Signature, l)));
        body.RemoveRange(blank + 1, body.Count - blank - 1);
    }

    // A telephone number or an e-mail address.
    private static bool HasContact(string line) => line.Contains('@', StringComparison.Ordinal) || line.Count(char.IsAsciiDigit) >= 9;

    /// <summary>
    /// The text without what only tells who wrote to whom: signatures, lines of addresses, and greetings and closings that hold a name. The same text when there is none.
    /// </summary>
    /// <param name="text">As <see cref="Read"/> was given it.</param>
    public (string Text, string Dropped) WithoutSender(string text, IReadOnlyList<Aside> asides)
    {
        var (signed, begins, ends) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var aside in asides)
        {
            if (aside.Kind == AsideKind.Signature || (aside.Kind == AsideKind.Header && lists.Subjects.At([.. Typed.Split(aside.Text).Take(4)], 0) == 0)) signed.Add(aside.Text);
            else if (aside.Kind == AsideKind.Greeting && Names(aside.Text, lists.Greetings)) begins.Add(aside.Text);
            else if (aside.Kind == AsideKind.Closing && Names(aside.Text, lists.Closings)) ends.Add(aside.Text);
        }

        if (signed.Count + begins.Count + ends.Count == 0) return (text, "");
        var (kept, dropped) = (new List<string>(), new List<string>());
        foreach (var line in text.Split('\n'))
        {
            var bare = line.Trim(' ', '>');
            if (bare.Length > 0 && signed.Exists(s => s == bare || (bare.Length > 2 && s.Contains(bare, StringComparison.Ordinal))))
            {
                dropped.Add(bare);
                continue;
            }

            var rest = bare;
            if (begins.Find(b => rest.StartsWith(b, StringComparison.Ordinal)) is { } begin) (rest, _) = (rest[begin.Length..].TrimStart(' ', ',', '-'), begins.Remove(begin));
            if (ends.Find(e => rest.EndsWith(e, StringComparison.Ordinal)) is { } end) (rest, _) = (rest[..^end.Length].TrimEnd(), ends.Remove(end));
            if (rest.Length < bare.Length) dropped.Add(bare);
            kept.Add(rest.Length < bare.Length ? rest : line);
        }

        return (string.Join('\n', kept).Trim(), string.Join('\n', dropped));

        bool Names(string aside, Phrases known)
        {
            var words = Typed.Split(aside).ToArray();
            var taken = known.At(words, 0);
            return words.Skip(taken).Any(w => !lists.Addressed.Contains(w.Text));
        }
    }

    /// <summary>Where the closing words at the end of this line begin, or −1.</summary>
    private int Tail(string line)
    {
        var words = Typed.Split(line).ToArray();
        for (var from = Math.Max(0, words.Length - 16); from < words.Length; from++)
        {
            var taken = lists.Closings.At(words, from);
            if (taken == 0) continue;
            var rest = from + taken;
            while (rest < words.Length && lists.Addressed.Contains(words[rest].Text)) rest++;
            var parted = from == 0 || Next(line, words[from - 1].Span.End) is '.' or '?' or '!' or ',' or ';' or '-';
            // "… a repair café? Thanks, James, 07700 900123": a name or an address behind it.
            var behind = line[words[from + taken - 1].Span.End..];
            var signed = parted && from > 0 && !behind.Contains('?', StringComparison.Ordinal) && (HasContact(behind) || words.Length - rest <= 3) && words.Skip(rest).All(w => w.Capital || HasContact(behind));
            if (signed) return words[from].Span.Start;
            if (words.Length - from > 8) continue;
            if (rest == words.Length && (parted || taken > 1 || words[from].Text is "thanks" or "cheers" or "ta")) return words[from].Span.Start;
        }

        return -1;
    }

    private List<Unit> Units(List<string> body, List<Aside> asides)
    {
        // Lines of one paragraph are one text: mail programs wrap them. A list item begins a text of its own.
        var paragraphs = new List<(string Text, bool Item)>();
        var open = false;
        foreach (var line in body)
        {
            if (line.Length == 0)
            {
                open = false;
                continue;
            }

            var item = ItemStart(line) > 0;
            if (!open || item) paragraphs.Add((line[ItemStart(line)..], item));
            else paragraphs[^1] = ($"{paragraphs[^1].Text} {line}", paragraphs[^1].Item);
            open = true;
        }

        var units = new List<Unit>();
        for (var p = 0; p < paragraphs.Count; p++)
        {
            var led = paragraphs[p].Item && units.LastOrDefault(u => u.Paragraph < p && !(u.Paragraph >= 0 && paragraphs[u.Paragraph].Item)) is { } lead && (lead.Asks || lead.Text.EndsWith(':'));
            foreach (var marked in SentencesOf(paragraphs[p].Text))
            {
                var sentence = Enumerated(marked).Count > 1 ? marked : marked[MarkEnd(marked)..];
                var words = Typed.Split(sentence).ToArray();
                if (words.Length == 0) continue;
                var asks = AsksAt(sentence, words) || led;
                if (!(asks && sentence.EndsWith('?') && words.Length > 6) && IsFurniture(words)) asides.Add(new Aside(AsideKind.Furniture, sentence));
                else units.Add(new Unit(sentence, p, asks, sentence[0] == '(' && sentence[^1] == ')', paragraphs[p].Item));
            }
        }

        // "Equalities Officer" below the last paragraph: a signature without a closing.
        if (paragraphs.Count > 1 && units.Count > 1 && units[^1] is { Asks: false } last && units[^2].Paragraph < last.Paragraph && !paragraphs[last.Paragraph].Item
            && last.Text[^1] is not ('.' or '?' or '!' or ':') && Typed.Split(last.Text).Count() <= 8)
        {
            asides.Add(new Aside(AsideKind.Signature, last.Text));
            units.RemoveAt(units.Count - 1);
        }

        return units;
    }

    private bool IsFurniture(Typed[] words)
    {
        var from = words[0].Text is "and" or "ps" or "nb" ? 1 : 0;
        return lists.Furniture.At(words, from) is > 0 and var taken && (taken > 2 || words.Length <= 12 || words[from].Text is "disclaimer" or "caution");
    }

    private bool AsksAt(string sentence, Typed[] words)
    {
        if (sentence.TrimEnd(')', '"', '\'', '!').EndsWith('?')) return true;
        var from = LeadInEnd(words);
        if (Asks(words, from)) return true;
        if (lists.Asked.Find(words) is { At: >= 0 } asked && words.Skip(asked.At + asked.Length).Any(w => lists.Open.Contains(w.Text))) return true;
        if (from >= words.Length || !lists.Interrogatives.Contains(words[from].Text)) return false;
        // "When everyone stayed in, our service shut" asks nothing; "when did they start" does.
        return words[from].Text is not ("when" or "where" or "why" or "how" or "what" or "which" or "who" or "any" or "will" or "should" or "would")
            ? words.Length - from > 2
            : words[from].Text is "which" or "who" or "any" || (from + 1 < words.Length && (lists.Auxiliaries.Contains(words[from + 1].Text) || (words[from].Text is "how" or "what" && words.Length - from > 2)));
    }

    private bool Asks(Typed[] words, int from)
    {
        if (lists.AsksFirst.At(words, 0) > 0 || (from > 0 && lists.AsksFirst.At(words, from) > 0)) return true;
        // "I am not looking for a compact": what is not wanted is not asked.
        return lists.Asks.Find(words) is { At: >= 0 } ask && !words.Skip(Math.Max(0, ask.At - 3)).Take(Math.Min(ask.At, 3) + ask.Length).Any(w => w.Text is "not" or "dont" or "nobody" or "never" or "no");
    }

    /// <summary>Whether the words themselves ask, whatever mark stands behind them.</summary>
    private bool AsksInWords(string text)
    {
        var words = Typed.Split(text).ToArray();
        var from = LeadInEnd(words);
        return Asks(words, from) || (words.Length > 2 && ((from < words.Length && lists.Interrogatives.Contains(words[from].Text)) || lists.Interrogatives.Contains(words[0].Text)));
    }

    private List<Ask> Short(List<Unit> units)
    {
        var asks = units.Where(u => u.Asks).ToList();
        var whole = string.Join(' ', units.Select(u => u.Text));
        // What introduces a short question is part of it; a second one that names its own subject stands for itself.
        var enumerated = Enumerated(whole);
        if (enumerated.Count > 1) return [.. enumerated.Select(e => new Ask(Strip(e), e, []))];
        if (asks.Count < 2) return [new Ask(Strip(whole), whole, [])];
        var parts = new List<List<Unit>>();
        foreach (var unit in units)
        {
            var starts = parts.Count == 0 || (unit.Asks && unit.Item && parts[^1].Exists(u => u.Asks)) || (unit.Asks && parts[^1].Exists(u => u.Asks) && AsksInWords(unit.Text) && Content(unit.Text) >= 3 && !Leans(Strip(unit.Text)));
            if (starts) parts.Add([]);
            parts[^1].Add(unit);
        }

        var texts = parts.Select(p => string.Join(' ', p.Select(u => u.Text))).ToList();
        return [.. texts.Select((t, i) => new Ask(Strip(t), t, i == 0 ? [] : [texts[i - 1]]))];
    }

    private List<Ask> Letter(List<Unit> units, List<Aside> asides)
    {
        var asks = new List<Ask>();
        for (var i = 0; i < units.Count; i++)
        {
            if (!units[i].Asks || units[i].Bracketed) continue;
            var before = units.Take(i).Where(u => !u.Bracketed).Select(u => u.Text).TakeLast(3).ToList();
            foreach (var piece in Pieces(units[i].Text))
            {
                asks.Add(new Ask(Strip(piece), piece, [.. before]));
                before.Add(piece);
            }
        }

        if (asks.Count == 0)
        {
            var whole = string.Join(' ', units.Select(u => u.Text));
            return [new Ask(whole, whole, [])];
        }

        asides.AddRange(units.Where(u => !u.Asks || u.Bracketed).Select(u => new Aside(AsideKind.Background, u.Text)));
        return asks;
    }

    // "(1) …, and (2) …" and "…, and whether …": several questions in one sentence.
    private static List<string> Pieces(string sentence)
    {
        var numbered = Enumerated(sentence);
        if (numbered.Count > 1) return numbered;
        var words = Typed.Split(sentence).ToArray();
        var cuts = new List<int>();
        for (var i = PartFrom; i + PartFrom <= words.Length; i++)
        {
            if (words[i].Text is not ("and" or "or" or "but" or "also") || Next(sentence, words[i - 1].Span.End) is not (',' or ';')) continue;
            var next = i + 1;
            if (next < words.Length && words[next].Text is "also" or "then" or "secondly") next++;
            if (next < words.Length && (words[next].Text is "whether" or "if" or "what" or "how" or "who" or "which" or "whom" or "when" or "where" or "why" || (words[next].Text is "has" or "is" or "are" or "does" or "did" && words.Length - next > PartFrom))
                && i - (cuts.Count > 0 ? cuts[^1] : 0) >= PartFrom) cuts.Add(i);
        }

        if (cuts.Count == 0) return [sentence];
        var pieces = new List<string>();
        var from = 0;
        foreach (var cut in cuts.Append(words.Length))
        {
            pieces.Add(sentence[(from == 0 ? 0 : words[from].Span.Start)..(cut == words.Length ? sentence.Length : words[cut].Span.Start)].Trim(' ', ',', ';'));
            from = cut;
        }

        return pieces;
    }

    // "(a) What tool do they use?"
    private static int MarkEnd(string text)
    {
        var open = text[0] == '(' ? 1 : 0;
        var end = open;
        while (end < text.Length && end - open < 3 && char.IsAsciiLetterOrDigit(text[end])) end++;
        if (end == open || end + 2 >= text.Length || text[end] != ')' || text[end + 1] != ' ' || (end - open > 1 && !text[open..end].All(c => char.IsAsciiDigit(c) || c is 'i' or 'v'))) return 0;
        return end + 2;
    }

    private static List<string> Enumerated(string text)
    {
        var marks = new List<(int At, int End)>();
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (i > 0 && !char.IsWhiteSpace(text[i - 1])) continue;
            var open = text[i] == '(' ? 1 : 0;
            var close = i + open;
            while (close < text.Length && close - i - open < 3 && char.IsAsciiLetterOrDigit(text[close])) close++;
            if (close == i + open || close >= text.Length || text[close] != ')') continue;
            var label = text[(i + open)..close];
            if (label.Length == 1 || label.All(char.IsAsciiDigit) || label.All(c => c is 'i' or 'v' or 'x' or 'I' or 'V' or 'X')) marks.Add((i, close + 1));
        }

        if (marks.Count < 2) return [];
        var pieces = new List<string>();
        for (var m = 0; m < marks.Count; m++)
        {
            var piece = text[marks[m].End..(m + 1 < marks.Count ? marks[m + 1].At : text.Length)].Trim(' ', ',', ';', '.');
            foreach (var word in new[] { "and", "or" })
            {
                if (piece.EndsWith($" {word}", StringComparison.OrdinalIgnoreCase)) piece = piece[..^(word.Length + 1)].TrimEnd(' ', ',', ';');
            }

            if (piece.Length > 0) pieces.Add(piece);
        }

        return pieces;
    }

    /// <summary>The text without words that only introduce a question; as it is when too little would be left.</summary>
    private string Strip(string text)
    {
        var words = Typed.Split(text).ToArray();
        var from = LeadInEnd(words);
        if (from == 0 || words.Length - from < 3) return text.Trim();
        return text[words[from].Span.Start..].Trim();
    }

    private int LeadInEnd(Typed[] words)
    {
        var from = 0;
        while (from < words.Length && lists.LeadIns.At(words, from) is > 0 and var taken) from += taken;
        return from;
    }

    public bool Leans(string text) => Typed.Split(text).Any(w => lists.Leaning.Contains(w.Text));

    public static int Content(string text) => Typed.Split(text).Count(w => !StopWords.Contains(w.Text) && w.Text.Length > 1);

    private static int ItemStart(string line)
    {
        if (line.Length > 2 && line[0] is '-' or '*' or '•' or '·' && line.Length > 2 && line[1] == ' ') return 2;
        var digits = 0;
        while (digits < line.Length && digits < 2 && char.IsAsciiDigit(line[digits])) digits++;
        if (digits > 0 && digits + 2 < line.Length && line[digits] is '.' or ')' && line[digits + 1] == ' ') return digits + 2;
        return line.Length > 3 && char.IsAsciiLetter(line[0]) && line[1] == ')' && line[2] == ' ' ? 3 : 0;
    }

    private IEnumerable<string> SentencesOf(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('.' or '!' or '?')) continue;
            var end = i + 1;
            while (end < text.Length && text[end] is '.' or '!' or '?' or '"' or '\'' or ')') end++;
            if (end < text.Length && !char.IsWhiteSpace(text[end])) continue;
            if (text[i] == '.' && end < text.Length && IsShortForm(text, i)) continue;
            var sentence = text[start..end].Trim();
            if (sentence.Length > 0) yield return sentence;
            start = end;
            i = end - 1;
        }

        if (text[start..].Trim() is { Length: > 0 } rest) yield return rest;
    }

    private bool IsShortForm(string text, int dot)
    {
        var start = dot;
        while (start > 0 && (char.IsLetter(text[start - 1]) || (text[start - 1] == '.' && start > 1 && char.IsLetter(text[start - 2])))) start--;
        var word = text[start..dot].Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();
        return word.Length > 0 && lists.ShortForms.Contains(word);
    }

    private static char Next(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\'' or '"' or ')' && at < text.Length) at++;
        return at < text.Length ? text[at] : '\0';
    }
}
