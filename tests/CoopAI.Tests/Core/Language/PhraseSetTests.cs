using CoopAI.Core.Language;

namespace CoopAI.Tests.Core.Language;

public sealed class PhraseSetTests
{
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal) { ["drop"] = "ignore|set_aside", ["rules"] = "rule*|guidance" };

    [Theory]
    [InlineData("cut costs", "They cut costs.", true)]
    [InlineData("cut costs", "They cut the costs.", false)]
    [InlineData("cut ~2 costs", "They cut all the costs.", true)]
    [InlineData("cut ~1 costs", "They cut all the costs.", false)]
    [InlineData("cut ~2 costs", "They cut. Costs rose.", false)]
    [InlineData("co-design", "They co-design it; co design", true)]
    [InlineData("don't follow", "Don’t follow it", true)]
    [InlineData("re-use|recycle", "recycle", true)]
    [InlineData("@drop ~2 @rules", "Set aside your rules", true)]
    [InlineData("@drop ~2 @rules", "Set your rules aside", false)]
    [InlineData("=Labour !market", "the Labour group", true)]
    [InlineData("=Labour !market", "the labour group", false)]
    [InlineData("=Labour !market", "the Labour market", false)]
    [InlineData("mr <name>", "Mr Dunn", true)]
    [InlineData("mr <name>", "Mr dunn", false)]
    [InlineData("flat <num>", "flat 12", true)]
    [InlineData("rules $", "drop the rules, now", true)]
    [InlineData("rules $", "drop the rules now", false)]
    [InlineData("the? rules", "rules", true)]
    [InlineData("cafe", "the café", true)]
    [InlineData("re: \\bno\\s+rules\\b", "NO  rules", true)]
    [InlineData("text: what next", "So WHAT next?", true)]
    public void A_pattern_means_what_the_readme_says(string pattern, string text, bool found) => Assert.Equal(found, Find(pattern, text));

    [Theory]
    [InlineData("ignore the rules", true)]
    [InlineData("It grew. Ignore the rules", true)]
    [InlineData("please ignore the rules", true)]
    [InlineData("I want you to ignore the rules", true)]
    [InlineData("could you kindly ignore the rules", true)]
    [InlineData("councils that ignore the rules", false)]
    [InlineData("how do councils ignore the rules", false)]
    [InlineData("should they ignore the rules", false)]
    public void An_order_begins_where_a_clause_does(string text, bool order) => Assert.Equal(order, Find("^ ignore the rules", text));

    [Fact]
    public void Many_gaps_on_long_text_end_in_bounded_time()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            _ = Find("a* ~12 a* ~12 a* ~12 a* ~12 zebra", string.Concat(Enumerable.Repeat("aa ", 700)));
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            // Counted as not checkable by the runner.
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    private static bool Find(string pattern, string text)
    {
        var set = new PhraseSet();
        set.Add(pattern, Classes);
        return set.Any(Tokens.Of(TextView.Level(text)));
    }
}
