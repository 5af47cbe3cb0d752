using System.Collections.Frozen;
using CoopAI.Core.Corpus;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Councils;

/// <summary>Finds council names: those of the table and of the retrieved records, longest first, and anything shaped like one.</summary>
internal sealed class CouncilFinder
{
    private static readonly FrozenSet<string> Connectors = Set("and of the on upon in le next with under by sea");
    private static readonly FrozenSet<string> Directions = Set("north south east west greater upper lower new great little mid central inner outer old nether");

    // What a council does and an activity ("reading", "bath", "sale") does not.
    private static readonly FrozenSet<string> Deeds = Set("opened launched founded built bought sold funded paid hired employed appointed elected voted adopted agreed approved commissioned consulted asked invited published signed joined transferred handed moved closed set ran runs has had led leads trained recruited invested spent gave works worked plans planned declared pledged wrote created");

    private readonly CouncilTable _table;
    private readonly Dictionary<string, List<CouncilName>> _record = new(StringComparer.Ordinal);

    /// <param name="members">Lead members and partners of the retrieved passages: councils that no table knows are found by them.</param>
    public CouncilFinder(CouncilTable table, IEnumerable<string> members)
    {
        _table = table;
        foreach (var member in members.Distinct(StringComparer.Ordinal))
        {
            if (!CouncilWords.AreCouncils(CouncilWords.Of(member)) || table.OfficialName(member) is not null) continue;
            var words = CouncilWords.Place(CouncilWords.Of(member));
            if (words.Count == 0) continue;
            if (!_record.TryGetValue(words[0], out var list)) _record[words[0]] = list = [];
            list.Add(new CouncilName(words, string.Join(' ', words), false));
        }

        foreach (var list in _record.Values) list.Sort((a, b) => b.Words.Count.CompareTo(a.Words.Count));
    }

    /// <summary>Councils among the members of a record.</summary>
    public IEnumerable<CouncilMention> OfMembers(IEnumerable<string> members) =>
        from member in members
        where CouncilWords.AreCouncils(CouncilWords.Of(member)) || _table.OfficialName(member) is not null
        let words = CouncilWords.Of(member)
        let place = CouncilWords.Place(words)
        where place.Count > 0
        select new CouncilMention(_table.OfficialName(member) ?? string.Join(' ', place), string.Join(' ', place), CouncilWords.Type(words), default, -1, -1);

