using CoopAI.Core.Text;

namespace CoopAI.Core.Retrieval;

/// <summary>Compares names of councils as people write them: "Preston" is "Preston City Council".</summary>
public static class CouncilNames
{
    // What tells the kind of a council, not which one.
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        "council", "councils", "city", "borough", "metropolitan", "district", "county", "town", "parish", "london", "royal", "unitary",
        "authority", "combined", "community", "cyngor", "of", "the", "mbc", "bc", "cc", "dc", "lb", "rb",
    };

    /// <summary>Whether <paramref name="wanted"/>, as an officer types it, names this council. The distinguishing words of <paramref name="wanted"/> must begin those of <paramref name="name"/>.</summary>
    /// <remarks>"Newcastle" names both Newcastles; "Manchester" does not name Greater Manchester. Full names must agree on nothing but the distinguishing words.</remarks>
    public static bool Names(string wanted, string name)
    {
        var (short_, full) = (Distinguishing(wanted), Distinguishing(name));
        return short_.Count > 0 && short_.Count <= full.Count && short_.SequenceEqual(full.Take(short_.Count), StringComparer.Ordinal);
    }

    private static List<string> Distinguishing(string name)
    {
        var words = Words.Split(name).Select(w => w.Text).Where(w => w != "and").ToList();
        var kept = words.Where(w => !Kinds.Contains(w)).ToList();
        return kept.Count > 0 ? kept : words;
    }
}
