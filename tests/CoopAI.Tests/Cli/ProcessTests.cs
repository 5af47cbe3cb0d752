using System.Diagnostics;
using CoopAI.Cli;

namespace CoopAI.Tests.Cli;

/// <summary>What a script sees: exit status and messages of real processes.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Theory]
    [InlineData("coopai.dll", "users", "list")]
    [InlineData("CoopAI.Web.dll", "--urls", "http://127.0.0.1:0")]
    public async Task A_misspelt_setting_ends_the_process_with_status_2_and_the_right_name(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, program), .. arguments, "--data", _cli.DataDirectory]) start.ArgumentList.Add(argument);
        start.Environment["COOPAI_SigIn__Mode"] = "Accounts";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 2, await output + await error);
        Assert.Contains("SigIn", await error, StringComparison.Ordinal);
        Assert.Contains("SignIn", await error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "ledger-key.pem")]
    [InlineData(true, "is a folder; it must be the file with the private key")]
    public async Task A_key_that_is_no_key_is_named_and_nothing_is_signed(bool folder, string message)
    {
        Assert.Equal(0, await AddAsync("Ada", TextWriter.Null));
        var key = Path.Combine(_cli.DataDirectory, "ledger-key.pem");
        File.Delete(key);
        if (folder) Directory.CreateDirectory(key);
        else
        {
            await File.WriteAllTextAsync(key, "not a key", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using var error = new StringWriter();
        var status = await AddAsync("Bob", error);

        Assert.True(status == 2, error.ToString());
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        var (listed, names, _) = await _cli.RunAsync("users", "list");
        Assert.Equal(0, listed);
        Assert.DoesNotContain("Bob", names, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<int> AddAsync(string name, TextWriter error)
    {
        using var password = new StringReader("correct horse battery\n");
        return await CommandLine.RunAsync(["users", "add", name, "--role", "member", "--data", _cli.DataDirectory], new CliEnvironment(TextWriter.Null, error, password), TestContext.Current.CancellationToken);
    }
}
