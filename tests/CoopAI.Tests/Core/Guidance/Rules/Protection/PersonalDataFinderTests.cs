using CoopAI.Core.Guidance;
using CoopAI.Core.Guidance.Rules.Protection;

namespace CoopAI.Tests.Core.Guidance.Rules.Protection;

public sealed class PersonalDataFinderTests
{
    [Theory]
    [InlineData("9434765919", true)] // 9×10+4×9+3×8+4×7+7×6+6×5+5×4+9×3+1×2 = 299; 299 mod 11 = 2; 11 − 2 = 9
    [InlineData("9434765918", false)]
    [InlineData("4010232137", true)]
    [InlineData("1111111111", false)]
    [InlineData("943476591", false)]
    public void An_NHS_number_has_its_check_digit(string digits, bool valid) => Assert.Equal(valid, PersonalDataFinder.NhsCheck(digits));

    [Theory]
    [InlineData("4111111111111111", true)]
    [InlineData("4111111111111112", false)]
    [InlineData("79927398713", true)] // the example in ISO/IEC 7812
    public void A_card_number_passes_Luhns_test(string digits, bool valid) => Assert.Equal(valid, PersonalDataFinder.Luhn(digits));

    [Theory]
    [InlineData("GB82WEST12345698765432", true)]
    [InlineData("GB83WEST12345698765432", false)]
    public void An_IBAN_leaves_one_modulo_97(string iban, bool valid) => Assert.Equal(valid, PersonalDataFinder.Mod97(iban));

    [Theory]
    [InlineData("number JG 10 37 59 A here", "JG 10 37 59 A")]
    [InlineData("number J\u200BG103759A here", "J\u200BG103759A")]
    [InlineData("ring ０７７００ ９００１２３ now", "０７７００ ９００１２３")]
    [InlineData("ring oh seven seven zero zero nine hundred one two three now", "oh seven seven zero zero nine hundred one two three")]
    [InlineData("write to jane dot smith at example dot org today", "jane dot smith at example dot org")]
    public void A_find_covers_what_a_person_sees(string text, string expected)
    {
        var result = Assert.Single(GuidanceFiles.Run(Stage.Question, text, "VG06").Results, r => r.Status == RuleStatus.Fail);

        Assert.Equal(expected, text[result.Target.Start!.Value..result.Target.End!.Value]);
    }

    [Fact]
    public void The_value_is_masked_as_in_the_specification() => Assert.Equal("AB ** ** ** C", PersonalDataFinder.Mask("nino", "AB 12 34 56 C"));

    [Fact]
    public void Random_references_are_left_alone()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 500; i++)
        {
            var text = $"Grant reference {random.Next(100, 999)} {random.Next(100, 999)} {random.Next(1000, 9999)} paid £{random.Next(1000, 9_999_999):N0} in {random.Next(2000, 2027)}.";

            Assert.DoesNotContain(GuidanceFiles.Run(Stage.Question, text, "VG06").Results, r => r.Status == RuleStatus.Fail);
        }
    }
}
