using CoopAI.Web.Security;
using Microsoft.Extensions.Primitives;

namespace CoopAI.Web.Tests.Security;

public sealed class KeptFormsTests
{
    private readonly Clock _clock = new();
    private readonly KeptForms _forms;

    public KeptFormsTests() => _forms = new KeptForms(_clock);

    [Fact]
    public void The_owner_gets_a_form_back_once_without_its_token()
    {
        var number = _forms.Keep("ada", "/", Fields(("question", "food"), ("__RequestVerificationToken", "secret")))!;

        var back = _forms.Take(number, "Ada", "/");

        Assert.Equal(("question", "food"), Assert.Single(back!.Select(f => (f.Key, f.Value.ToString()))));
        Assert.Null(_forms.Take(number, "ada", "/"));
    }

    [Theory]
    [InlineData("bob", "/")]
    [InlineData("ada", "/tag")]
    public void Nobody_else_and_no_other_page_gets_it_and_it_stays_for_its_owner(string owner, string path)
    {
        var number = _forms.Keep("ada", "/", Fields(("question", "food")))!;

        Assert.Null(_forms.Take(number, owner, path));
        Assert.NotNull(_forms.Take(number, "ada", "/"));
    }

    [Fact]
    public void After_its_time_a_form_is_gone()
    {
        var number = _forms.Keep("ada", "/", Fields(("question", "food")))!;
        _clock.Now += KeptForms.Time;

        Assert.Null(_forms.Take(number, "ada", "/"));
    }

    [Fact]
    public void When_too_many_are_kept_the_oldest_goes()
    {
        var first = _forms.Keep("ada", "/", Fields(("question", "food")))!;
        var second = "";
        for (var i = 0; i < KeptForms.MaxForms; i++)
        {
            _clock.Now += TimeSpan.FromSeconds(1);
            var number = _forms.Keep("ada", "/", Fields(("question", "food")))!;
            if (i == 0) second = number;
        }

        Assert.Null(_forms.Take(first, "ada", "/"));
        Assert.NotNull(_forms.Take(second, "ada", "/"));
    }

    [Fact]
    public void A_form_that_is_empty_or_too_long_is_not_kept()
    {
        Assert.Null(_forms.Keep("ada", "/sign-out", Fields(("__RequestVerificationToken", "x"))));
        Assert.Null(_forms.Keep("ada", "/", Fields(("question", new string('x', KeptForms.MaxLength)))));
        Assert.NotNull(_forms.Keep("ada", "/", Fields(("q", new string('x', KeptForms.MaxLength - 1)))));
    }

    private static KeyValuePair<string, StringValues>[] Fields(params (string Name, string Value)[] fields) => [.. fields.Select(f => KeyValuePair.Create(f.Name, new StringValues(f.Value)))];

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
