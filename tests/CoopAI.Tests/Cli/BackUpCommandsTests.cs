using CoopAI.Cli;

namespace CoopAI.Tests.Cli;

public sealed class BackUpCommandsTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Fact]
    public async Task What_was_stored_since_a_copy_is_gone_when_it_is_put_back()
    {
        Assert.Equal(0, (await RunAsync("correct horse battery", "users", "add", "Ada", "--role", "member")).Status);
        var copy = Path.Combine(_cli.DataDirectory, "copy.db");
        Assert.Equal(0, (await RunAsync(null, "backup", copy)).Status);
        Assert.Equal(0, (await RunAsync("correct horse battery", "users", "add", "Bob", "--role", "staff")).Status);

        var restored = await RunAsync(null, "restore", copy, "--reason", "A trial of the copy.");

        Assert.True(restored.Status == 0, restored.Error);
        var listed = (await RunAsync(null, "users", "list")).Out;
        Assert.Contains("Ada", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("Bob", listed, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(null, "ledger", "verify")).Status);
    }

    [Fact]
    public async Task A_copy_is_never_written_over_a_file_and_what_is_no_copy_is_refused()
    {
        var taken = _cli.Write("taken.db", "not a copy");

        var over = await RunAsync(null, "backup", taken);
        var foreign = await RunAsync(null, "restore", taken, "--reason", "A trial.");
        var missing = await RunAsync(null, "restore", taken + "x", "--reason", "A trial.");

        Assert.Equal((2, 2, 2), (over.Status, foreign.Status, missing.Status));
        Assert.Contains("exists already", over.Error, StringComparison.Ordinal);
        Assert.Contains("There is no file", missing.Error, StringComparison.Ordinal);
        Assert.Equal("not a copy", await File.ReadAllTextAsync(taken, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Somebody_is_invited_with_a_link_of_the_service()
    {
        var invited = await RunAsync(null, "users", "invite", "Cy", "--role", "officer", "--address", "https://coopai.northbeck.gov.uk/");
        var wrong = await RunAsync(null, "users", "invite", "Dee", "--role", "officer", "--address", "coopai");

        Assert.True(invited.Status == 0, invited.Error);
        Assert.Contains("https://coopai.northbeck.gov.uk/sign-in/link?link=", invited.Out, StringComparison.Ordinal);
        Assert.Equal(2, wrong.Status);
        Assert.DoesNotContain("Dee", (await RunAsync(null, "users", "list")).Out, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<(int Status, string Out, string Error)> RunAsync(string? input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        using var reader = new StringReader(input is null ? "" : input + "\n");
        var status = await CommandLine.RunAsync([.. args, "--data", _cli.DataDirectory], new CliEnvironment(output, error, reader), TestContext.Current.CancellationToken);
        return (status, output.ToString(), error.ToString());
    }
}
