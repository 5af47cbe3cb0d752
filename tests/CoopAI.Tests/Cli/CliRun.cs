using System.Text.Json;
using CoopAI.Cli;

namespace CoopAI.Tests.Cli;

/// <summary>Runs commands in this process against a data directory of its own.</summary>
public sealed class CliRun : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-cli-").FullName;

    public string DataDirectory => Path.Combine(_directory, "data");

    public string Write(string name, string content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Four small case studies, so that a test does not wait for the shipped ones.</summary>
    public string WriteSmallCorpus() => Write("small.jsonl", """
        {"slug":"youth-panel","title":"Youth panel of Northbeck","leadMember":"Northbeck Council","year":2022,"principles":["democratic-engagement"],"topics":["young people"],"text":"Northbeck Council set up a residents' panel of 24 people. The panel shared out £150,000 for youth projects. Waiting fell from nine weeks to four weeks."}
        {"slug":"housing-co-op","title":"Tenants' housing co-operative","leadMember":"Harrow Vale Council","participatingMembers":["Millford Council"],"year":2019,"topics":["housing"],"text":"Fifteen tenants of Harrow Vale began a housing co-operative of 62 homes with Millford Council. Repair costs did not fall. Older residents in the pilot preferred phone calls."}
        {"slug":"school-food","title":"Local food in schools","leadMember":"Millford Council","topics":["food","schools"],"text":"About 40% of the food in Millford's schools comes from local firms. The council split its food contract into small lots so that growers could bid."}
        {"slug":"ward-training","title":"Ward councillors trained","leadMember":"Northbeck Council","year":2014,"topics":["councillors"],"text":"Northbeck trained twelve ward councillors to connect groups. Each councillor holds a small fund for the ward."}

        """);

    public async Task<(int Status, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var status = await CommandLine.RunAsync([.. args, "--data", DataDirectory], new CliEnvironment(output, error, TextReader.Null), TestContext.Current.CancellationToken);
        return (status, output.ToString(), error.ToString());
    }

    /// <summary>Runs with <c>--json</c> and parses the one document.</summary>
    public async Task<JsonElement> JsonAsync(params string[] args)
    {
        var (status, output, error) = await RunAsync([.. args, "--json"]);
        Assert.True(status == 0, $"exit {status}: {error}");
        return JsonDocument.Parse(output).RootElement;
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}
