using System.Collections.Concurrent;
using System.Diagnostics;
using CoopAI.Orchestration.Asking;
using CoopAI.Tests.Cli;

namespace CoopAI.Tests.Orchestration.Asking;

/// <summary>Every door without a page asks through the kernel: each filter runs once a question. The doors with one are tested beside them.</summary>
public sealed class DoorsTests : IDisposable
{
    private static readonly string[] Filters = ["QuestionFilter", "SourcesFilter", "DraftFilter", "TagFilter", "RecordFilter"];

    private readonly CliRun _cli = new();

    [Fact]
    public async Task The_command_line()
    {
        await _cli.RunAsync("ingest", _cli.WriteSmallCorpus());

        using var seen = new FiltersSeen();
        var (status, _, error) = await _cli.RunAsync("ask", "How did a panel share out money for youth projects?");

        Assert.True(status == 0, error);
        Assert.Equal(Filters, seen.Names);
    }

    [Fact]
    public async Task The_evaluation_harness()
    {
        var queries = _cli.Write("queries.jsonl", """
            {"id":"q1","text":"How did a panel share out money for youth projects?"}
            {"id":"q2","text":"How did ward councillors get trained to connect groups?"}

            """);

        using var seen = new FiltersSeen();
        var (status, _, error) = await _cli.RunAsync("eval", "answers", "--corpus", _cli.WriteSmallCorpus(), "--queries", queries);

        Assert.True(status == 0, error);
        Assert.Equal([.. Filters, .. Filters], seen.Names);
    }

    public void Dispose() => _cli.Dispose();

    /// <summary>Listens to the filters of what is asked in this test; walks of other tests run at the same time.</summary>
    private sealed class FiltersSeen : IDisposable
    {
        private readonly ConcurrentQueue<string> _names = [];
        private readonly Activity _root = new Activity("door").Start();
        private readonly ActivityListener _listener;

        public FiltersSeen()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == AskTrace.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStarted = activity =>
                {
                    if (activity.RootId == _root.RootId) _names.Enqueue(activity.OperationName);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<string> Names => [.. _names];

        public void Dispose()
        {
            _listener.Dispose();
            _root.Dispose();
        }
    }
}
