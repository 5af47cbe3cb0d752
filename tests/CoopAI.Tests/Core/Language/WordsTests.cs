using CoopAI.Core.Language;

namespace CoopAI.Tests.Core.Language;

public class WordsTests
{
    [Theory]
    [InlineData("The council’s co-operative", "the|council|co|operative")]
    [InlineData("£1,250.50 and 40%", "1250.50|and|40")]
    [InlineData("don't stop", "dont|stop")]
    [InlineData("CAFÉ naïve–Ærø Straße2go", "cafe|naive|ærø|straße2go")]
    [InlineData("'tis the dogs' 3. 4.5, x,y", "tis|the|dogs|3|4.5|x|y")]
    [InlineData("", "")]
    [InlineData("—…!", "")]
    public void Words_are_lower_case_runs_of_letters_and_digits(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Words.Split(text).Select(w => w.Text)));

    [Fact]
    public void Stems_leave_function_words_out() =>
        Assert.Equal(["resid", "decid", "budget"], Words.Stems("How did the residents decide on their budgets?"));

    [Theory]
    [InlineData("“It’s  a\tpilot”", "\"it's a pilot\"")]
    [InlineData("co\u00ADoperative\u200B – Ｎorth", "cooperative - north")]
    [InlineData("\uD800 lone", "\uD800 lone")]
    public void Levelling_removes_differences_of_type_only(string text, string expected) => Assert.Equal(expected, Levelling.Level(text));
}
