using System.Text.Json;
using CoopAI.Cli;

namespace CoopAI.Tests.Cli;

public sealed class UserCommandsTests : IDisposable
{
    private const string Password = "correct horse battery";

    private readonly CliRun _cli = new();

    [Fact]
    public async Task An_account_is_made_listed_given_another_role_and_taken_away()
    {
        Assert.Contains("There is no account yet", (await RunAsync(null, "users", "list")).Out, StringComparison.Ordinal);

        var added = await RunAsync(Password, "users", "add", "Ada", "--role", "member");
        Assert.Equal((0, "Ada may sign in as member.\n"), (added.Status, added.Out));
        Assert.DoesNotContain(Password, added.Out + added.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(null, "users", "role", "ada", "--role", "staff")).Status);
        Assert.Equal(0, (await RunAsync("another good password", "users", "password", "ADA")).Status);

        var listed = await RunAsync(null, "users", "list", "--json");
        var user = Assert.Single(JsonDocument.Parse(listed.Out).RootElement.GetProperty("users").EnumerateArray().ToList());
        Assert.Equal(("Ada", "staff"), (user.GetProperty("name").GetString(), user.GetProperty("role").GetString()));
        Assert.False(user.TryGetProperty("password", out _));
        Assert.DoesNotContain("stamp", listed.Out, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(null, "users", "remove", "Ada")).Status);
        Assert.Contains("There is no account yet", (await RunAsync(null, "users", "list")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "--role", "member", "it must have 12 to 256")]
    [InlineData(Password, "--role", "king", "must be one of officer, staff, member, administrator")]
    [InlineData(null, "--role", "member", "No password came on standard input")]
    public async Task What_cannot_be_used_is_refused_by_name_and_makes_no_account(string? password, string option, string role, string message)
    {
        var run = await RunAsync(password, "users", "add", "Ada", option, role);

        Assert.Equal(2, run.Status);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("There is no account yet", (await RunAsync(null, "users", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_or_unknown_or_no_name_is_refused()
    {
        await RunAsync(Password, "users", "add", "Ada", "--role", "member");

        foreach (var (password, args, message) in ((string?, string[], string)[])
        [
            (Password, ["users", "add", "ADA", "--role", "staff"], "There is an account \"Ada\" already"),
            (Password, ["users", "add", "a b", "--role", "staff"], "cannot be used"),
            (null, ["users", "role", "bob", "--role", "staff"], "There is no account \"bob\""),
            (Password, ["users", "password", "bob"], "There is no account \"bob\""),
            (null, ["users", "remove", "bob"], "There is no account \"bob\""),
        ])
        {
            var run = await RunAsync(password, args);
            Assert.Equal(2, run.Status);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await RunAsync(Password, "users", "add", "Bob")).Status);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<(int Status, string Out, string Error)> RunAsync(string? password, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        using var input = new StringReader(password is null ? "" : password + "\n");
        var status = await CommandLine.RunAsync([.. args, "--data", _cli.DataDirectory], new CliEnvironment(output, error, input), TestContext.Current.CancellationToken);
        return (status, output.ToString(), error.ToString());
    }
}
