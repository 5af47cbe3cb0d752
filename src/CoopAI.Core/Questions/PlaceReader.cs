using CoopAI.Core.Corpus;

namespace CoopAI.Core.Questions;

/// <summary>Finds councils, other members of the corpus, nations, regions and kinds of councils in a question, in any case.</summary>
internal sealed class PlaceReader
{
    private static readonly HashSet<string> Directions = new(["north", "south", "east", "west", "greater", "upper", "lower", "mid", "central", "inner", "outer"], StringComparer.Ordinal);
    private static readonly HashSet<string> Does = new(["did", "does", "do", "has", "have", "is", "was", "had", "can", "will"], StringComparer.Ordinal);
    private static readonly HashSet<string> Done = new(["do", "done", "doing", "set", "run", "learn", "learned", "learnt", "tackle", "tackled", "make", "made", "handle", "handled", "use", "used", "start", "started", "try", "tried", "go", "spend", "spent", "say", "get", "have", "find", "approach"], StringComparer.Ordinal);

    private readonly ReadingLists _lists;
    private readonly CouncilTable _table;
    private readonly CorpusWords _corpus;
    private readonly Dictionary<string, List<(string[] Words, string Name)>> _others = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Council> _councils;
    private readonly Dictionary<string, List<(PlaceEntry Entry, IReadOnlyList<string> Members)>> _places = new(StringComparer.Ordinal);

    public PlaceReader(ReadingLists lists, CouncilTable table, CorpusWords corpus)
    {
        (_lists, _table, _corpus) = (lists, table, corpus);
        _councils = table.Councils.ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (var member in corpus.Members)
        {
            var name = table.OfficialName(member) ?? table.OfficialName(string.Join(' ', CouncilWords.Place(CouncilWords.Of(member)))) ?? member;
            if (!_members.TryGetValue(name, out var held)) _members[name] = held = [];
            held.Add(member);
            if (name != member) continue;
            var words = Words(member);
            foreach (var form in new[] { words, CouncilWords.AreCouncils(words) ? [.. CouncilWords.Place(words)] : words }.Where(f => f.Length > 1 || CouncilWords.AreCouncils(words)))
            {
                if (form.Length == 0) continue;
                if (!_others.TryGetValue(form[0], out var list)) _others[form[0]] = list = [];
                list.Add((form, member));
            }
        }

        foreach (var part in lists.Parts)
        {
            if (!_others.TryGetValue(part.Words[0], out var list)) _others[part.Words[0]] = list = [];
            list.Add((part.Words, table.OfficialName(part.Members[0]) ?? part.Members[0]));
        }

        foreach (var nation in lists.Nations) AddPlace(nation, c => c.Nation == nation.Members[0]);
        foreach (var type in lists.Types) AddPlace(type, c => c.Type == type.Members[0]);
        foreach (var group in lists.Regions.GroupBy(r => string.Join(' ', r.Words)))
        {
            // "The Midlands" are two regions.
            var names = group.SelectMany(r => r.Members).Select(m => table.OfficialName(m)).ToHashSet(StringComparer.Ordinal);
            AddPlace(group.First() with { Name = group.Count() > 1 ? "Midlands" : group.First().Name }, c => names.Contains(c.Name));
        }
    }

