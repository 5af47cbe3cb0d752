using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance;

public sealed class GuidanceReplayTests
{
    private const string Question = "Which councils set up a residents' panel for youth projects?";
    private const string Sentence = "Northbeck Council set up a residents' panel of 24 people.";

    private static readonly string Shipped = Path.Combine(ProductFiles.Prompts, "guidance");

    [Fact]
    public void An_unchanged_framework_changes_no_verdict()
    {
        var runner = new GuidanceRunner(PromptFiles.Guidance(Shipped));

        var report = GuidanceReplay.Run([("a1", Recorded(runner), true)], runner, TestContext.Current.CancellationToken);

        Assert.Empty(report.Changes);
        Assert.Equal((1, 0, 0), (report.Answers, report.InPart.Count, report.NotReplayed.Count));
    }

    [Fact]
    public void A_word_added_to_a_list_names_the_answers_whose_verdict_would_change()
    {
        var runner = new GuidanceRunner(PromptFiles.Guidance(Shipped));
        var changed = new GuidanceRunner(Changed("injection.txt", text => text.Replace("\n[orders]\n", "\n[orders]\nyouth_projects\n", StringComparison.Ordinal)));

        var report = GuidanceReplay.Run([("a1", Recorded(runner), true)], changed, TestContext.Current.CancellationToken);

        var change = Assert.Single(report.Changes);
        Assert.Equal(("a1", "VG10", Stage.Question, "question"), (change.AnswerId, change.Rule, change.Stage, change.Target));
        Assert.Equal((RuleStatus.Pass, RuleStatus.Fail), (change.Was, change.Now));
        Assert.Equal([RuleAction.Block], change.NowActions);
        Assert.Equal(changed.Framework.Version, report.Version);
    }

    [Fact]
    public void An_erased_question_is_replayed_in_part_and_an_empty_record_not_at_all()
    {
        var runner = new GuidanceRunner(PromptFiles.Guidance(Shipped));
        var draft = LedgerDraft.Answer("a1", Question, Recorded(runner));
        var erased = (JsonObject)LedgerDraft.PutBack(draft.Record, new Dictionary<string, string>())!;

        var report = GuidanceReplay.Run([("a1", erased, false), ("a2", [], true)], runner, TestContext.Current.CancellationToken);

        Assert.Equal(["a1"], report.InPart);
        Assert.Equal(["a2"], report.NotReplayed);
        Assert.DoesNotContain(report.Changes, c => c.Stage != Stage.Answer);
        Assert.DoesNotContain("youth projects", draft.Record!.ToJsonString(), StringComparison.Ordinal);
    }

    // As the pipeline records an answer: what each stage was given, and what the rules found.
    private static JsonObject Recorded(GuidanceRunner runner)
    {
        RulePassage passage = new("youth-panel#0", Sentence + " The panel shared out £150,000.", "Northbeck Council", [], 2022, ["democratic-engagement"], "youth-panel");
        RuleContext[] contexts =
        [
            new() { Stage = Stage.Question, Text = Question, Question = Question, AsOf = new(2026, 11, 20) },
            new() { Stage = Stage.Retrieved, Text = Question, Question = Question, AsOf = new(2026, 11, 20), Passages = [passage] },
            new()
            {
                Stage = Stage.Answer, Text = Sentence, Question = Question, AsOf = new(2026, 11, 20), Passages = [passage],
                Sentences = [new(0, Sentence, SentenceKind.Answer, [passage.Id])],
            },
        ];
        return new()
        {
            ["question"] = Question,
            ["rules"] = JsonSerializer.SerializeToNode(contexts.SelectMany(c => runner.Run(c).Results), CoopJson.Options),
            [GuidanceReplay.Member] = GuidanceReplay.Keep(contexts),
        };
    }

    private static GuidanceFramework Changed(string name, Func<string, string> change)
    {
        var files = Directory.GetFiles(Shipped).Where(f => Path.GetExtension(f) is ".yaml" or ".txt" or ".json" or ".csv")
            .ToDictionary(f => Path.GetFileName(f), f => File.ReadAllText(f, Encoding.UTF8));
        var before = files[name];
        files[name] = change(before);
        Assert.NotEqual(before, files[name]);
        return GuidanceFramework.Load(files);
    }
}