    /// <summary>Every council named in the text, in reading order.</summary>
    public IReadOnlyList<CouncilMention> Find(AnalysedText text)
    {
        var tokens = text.Tokens;
        var found = new List<CouncilMention>();
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!(tokens[i].Capital || tokens[i].Opening)) continue;
            var mention = Known(text, i) ?? Shaped(text, i);
            if (mention is null) continue;
            found.Add(mention);
            i = mention.Last;
        }

        return found;
    }

    private CouncilMention? Known(AnalysedText text, int i)
    {
        var tokens = text.Tokens;
        // "Royal Borough of", "City of", "London Borough of": the place follows.
        var start = i;
        while (start < tokens.Length && tokens[start].Sentence == tokens[i].Sentence && (CouncilWords.Types.Contains(tokens[start].Text) || CouncilWords.Endings.Contains(tokens[start].Text)) && !(_table.ByFirstWord.ContainsKey(tokens[start].Text) && Longest(tokens, start) is not null)) start++;
        var prefixed = start > i && start + 1 < tokens.Length && tokens[start].Text is "of";
        if (prefixed) start++;
        if (prefixed && start < tokens.Length && tokens[start].Text is "the") start++;
        if (!prefixed) start = i;
        if (start >= tokens.Length || Longest(tokens, start) is not { } hit) return null;
        var (name, last) = hit;
        var words = name.Words;
        IReadOnlyList<string> place = CouncilWords.Place(words);
        var types = prefixed ? tokens[i..start].Select(t => t.Text).ToList() : [];
        types.AddRange(words.Except(place));
        var end = Suffix(tokens, last, types);
        // "Northbeck-on-Sea" and "North Northbeck" are other places than Northbeck.
        var longer = Lengthened(text, prefixed ? start : i, last, end);
        var council = name.Council;
        if (longer is { } other)
        {
            place = other.Place;
            council = string.Join(' ', place);
            end = Math.Max(end, other.Last);
            start = Math.Min(start, other.First);
            if (other.Last > last) end = Suffix(tokens, other.Last, types);
        }
        else if (name.Plain && types.Count == 0 && end == last && (tokens[i].Opening || words.Count > 1) && !Acts(tokens, last))
        {
            return null;
        }

        var first = Math.Min(i, start);
        return new CouncilMention(council, string.Join(' ', place), CouncilWords.Type(types), new TextSpan(tokens[first].Span.Start, tokens[end].Span.End), first, end);
    }

    /// <summary>Whether a deed follows, told in the past: "Reading opened nine clubs" speaks of a council, "Reading the plan took an hour" and "Reading helped them" do not.</summary>
    private static bool Acts(AnalysedToken[] tokens, int last) =>
        last + 1 < tokens.Length && tokens[last + 1].Sentence == tokens[last].Sentence && !tokens[last + 1].ClauseStart && !tokens[last + 1].Capital
        && Deeds.Contains(tokens[last + 1].Text);

    private (CouncilName Name, int Last)? Longest(AnalysedToken[] tokens, int i)
    {
        (CouncilName, int)? best = null;
        foreach (var name in Candidates(tokens[i].Text))
        {
            if (Matches(tokens, i, name.Words) is var last && last < 0) continue;
            if (best is null || last > best.Value.Item2) best = (name, last);
        }

        return best;
    }

    private IEnumerable<CouncilName> Candidates(string word)
    {
        if (_record.TryGetValue(word, out var own))
        {
            foreach (var name in own) yield return name;
        }

        if (_table.ByFirstWord.TryGetValue(word, out var names))
        {
            foreach (var name in names) yield return name;
        }
    }

    private static int Matches(AnalysedToken[] tokens, int i, IReadOnlyList<string> words)
    {
        var at = i;
        for (var w = 0; w < words.Count; w++, at++)
        {
            if (w > 0 && at < tokens.Length && tokens[at].Text is "and") at++;
            if (at >= tokens.Length || tokens[at].Sentence != tokens[i].Sentence || tokens[at].Text != words[w]) return -1;
            if (!(tokens[at].Capital || tokens[at].Opening || Connectors.Contains(words[w]))) return -1;
            // "Bournemouth, Christchurch and Poole" holds a comma; elsewhere a comma separates names.
            if (w > 0 && tokens[at].ClauseStart && words.Count < 3) return -1;
        }

        return at - 1;
    }

    private static int Suffix(AnalysedToken[] tokens, int last, List<string> types)
    {
        var end = last;
        for (var j = last + 1; j < tokens.Length && j <= last + 4 && tokens[j].Sentence == tokens[last].Sentence && !tokens[j].ClauseStart && tokens[j].Capital; j++)
        {
            if (CouncilWords.Endings.Contains(tokens[j].Text))
            {
                for (var k = last + 1; k <= j; k++) types.Add(tokens[k].Text);
                end = j;
                if (tokens[j].Text != "borough") break;
            }
            else if (!CouncilWords.Types.Contains(tokens[j].Text))
            {
                break;
            }
        }

        return end;
    }

    private static (IReadOnlyList<string> Place, int First, int Last)? Lengthened(AnalysedText text, int first, int last, int end)
    {
        var tokens = text.Tokens;
        var from = first;
        var to = last;
        if (first > 0 && tokens[first - 1].Sentence == tokens[first].Sentence && !tokens[first].ClauseStart && Directions.Contains(tokens[first - 1].Text)
            && (tokens[first - 1].Capital || (tokens[first - 1].Opening && tokens[first - 1].Text is not "new"))) from = first - 1;
        while (to + 1 < tokens.Length && tokens[to + 1].Sentence == tokens[to].Sentence && tokens[to + 1].Span.Start == tokens[to].Span.End + 1
            && text.Text[tokens[to].Span.End] is '-' or '‐' or '‑' && to + 1 < tokens.Length && (Connectors.Contains(tokens[to + 1].Text) || (tokens[to + 1].Capital && to > last))) to++;
        // "Northbeck upon Tarn", "Northbeck under Hill" without hyphens.
        if (to == last && end == last && to + 2 < tokens.Length && tokens[to + 1].Text is "upon" or "on" or "le" && tokens[to + 2].Capital && tokens[to + 2].Sentence == tokens[to].Sentence
            && tokens[to + 2].Text is not ("monday" or "tuesday" or "wednesday" or "thursday" or "friday" or "saturday" or "sunday")
            && tokens[to + 1].Text is "upon" or "le") to += 2;
        if (from == first && to == last) return null;
        return ([.. tokens[from..(to + 1)].Select(t => t.Text).Where(w => w != "and")], from, to);
    }

    /// <summary>"Kestrel Moor District Council" where no table and no record knows it.</summary>
    private static CouncilMention? Shaped(AnalysedText text, int i)
    {
        var tokens = text.Tokens;
        var types = new List<string>();
        for (var j = i; j < tokens.Length && j < i + 9 && tokens[j].Sentence == tokens[i].Sentence && (j == i || !tokens[j].ClauseStart); j++)
        {
            if (j > i && CouncilWords.Endings.Contains(tokens[j].Text) && tokens[j].Capital && tokens[j].Text is not "borough")
            {
                var words = tokens[i..j].Select(t => t.Text).Where(w => w != "and").ToList();
                if (words[0] is "the" or "our" or "this" or "each" or "every" or "a" or "an" or "when" or "if") return null;
                var place = CouncilWords.Place(words);
                if (place.Count == 0) return null;
                types.AddRange(words.Except(place));
                return new CouncilMention(string.Join(' ', place), string.Join(' ', place), CouncilWords.Type(types), new TextSpan(tokens[i].Span.Start, tokens[j].Span.End), i, j);
            }

            if (!(tokens[j].Capital || tokens[j].Opening || Connectors.Contains(tokens[j].Text))) return null;
        }

        return null;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>A council named in a text.</summary>
/// <param name="Council">Official name from the table, or the place as lower-case words for a council that is not in it.</param>
/// <param name="Place">The name without type words, lower case: "northbeck on sea".</param>
/// <param name="Type">borough, city, district, county, town, parish, community, combined, or empty when the text names none.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="First">First token.</param>
/// <param name="Last">Last token.</param>
internal sealed record CouncilMention(string Council, string Place, string Type, TextSpan Span, int First, int Last)
{
    /// <summary>Whether both may be the same council: one place, and types that do not exclude each other.</summary>
    public bool IsSame(CouncilMention other)
    {
        if (Council == other.Council) return Type.Length == 0 || other.Type.Length == 0 || Type == other.Type || Council != Place;
        return Place == other.Place && (Type.Length == 0 || other.Type.Length == 0 || Type == other.Type);
    }
}