    /// <summary>What the words name, each council and place once, in reading order; with the words that are taken by names.</summary>
    public (IReadOnlyList<NamedCouncil> Councils, IReadOnlyList<NamedPlace> Places, IReadOnlySet<int> Taken) Read(string text, IReadOnlyList<Typed> words)
    {
        var councils = new List<NamedCouncil>();
        var places = new List<NamedPlace>();
        var taken = new HashSet<int>();
        var mixed = words.Any(w => !w.AllCapitals && char.IsLetter(w.Text[0]) && !w.Capital);
        for (var i = 0; i < words.Count; i++)
        {
            var (length, name, own) = Name(words, i);
            var place = Place(words, i);
            if (length > 0 && length >= place.Length && IsCouncil(text, words, i, length, name!, own, mixed))
            {
                var (first, end) = (Grow(words, i), i + length);
                while (end < words.Count && end < i + length + 4 && IsTypeWord(words, end)) end++;
                for (var w = first; w < end; w++) taken.Add(w);
                var typed = text[words[first].Span.Start..words[end - 1].Span.End];
                if (!councils.Exists(c => c.Name == name)) councils.Add(Council(name!, typed));
                i = end - 1;
            }
            else if (place.Length > 0)
            {
                for (var w = i; w < i + place.Length; w++) taken.Add(w);
                if (!places.Exists(p => p.Name == place.Entry!.Name)) places.Add(new NamedPlace(place.Entry!.Name, text[words[i].Span.Start..words[i + place.Length - 1].Span.End], place.Members!, _corpus.SlugsOf(place.Members!, "")));
                i += place.Length - 1;
            }
            else if (Shaped(text, words, i) is { Length: > 0 } shaped)
            {
                for (var w = i; w < i + shaped.Length; w++) taken.Add(w);
                if (!councils.Exists(c => c.Name == shaped.Name)) councils.Add(new NamedCouncil(shaped.Name, shaped.Name, [], _corpus.SlugsOf([], shaped.Name), []));
                i += shaped.Length - 1;
            }
        }

        return (councils, places, taken);
    }

    private NamedCouncil Council(string name, string typed)
    {
        var into = _councils.GetValueOrDefault(name)?.Into ?? [];
        var members = into.Prepend(name).SelectMany(n => _members.GetValueOrDefault(n) ?? []).Distinct(StringComparer.Ordinal).ToArray();
        // A plain word names the place only with its type; "Hart" in a text may be anybody.
        var place = string.Join(' ', CouncilWords.Place(CouncilWords.Of(name)));
        return new NamedCouncil(name, typed, members, _corpus.SlugsOf(members, _lists.Plain.Contains(place) ? name : place), into);
    }

    private (int Length, string? Name, bool Own) Name(IReadOnlyList<Typed> words, int at)
    {
        (int, string?, bool) best = (0, null, false);
        foreach (var name in _table.ByFirstWord.GetValueOrDefault(words[at].Text) ?? [])
        {
            if (Matches(words, at, name.Words) is var length && length > best.Item1) best = (length, name.Council, false);
        }

        foreach (var (form, name) in _others.GetValueOrDefault(words[at].Text) ?? [])
        {
            if (Matches(words, at, form) is var length && length > best.Item1) best = (length, name, !_lists.Plain.Contains(words[at].Text));
        }

        return best;
    }

    private static int Matches(IReadOnlyList<Typed> words, int at, IReadOnlyList<string> name)
    {
        var i = at;
        for (var w = 0; w < name.Count; w++, i++)
        {
            if (w > 0 && i < words.Count && words[i].Text == "and" && name[w] != "and") i++;
            if (i >= words.Count || words[i].Text != name[w]) return 0;
        }

        return i - at;
    }

