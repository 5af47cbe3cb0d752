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
        var made = await RunAsync(null, "backup", copy);
        Assert.True(made.Status == 0, made.Error);
        Assert.Contains(copy, made.Out, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        Assert.Equal(0, (await RunAsync("correct horse battery", "users", "add", "Bob", "--role", "staff")).Status);

        var restored = await RunAsync(null, "restore", copy, "--by", "Ada Quill", "--reason", "A trial of the copy.");

        Assert.True(restored.Status == 0, restored.Error);
        var listed = (await RunAsync(null, "users", "list")).Out;
        Assert.Contains("Ada", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("Bob", listed, StringComparison.Ordinal);
        // The heads that members hold still tell that entries are gone.
        Assert.Contains("it was cut back", (await RunAsync(null, "ledger", "verify")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_is_never_written_over_a_file_and_what_is_no_copy_is_refused()
    {
        var taken = _cli.Write("taken.db", "not a copy");

        var over = await RunAsync(null, "backup", taken);
        var foreign = await RunAsync(null, "restore", taken, "--by", "Ada Quill", "--reason", "A trial.");
        var missing = await RunAsync(null, "restore", taken + "x", "--by", "Ada Quill", "--reason", "A trial.");

        Assert.Equal((2, 2, 2), (over.Status, foreign.Status, missing.Status));
        Assert.Contains("exists already", over.Error, StringComparison.Ordinal);
        Assert.Contains("There is no file", missing.Error, StringComparison.Ordinal);
        Assert.Equal("not a copy", await File.ReadAllTextAsync(taken, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Ada Quill", " ", "needs a reason")]
    [InlineData(" ", "A trial.", "needs an author")]
    [InlineData("Ada Quill", "Because Sam (07700 900222) rang.", "personal data")]
    public async Task What_the_record_would_refuse_is_refused_before_anything_is_put_back(string by, string reason, string message)
    {
        var copy = Path.Combine(_cli.DataDirectory, "copy.db");
        Assert.Equal(0, (await RunAsync("correct horse battery", "users", "add", "Ada", "--role", "member")).Status);
        Assert.Equal(0, (await RunAsync(null, "backup", copy)).Status);
        Assert.Equal(0, (await RunAsync("correct horse battery", "users", "add", "Bob", "--role", "staff")).Status);

        var refused = await RunAsync(null, "restore", copy, "--by", by, "--reason", reason);

        Assert.Equal(2, refused.Status);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        Assert.Contains("Bob", (await RunAsync(null, "users", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_and_why_must_be_said_and_a_copy_needs_a_folder()
    {
        var nobody = await RunAsync(null, "restore", "copy.db", "--reason", "A trial.");
        var nowhere = await RunAsync(null, "backup", Path.Combine(_cli.DataDirectory, "none", "copy.db"));

        Assert.Equal((2, 2), (nobody.Status, nowhere.Status));
        Assert.Contains("--by", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("does not exist", nowhere.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup", "FILE")]
    [InlineData("restore", "--by", "--reason")]
    [InlineData("users", "invite", "--role", "--address")]
    public async Task Help_says_what_is_needed(params string[] words)
    {
        var command = words.TakeWhile(w => !w.StartsWith("--", StringComparison.Ordinal) && w != "FILE").ToArray();

        var help = await RunAsync(null, [.. command, "--help"]);

        Assert.Equal(0, help.Status);
        Assert.All(words.Skip(command.Length), w => Assert.Contains(w, help.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_is_invited_with_a_link_of_the_service()
    {
        var invited = await RunAsync(null, "users", "invite", "Cy", "--role", "officer", "--address", "https://coopai.northbeck.gov.uk/");
        var wrong = await RunAsync(null, "users", "invite", "Dee", "--role", "officer", "--address", "coopai");

        Assert.True(invited.Status == 0, invited.Error);
        Assert.Contains("https://coopai.northbeck.gov.uk/sign-in/link?link=", invited.Out, StringComparison.Ordinal);
        var king = await RunAsync(null, "users", "invite", "Dee", "--role", "king", "--address", "https://coopai.northbeck.gov.uk");
        var none = await RunAsync(null, "users", "invite", "Dee", "--role", "officer");
        Assert.Equal((2, 2, 2), (wrong.Status, king.Status, none.Status));
        Assert.Contains("--address", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("SignIn:PublicAddress", none.Error, StringComparison.Ordinal);
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
