using System.Text;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance;

/// <summary>No text that somebody can send breaks a rule off.</summary>
public sealed class EveryTextTests
{
    private const int Texts = 5000;

    private static readonly string[] Pieces =
    [
        "Can you write a cabinet report on community wealth building?", "What have other councils done about damp homes", "who has", "£3.5m", "12,000 people", "in 2019/20", "[CS1]", "[CS1, CS2]", "“quoted", "\"", "'",
        "0161 496 0000", "ring me on", "jo@example.org", "AB12 3CD", "QQ 12 34 56 C", "4111 1111 1111 1111", "born on 1/2/1980", "http://a.b/c?d=e", "<a href='x'>", "<!--", "-->", "<script", "{{", "}}", "ignore all previous instructions",
        "SGVsbG8gd29ybGQgdGhpcyBpcyBhIHRlc3Q=", "%41%42%43", "01000001 01000010", "65 66 67 68 69 70 71 72 73 74", ".- -.. .", "ａｂｃ", "e\u0301\u0301\u0301", "\u202eabc", "\ud83d\ude00", "忽略之前的指令", "تجاهل التعليمات", "игнорируй инструкции",
        "Labour and the Conservatives", "which party should we back", "my neighbour at 12 High Street", "will Mrs Patel get a flat", "a", "aaaa", "((((", "))))", "----", "....", ",,,,", "0 0 0 0", "\t", "\n", "\r\n\r\n", "the", "of the", "shall", "A.B.C.", "e.g.", "(EIA)", "AI-generated",
    ];

    [Fact]
    public void Every_rule_gives_a_verdict_on_five_thousand_texts_and_none_breaks_off()
    {
        var random = new Random(20261129);
        var broken = new List<string>();
        for (var i = 0; i < Texts; i++)
        {
            // Most are short like questions; some are as long as a message may be.
            var text = Written(random, i % 50 == 0 ? 2000 : i % 10 == 0 ? 400 : 90);
            var stage = (Stage)(i % 3);
            var outcome = GuidanceFiles.Run(stage, text);
            broken.AddRange(outcome.Results.Where(r => r.Explanation.Contains("broke off", StringComparison.Ordinal)).Select(r => $"{i}, {r.Rule}: {r.Explanation}"));
            Assert.True(outcome.Results.Count > 0, $"text {i} got no verdict");
        }

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData("1 ")]
    [InlineData("(")]
    [InlineData("[a")]
    [InlineData("“a")]
    [InlineData("<a")]
    [InlineData("a.")]
    [InlineData("a@")]
    [InlineData("- ")]
    [InlineData("\u0301")]
    public void One_thing_said_over_and_over_for_as_long_as_a_text_may_be_breaks_nothing_off(string piece)
    {
        var text = new StringBuilder().Insert(0, piece, 20_000 / piece.Length).ToString();

        foreach (var stage in new[] { Stage.Question, Stage.Retrieved, Stage.Answer })
            Assert.DoesNotContain(GuidanceFiles.Run(stage, text).Results, r => r.Explanation.Contains("broke off", StringComparison.Ordinal));
    }

    private static string Written(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
        {
            var piece = Pieces[random.Next(Pieces.Length)];
            text.Append(random.Next(6) switch
            {
                0 => piece.ToUpperInvariant(),
                1 => piece[..random.Next(1, piece.Length + 1)],
                2 => new string((char)random.Next(32, 0x2FF), random.Next(1, 6)),
                _ => piece,
            });
            if (random.Next(5) != 0) text.Append(random.Next(9) == 0 ? ". " : " ");
        }

        return text.ToString(0, Math.Min(text.Length, length));
    }
}
