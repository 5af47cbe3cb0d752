using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Hosting;
using CoopAI.Web.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Security;

public class ListeningGuardTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://127.8.9.1:0", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("https://LOCALHOST:5081", true)]
    [InlineData("http://unix:/tmp/coopai.sock", true)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://10.1.2.3:5080", false)]
    [InlineData("http://localhost.example:5080", false)]
    [InlineData("nonsense", false)]
    public void Only_addresses_of_this_machine_are_closed(string address, bool closed) => Assert.Equal(closed, ListeningGuard.IsOfThisMachine(address));

    [Theory]
    [InlineData("urls", "http://127.0.0.1:5080;http://0.0.0.0:5081")]
    [InlineData("http_ports", "8080")]
    [InlineData("Kestrel:Endpoints:Public:Url", "http://*:80")]
    public void An_open_address_without_sign_in_stops_the_start(string key, string value)
    {
        var configuration = Configuration((key, value));

        var refused = Assert.Throws<BadInputException>(() => ListeningGuard.Check(configuration, new SignInOptions(), NotRead));

        Assert.Contains("SignIn:Mode", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--urls http://127.0.0.1:5080", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SignInMode.Accounts)]
    [InlineData(SignInMode.Proxy)]
    public void With_sign_in_and_somebody_who_answers_for_it_an_open_address_is_allowed(SignInMode mode) =>
        ListeningGuard.Check(Configuration(("urls", "http://0.0.0.0:5080")), new SignInOptions { Mode = mode }, () => new("Northbeck Council", "Head of Policy", "020 7946 0000"));

    [Theory]
    [InlineData(null, "020 7946 0000", "COOPAI_Transparency__Organisation", "COOPAI_Answering__Contact")]
    [InlineData("Northbeck Council", null, "COOPAI_Answering__Contact", "COOPAI_Transparency__Organisation")]
    public void An_open_address_does_not_start_before_somebody_says_who_answers_for_it(string? name, string? contact, string said, string notSaid)
    {
        var refused = Assert.Throws<BadInputException>(() => ListeningGuard.Check(
            Configuration(("urls", "http://0.0.0.0:5080")), new SignInOptions { Mode = SignInMode.Accounts }, () => new(name, "Head of Policy", contact)));

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(notSaid, refused.Message, StringComparison.Ordinal);
        Assert.Contains("/admin/organisation", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_this_machine_alone_needs_no_organisation() =>
        ListeningGuard.Check(Configuration(("urls", "http://127.0.0.1:5080")), new SignInOptions { Mode = SignInMode.Accounts }, NotRead);

    [Theory]
    [InlineData("policy@council.example")]
    [InlineData("somebody@example.com")]
    public async Task The_host_refuses_an_example_contact_on_an_open_address(string contact)
    {
        var directory = Directory.CreateTempSubdirectory("coopai-guard-").FullName;
        try
        {
            await using var app = CoopWeb.Build(
                ["--urls", "http://0.0.0.0:0", "--SignIn:Mode", "Accounts", "--Answering:Contact", contact, "--Transparency:Organisation", "Northbeck Council", "--Serilog:MinimumLevel:Default", "Fatal"], directory);

            var refused = await Assert.ThrowsAsync<BadInputException>(() => CoopWeb.StartAsync(app, TextWriter.Null, TestContext.Current.CancellationToken));

            app.Services.GetRequiredService<CoopDatabase>().ReleaseFile();
            Assert.Contains("COOPAI_Answering__Contact", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("COOPAI_Transparency__Organisation", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task The_host_itself_refuses_before_it_loads_or_listens()
    {
        var directory = Directory.CreateTempSubdirectory("coopai-guard-").FullName;
        try
        {
            await using var app = CoopWeb.Build(["--urls", "http://0.0.0.0:0", "--Serilog:MinimumLevel:Default", "Error"], directory);

            var refused = await Assert.ThrowsAsync<BadInputException>(() => CoopWeb.StartAsync(app, TextWriter.Null, TestContext.Current.CancellationToken));

            Assert.Contains("http://0.0.0.0:0", refused.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(directory));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Organisation NotRead() => throw new InvalidOperationException("The record must not be opened for this.");

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
