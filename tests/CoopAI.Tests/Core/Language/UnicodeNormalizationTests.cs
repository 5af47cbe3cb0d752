using CoopAI.Core.Language;

namespace CoopAI.Tests.Core.Language;

public sealed class UnicodeNormalizationTests
{
    // Expected values worked by the rules of Unicode Standard Annex #15, most of them its own examples.
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("\u212B", "\u00C5")]                        // Ångström sign
    [InlineData("\uFB01ne", "fine")]                        // ligature fi
    [InlineData("2\u2075", "25")]                           // superscript five
    [InlineData("\u1E9B\u0323", "\u1E69")]                  // long s with dot above, dot below
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]          // marks are put in order
    [InlineData("D\u0307\u0323", "\u1E0C\u0307")]           // and composed only where nothing stands between
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]            // Hangul by computation
    [InlineData("\uD55C", "\uD55C")]
    [InlineData("\u0958", "\u0915\u093C")]                  // excluded from composition
    [InlineData("\u00A0\u2009\u3000", "   ")]
    [InlineData("\u2026", "...")]
    [InlineData("\u00BD", "1\u20442")]
    [InlineData("\uFF26\uFF35", "FU")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("“it’s” – 👍🏽 £5", "“it’s” – 👍🏽 £5")]
    [InlineData("𝔥𝟙", "h1")]
    public void Form_KC_is_the_standard_one(string text, string expected) => Assert.Equal(expected, UnicodeNormalization.ToFormKC(text));

    [Fact]
    public void A_text_that_does_not_change_is_handed_back_itself()
    {
        const string Text = "“The council’s plan” – agreed in São Paulo";

        Assert.Same(Text, UnicodeNormalization.ToFormKC(Text));
    }

    [Fact]
    public void Lone_surrogates_stay()
    {
        Assert.Equal("a\uD800\u00E9\uDC00", UnicodeNormalization.ToFormKC("a\uD800e\u0301\uDC00"));
    }

    [Fact]
    public void Normalising_twice_changes_nothing_more()
    {
        const int Seed = 20;
        var random = new Random(Seed);
        for (var n = 0; n < 3000; n++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => char.ConvertFromUtf32(random.Next(3) switch
            {
                0 => random.Next(0x41, 0x250),
                1 => random.Next(0x300, 0x370),
                _ => random.Next(0x1100, 0xD800),
            })));

            var once = UnicodeNormalization.ToFormKC(text);

            Assert.True(once == UnicodeNormalization.ToFormKC(once), $"seed {Seed}, text {n}: {string.Join(' ', text.Select(c => $"{(int)c:X4}"))}");
        }
    }
}
