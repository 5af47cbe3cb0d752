using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;

namespace CoopAI.Tests.Core.Tagging;

public sealed class CueMatcherTests
{
    private static readonly CueMatcher Matcher = new(
        new Dictionary<string, IReadOnlyList<string>> { ["residents"] = ["tenant", "people who use"], ["decide"] = ["vote", "chose"] },
        [
            new Principle("a", "A", "", "", "", "", "", "", ["participatory budget", "{residents} & {decide}"], ["co-operative"]),
            new Principle("b", "B", "", "", "", "", "", "", ["vote"], []),
        ],
        (_, cue, problem) => new ArgumentException($"{cue} {problem}"));

    private static int[] Count(string text)
    {
        var counts = new int[4];
        Matcher.Count(CueMatcher.Stems(text), counts);
        return counts;
    }

    [Fact]
    public void Phrases_are_found_on_stems_and_in_order()
    {
        Assert.Equal([1, 0, 0, 0], Count("Participatory budgeting came first."));
        Assert.Equal([0, 0, 0, 0], Count("The budget was participatory."));
    }

    [Fact]
    public void Both_sides_of_an_ampersand_must_occur_in_any_order()
    {
        Assert.Equal([1, 0, 1, 0], Count("They voted, the tenants."));
        Assert.Equal([1, 0, 0, 0], Count("It was chosen, and people who used it chose well."));
        Assert.Equal([0, 0, 1, 0], Count("Councillors voted."));
    }

    [Theory]
    [InlineData("A co-operative was formed.")]
    [InlineData("A cooperative was formed.")]
    [InlineData("Co‑operatives were formed.")]
    public void Every_spelling_of_co_operative_is_the_same(string text) => Assert.Equal(1, Count(text)[1]);
}
