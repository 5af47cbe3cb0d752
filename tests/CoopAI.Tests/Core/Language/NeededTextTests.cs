using System.Text;
using System.Text.RegularExpressions;
using CoopAI.Core.Language;

namespace CoopAI.Tests.Core.Language;

public sealed class NeededTextTests
{
    [Theory]
    [InlineData(@"\bno\s+rules\b", "There are no  rules", "nothing here")]
    [InlineData(@"<\s?script\b|javascript\s?:\s?\w", "JAVASCRIPT: x", "a play, in java: x")]
    [InlineData(@"(?:drop|delete)\s(?:table|from)", "Delete from", "the table is from here")]
    [InlineData(@"colou?r(?:s|ed){1,2}", "coloured", "a shade of red")]
    [InlineData(@"(?:^|\n)\s{0,3}(?:```|~~~)\s?(?:system|prompt)", "```system", "no fence")]
    public void A_match_holds_what_is_needed_and_other_texts_are_passed_over(string expression, string holds, string lacks)
    {
        var needed = NeededText.Of(expression);

        Assert.NotNull(needed);
        Assert.True(holds.AsSpan().ContainsAny(needed));
        Assert.False(lacks.AsSpan().ContainsAny(needed));
    }

    [Theory]
    [InlineData(@"\d{3}")]
    [InlineData(@"(?:abc)?")]
    [InlineData(@"(?:abc|\d)")]
    [InlineData(@"[^a]*")]
    [InlineData(@"\u0041bc")]
    [InlineData(@"\p{Lu}")]
    [InlineData(@"(?i)abc")]
    [InlineData(@"(a)(?(1)bcd|e)")]
    public void Where_nothing_is_certain_the_expression_is_always_run(string expression) => Assert.Null(NeededText.Of(expression));

    [Fact]
    public void No_made_expression_matches_a_text_that_lacks_what_is_needed()
    {
        string[] parts = ["a", "b", "ab", "[ab]", "[^a]", ".", @"\s", @"\b", @"\.", "(?:a|bc)", "(?:ab|c)?", "c+", "c*?", "a{2}", "b{0,2}", "(?=a)", "(?!b)", "(?<=c)", "|", "^", "$", "(a|b)", "(?<n>ca)", "{", "}"];
        var random = new Random(7);
        var shut = 0;

        for (var i = 0; i < 20_000; i++)
        {
            var expression = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => parts[random.Next(parts.Length)]));
            Regex regex;
            try
            {
                regex = new Regex(expression, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
            }
            catch (ArgumentException)
            {
                continue;
            }

            if (NeededText.Of(expression) is not { } needed) continue;
            for (var t = 0; t < 5; t++)
            {
                var text = new StringBuilder();
                for (var length = random.Next(0, 9); length > 0; length--) text.Append("abcABC. {}"[random.Next(10)]);
                var made = text.ToString();
                if (made.AsSpan().ContainsAny(needed)) continue;
                shut++;
                Assert.False(regex.IsMatch(made), $"seed 7, case {i}: “{expression}” matches “{made}”");
            }
        }

        Assert.True(shut > 1000);
    }
}
