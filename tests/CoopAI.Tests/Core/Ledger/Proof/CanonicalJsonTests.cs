using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Tests.Core.Ledger.Proof;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void The_sample_of_the_standard_comes_out_as_the_standard_prints_it()
    {
        // RFC 8785, section 3.2.2.
        const string Input = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;

        Assert.Equal("""{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""", Canonical(Input));
    }

    [Fact]
    public void Members_are_sorted_by_UTF16_units_as_in_the_standard()
    {
        // RFC 8785, section 3.2.3: the emoji, written with surrogates, comes before U+FB33.
        const string Input = """
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """;

        var names = JsonNode.Parse(Canonical(Input))!.AsObject().Select(m => m.Value!.GetValue<string>());

        Assert.Equal(
            ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"], names);
    }

    [Theory] // RFC 8785, appendix B.
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers_print_as_in_the_standards_table(string bits, string expected)
    {
        var value = BitConverter.Int64BitsToDouble(long.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        Assert.Equal(expected, CanonicalJson.Number(value));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_has_no_spelling(double value) => Assert.Throws<FormatException>(() => CanonicalJson.Number(value));

    [Fact]
    public void Every_number_reads_back_as_itself_and_encoding_twice_changes_nothing()
    {
        const int Seed = 8785;
        var random = new Random(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;

            var text = CanonicalJson.Number(value);

            Assert.True(double.Parse(text, CultureInfo.InvariantCulture) == value, $"seed {Seed}, draw {i}: {text}");
            Assert.Equal(text, Canonical(text));
        }
    }

    [Fact]
    public void White_space_and_order_of_members_do_not_matter_at_any_depth() => Assert.Equal(
        Canonical("""{"b":{"y":1,"x":[ {"q":2,"p":3} ]},"a":"é"}"""), Canonical(""" { "a" : "\u00e9", "b" : { "x" : [ { "p":3.0,"q":2e0 } ], "y":1 } } """));

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "occurs twice")]
    [InlineData("""{"a":{"\u0061":1,"a":2}}""", "$.a")]
    [InlineData("""{"a":["x","\ud800"]}""", "$.a[1]")]
    [InlineData("""{"\udc00":1}""", "surrogate")]
    [InlineData("""[1e400]""", "too large")]
    [InlineData("""{"a":""", "not JSON")]
    public void What_has_no_canonical_form_is_refused_with_its_place(string json, string part) =>
        Assert.Contains(part, Assert.Throws<FormatException>(() => Canonical(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_beyond_the_limit_is_refused() =>
        Assert.Throws<FormatException>(() => Canonical(new string('[', CanonicalJson.MaxDepth + 1) + new string(']', CanonicalJson.MaxDepth + 1)));

    [Fact]
    public void A_node_built_in_code_is_written_like_its_text() =>
        Assert.Equal("""{"a":[1,"ü",null],"b":0.1}""", Encoding.UTF8.GetString(CanonicalJson.Encode(new JsonObject { ["b"] = 0.1, ["a"] = new JsonArray(1, "ü", null) })));

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Encode(Encoding.UTF8.GetBytes(json)));
}
