using CoopAI.Core;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace CoopAI.Web.Tests.Hosting;

public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("--SigIn:Mode", "Accounts", "--SigIn:Mode is no setting. Did you mean --SignIn:Mode?")]
    [InlineData("--SignIn:Mod", "Accounts", "--SignIn:Mod is no setting. Did you mean --SignIn:Mode?")]
    [InlineData("--Retrieval:Tpo", "5", "--Retrieval:Tpo is no setting. Did you mean --Retrieval:Top?")]
    [InlineData("--Qdrant:Adress", "http://localhost:6334", "--Qdrant:Adress is no setting. Did you mean --Qdrant:Address?")]
    [InlineData("--Models:Chat:Modell", "x", "--Models:Chat:Modell is no setting. Did you mean --Models:Chat:Model?")]
    [InlineData("--Stor", "Qdrant", "--Stor is no setting. Did you mean --Store?")]
    [InlineData("--Blancmange:Colour", "pink", "--Blancmange:Colour is no setting. The sections are Answering, Guidance,")]
    [InlineData("--Retrieval:Top", "many", "--Retrieval:Top is \"many\"; it must be a whole number.")]
    [InlineData("--SignIn:Mode", "Accuonts", "--SignIn:Mode is \"Accuonts\"; it must be one of None,")]
    [InlineData("--Models:Chat:Timeout", "soon", "--Models:Chat:Timeout is \"soon\"; it must be a time such as 00:01:00.")]
    [InlineData("--Models:Chat:Provider", "OpenIA", "--Models:Chat:Provider is \"OpenIA\"; it must be one of None, OpenAI.")]
    public void What_is_no_setting_is_refused_with_its_place_and_the_nearest_right_name(string name, string value, string expected)
    {
        var refusal = Assert.Throws<BadInputException>(() => CoopWeb.Build([name, value], Path.GetTempPath()));

        Assert.StartsWith(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_is_named_as_it_was_typed()
    {
        var given = new ConfigurationBuilder().AddInMemoryCollection([new("SigIn:Mode", "Accounts")]).Build();

        Assert.Equal("COOPAI_SigIn__Mode is no setting. Did you mean COOPAI_SignIn__Mode?", Assert.Throws<BadInputException>(() => KnownSettings.Check(given)).Message);
    }

    [Fact]
    public void Keys_of_the_users_own_and_sections_of_the_host_are_let_through() => KnownSettings.Check(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("SignIn:OpenIdConnect:Roles:Policy", "officer"), new("Serilog:MinimumLevel:Default", "Error"), new("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:1"),
            new("Qdrant:Url", "http://localhost:6334"), new("urls", "http://127.0.0.1:1"), new("retrieval:top", "5"),
        ]).Build());

    [Fact]
    public void Every_setting_has_a_name_that_is_let_through() => Assert.All(KnownSettings.Names, name => Assert.True(KnownSettings.Has(name)));
}