    private bool IsCouncil(string text, IReadOnlyList<Typed> words, int at, int length, string name, bool own, bool mixed)
    {
        var next = at + length < words.Count ? words[at + length] : default;
        var previous = at > 0 ? words[at - 1] : default;
        if (next.Text is { } after && _lists.SomethingElse.Contains(after)) return false;
        if (own) return true;
        // "Northbeck-on-Sea" and "North Northbeck" are other places than Northbeck.
        if (next.Text is "on" or "upon" or "under" or "in" && next.Span.Start == words[at + length - 1].Span.End + 1 && text[next.Span.Start - 1] == '-') return false;
        if (previous.Text is { } before && Directions.Contains(before) && text[(previous.Span.End)..words[at].Span.Start].Trim().Length == 0) return false;
        if (length > 1 || !_lists.Plain.Contains(words[at].Text)) return true;
        if (IsTypeWord(words, at + length) || previous.Text is "of" && at > 1 && CouncilWords.Types.Contains(words[at - 2].Text)) return true;
        if (previous.Text is "cyngor") return true;
        if (previous.Text is { } does && Does.Contains(does) && next.Text is { } done && Done.Contains(done)) return true;
        var named = mixed && words[at].Capital && !words[at].AllCapitals;
        return named && at > 0 && text[..words[at].Span.Start].TrimEnd() is var head && head.Length > 0 && head[^1] is not ('.' or '!' or '?' or ':' or '\n')
            || named && at == 0 && text.Length > words[at].Span.End && text[words[at].Span.End] is ':' or '\'' && next.Text is not null
            || named && at == 0 && next.Text is { } verb && (Does.Contains(verb) || Done.Contains(verb));
    }

    private static bool IsTypeWord(IReadOnlyList<Typed> words, int at)
    {
        if (at >= words.Count) return false;
        if (words[at].Text is "council" or "mbc" or "bc" or "cc" or "dc" or "lbc") return true;
        // "Salford city council": a type word counts with "council" behind it.
        return CouncilWords.Types.Contains(words[at].Text) && at + 1 < words.Count && IsTypeWord(words, at + 1);
    }

    // "the Royal Borough of", "City of", "Cyngor" before the name.
    private static int Grow(IReadOnlyList<Typed> words, int at)
    {
        if (at > 0 && words[at - 1].Text == "cyngor") return at - 1;
        if (at < 2 || words[at - 1].Text != "of") return at;
        var first = at - 1;
        while (first > 0 && CouncilWords.Types.Contains(words[first - 1].Text)) first--;
        return first < at - 1 ? first : at;
    }

    private (int Length, PlaceEntry? Entry, IReadOnlyList<string>? Members) Place(IReadOnlyList<Typed> words, int at)
    {
        foreach (var (entry, members) in _places.GetValueOrDefault(words[at].Text) ?? [])
        {
            if (Matches(words, at, entry.Words) is > 0 and var length) return (length, entry, members);
        }

        return (0, null, null);
    }

    /// <summary>"Kestrel Moor District Council" where no table and no case study knows it: told by its capitals.</summary>
    private static (int Length, string Name) Shaped(string text, IReadOnlyList<Typed> words, int at)
    {
        if (!words[at].Capital || CouncilWords.Types.Contains(words[at].Text) || Language.StopWords.Contains(words[at].Text)) return (0, "");
        if (at > 0 && words[at - 1].Capital && words[at - 1].Span.End + 1 == words[at].Span.Start && !Language.StopWords.Contains(words[at - 1].Text)) return (0, "");
        var end = at + 1;
        while (end < words.Count && end < at + 5 && words[end].Capital && words[end].Text != "council") end++;
        if (end >= words.Count || words[end].Text != "council" || !words[end].Capital || end == at) return (0, "");
        if (words[at].Text is "full" or "the" or "your" or "our" or "dear" or "youth" or "county" or "local") return (0, "");
        return (end + 1 - at, text[words[at].Span.Start..words[end].Span.End]);
    }

    private void AddPlace(PlaceEntry entry, Func<Council, bool> lies)
    {
        var members = _members.Where(m => _councils.TryGetValue(m.Key, out var council) && lies(council)).SelectMany(m => m.Value).Order(StringComparer.Ordinal).ToArray();
        if (!_places.TryGetValue(entry.Words[0], out var list)) _places[entry.Words[0]] = list = [];
        list.Add((entry, members));
        list.Sort((a, b) => b.Entry.Words.Length.CompareTo(a.Entry.Words.Length));
    }

    private static string[] Words(string name) => [.. Typed.Split(Typed.Level(name)).Select(w => w.Text).Where(w => w != "and")];
}
