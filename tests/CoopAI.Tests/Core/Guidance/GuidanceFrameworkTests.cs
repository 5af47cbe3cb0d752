using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance;

public sealed class GuidanceFrameworkTests
{
    [Fact]
    public void The_shipped_framework_holds_21_rules_each_with_its_origin_and_limit()
    {
        var rules = GuidanceFiles.Framework.Rules;

        Assert.Equal(Enumerable.Range(1, 22).Select(n => $"VG{n:00}"), rules.Select(r => r.Id));
        Assert.All(rules, r => Assert.True(r.FromCcin.Count > 0 && r.FromOutside.All(o => o.Address!.StartsWith("http", StringComparison.Ordinal)) && r.How.Length > 0 && r.Shows.Length > 0 && r.Limit.Length > 0, r.Id));
    }

    [Fact]
    public void The_stages_run_in_the_order_of_the_specification()
    {
        var framework = GuidanceFiles.Framework;

        Assert.Equal(["VG10", "VG06", "VG07", "VG08", "VG09"], framework.OrderOf(Stage.Question).Take(5));
        Assert.Equal(["VG10", "VG06", "VG08", "VG04", "VG18", "VG19"], framework.OrderOf(Stage.Retrieved));
        Assert.Equal(["VG06", "VG08", "VG09", "VG07", "VG02", "VG03", "VG01", "VG22", "VG16", "VG05", "VG17", "VG14", "VG18", "VG19", "VG12", "VG15", "VG13"], framework.OrderOf(Stage.Answer).Take(17));
        Assert.Equal(["VG20"], framework.OrderOf(Stage.Record));
    }

    [Theory]
    [InlineData("VG06")]
    [InlineData("VG07")]
    [InlineData("VG08")]
    [InlineData("VG10")]
    [InlineData("VG11")]
    [InlineData("VG20")]
    public void The_six_rules_cannot_be_switched_off(string id)
    {
        var error = Refused(f => f[GuidanceFramework.RulesFile] = f[GuidanceFramework.RulesFile].Replace($"  - id: {id}\n", $"  - id: {id}\n    on: false\n    off_reason: we do not like it\n", StringComparison.Ordinal));

        Assert.Matches($@"^framework\.yaml, line \d+: {id} cannot be switched off\.$", error);
    }

    [Fact]
    public void A_protecting_rule_cannot_be_weakened_to_a_flag()
    {
        var error = Refused(f => f[GuidanceFramework.RulesFile] = f[GuidanceFramework.RulesFile].Replace("      question: block\n      retrieved: redact", "      question: flag\n      retrieved: redact", StringComparison.Ordinal));

        Assert.Contains("VG06 cannot be switched off, so its action at 'question' must be block", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_soft_rule_is_switched_off_only_with_a_reason_and_says_so()
    {
        var silent = Refused(f => f[GuidanceFramework.RulesFile] = f[GuidanceFramework.RulesFile].Replace("  - id: VG12\n", "  - id: VG12\n    on: false\n", StringComparison.Ordinal));
        var framework = GuidanceFramework.Load(Changed(f => f[GuidanceFramework.RulesFile] = f[GuidanceFramework.RulesFile].Replace("  - id: VG12\n", "  - id: VG12\n    on: false\n    off_reason: trial until May\n", StringComparison.Ordinal)));

        var result = new GuidanceRunner(framework).Run(new RuleContext { Stage = Stage.Answer, Text = "We will leverage our assets.", AsOf = new DateOnly(2026, 6, 1) }, ["VG12"]).Results.Single();

        Assert.Contains("without an off_reason", silent, StringComparison.Ordinal);
        Assert.Equal(RuleStatus.NotApplicable, result.Status);
        Assert.Equal("Switched off: trial until May", result.Explanation);
    }

    [Theory]
    [InlineData("min_overlap: 0.55", "min_overlap: 1.55", "VG01: min_overlap is '1.55'; it must be a number from 0 to 1")]
    [InlineData("min_overlap: 0.55", "min_overlop: 0.55", "VG01 has no setting 'min_overlop'")]
    [InlineData("max_tags: 4", "max_tags: 4\n      closed_list: 10", "VG14 has no setting 'closed_list'")]
    [InlineData("settings: {}", "settings:\n      chain: false", "VG20 has no setting 'chain'")]
    [InlineData("lexicon: \"overclaim.txt\"", "lexicon: \"nowhere.txt\"", "names the file 'nowhere.txt', which is not in this folder")]
    [InlineData("lexicon: \"overclaim.txt\"", "lexicon: \"../overclaim.txt\"", "must be the name of a file in this folder")]
    [InlineData("stages: [record]", "stages: [later]", "'later' is not a stage")]
    [InlineData("answer: withhold", "answer: forget", "'forget' is not an action")]
    [InlineData("severity: soft", "severity: mild", "severity is 'mild'")]
    [InlineData("  record: [VG20]", "  record: []", "VG20 runs at stage 'record' and must be in its order exactly once")]
    [InlineData("never_off: [VG06, ", "never_off: [", "never_off must name VG06")]
    [InlineData("  - id: VG05\n", "  - id: vg 5\n", "'vg 5' is not a rule id")]
    [InlineData("  - id: VG05\n", "  - id: VG04\n", "rule VG04 comes twice")]
    [InlineData("check: overclaim", "check: overclaims", "check is 'overclaims'; it must be one of accessibility, age,")]
    [InlineData("rules:\n", "rules: {{\n", "not YAML")]
    [InlineData("    limit: ", "    limits: ", "'limits' is not known here")]
    public void A_broken_rules_file_is_refused_with_file_and_line(string from, string to, string expected)
    {
        var error = Refused(f => f[GuidanceFramework.RulesFile] = ReplaceFirst(f[GuidanceFramework.RulesFile], from, to));

        Assert.Matches(@"^framework\.yaml, line \d+: ", error);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("overclaim.txt", "[claims]", "[claim]", @"^overclaim\.txt, line 1: section \[claim\] is not known")]
    [InlineData("overclaim.txt", "[claims]\n", "[claims]\nre: (broken\n", @"^overclaim\.txt, line \d+: not a regular expression")]
    [InlineData("overclaim.txt", "[claims]\n", "[claims]\n@nobody word\n", @"^overclaim\.txt, line \d+: class @nobody is not defined")]
    [InlineData("overclaim.txt", "[claims]\n", "[claims]\n~99 word\n", @"^overclaim\.txt, line \d+: '~99': a gap is ~1 to ~12")]
    [InlineData("overclaim.txt", "[claims]\n", "[claims]\nthis||that\n", @"^overclaim\.txt, line \d+: .*empty alternative")]
    [InlineData("words_to_avoid.txt", "[avoid]\n", "[avoid]\nleverage\n", @"^words_to_avoid\.txt, line \d+: a line is: word => plain word")]
    [InlineData("elections.csv", "council,notice,poll,source,loaded_on", "council,notice,poll,source,loaded_on\nHart,2026-03-25,7 May,https://x,2026-03-01", @"^elections\.csv, line 6: poll is '7 May'")]
    [InlineData("elections.csv", "council,notice,poll,source,loaded_on", "council,notice,poll,source,loaded_on\nHart,2026-05-25,2026-05-07,https://x,2026-03-01", @"^elections\.csv, line 6: the poll \(2026-05-07\) is before the notice")]
    [InlineData("elections.csv", "council,notice,poll,source,loaded_on", "council;notice", @"^elections\.csv, line 5: the header must be")]
    [InlineData("parties.json", "\"parties\"", "\"partys\"", @"^parties\.json, line 1: must hold 'parties'")]
    [InlineData("parties.json", "\"terms\": [\"labour party\"", "\"terms\": [\"labour ||party\"", @"^parties\.json, line \d+: party 1: .*empty alternative")]
    [InlineData("principle_keys.txt", "We will support the active engagement of", "We will support the", @"^principle_keys\.txt, line \d+: the key has fewer than 6 words")]
    public void A_broken_list_is_refused_with_file_and_line(string file, string from, string to, string expected) =>
        Assert.Matches(expected, Refused(f => f[file] = ReplaceFirst(f[file], from, to)));

    [Fact]
    public void The_version_changes_with_any_list_but_not_with_line_ends()
    {
        var shipped = GuidanceFiles.Framework;
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Files()) File.WriteAllText(Path.Combine(folder.Path, name), "\uFEFF" + content.Replace("\n", "  \r\n", StringComparison.Ordinal));

        var sameText = PromptFiles.Guidance(folder.Path);
        var otherList = GuidanceFramework.Load(Changed(f => f["age.txt"] += "# one more remark\n"));

        Assert.Equal(shipped.Hash, sameText.Hash);
        Assert.NotEqual(shipped.Hash, otherList.Hash);
        Assert.Contains(shipped.Hash[..12], shipped.Version, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", shipped.Hash);
    }

    [Fact]
    public void A_file_that_is_not_UTF8_is_named_with_its_line()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Files()) File.WriteAllText(Path.Combine(folder.Path, name), content);
        File.WriteAllBytes(Path.Combine(folder.Path, "age.txt"), [.. "[says-undated]\n"u8, 0xC3, 0x28]);

        var error = Assert.Throws<BadInputException>(() => PromptFiles.Guidance(folder.Path)).Message;

        Assert.Equal("age.txt, line 2: not UTF-8.", error);
    }

    [Fact]
    public void A_missing_folder_and_a_missing_rules_file_are_named()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("does not exist", Assert.Throws<BadInputException>(() => PromptFiles.Guidance(Path.Combine(folder.Path, "none"))).Message, StringComparison.Ordinal);
        Assert.Contains("framework.yaml is missing", Assert.Throws<BadInputException>(() => PromptFiles.Guidance(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_setting_changes_the_verdict_without_code()
    {
        var strict = GuidanceFramework.Load(Changed(f => f[GuidanceFramework.RulesFile] = f[GuidanceFramework.RulesFile].Replace("max_words: 25", "max_words: 5", StringComparison.Ordinal)));
        var context = new RuleContext { Stage = Stage.Answer, Text = "The council asked residents what they wanted.", AsOf = new DateOnly(2026, 6, 1) };

        Assert.Equal(RuleStatus.Pass, GuidanceFiles.Runner.Run(context, ["VG12"]).Results.Single().Status);
        Assert.Equal(RuleStatus.Fail, new GuidanceRunner(strict).Run(context, ["VG12"]).Results.Single().Status);
    }

    internal static Dictionary<string, string> Changed(Action<Dictionary<string, string>> change)
    {
        var files = Files();
        change(files);
        return files;
    }

    private static Dictionary<string, string> Files() =>
        Directory.EnumerateFiles(GuidanceFiles.PathOf("prompts", "guidance")).Where(p => Path.GetExtension(p) is ".yaml" or ".txt" or ".json" or ".csv")
            .ToDictionary(p => Path.GetFileName(p), File.ReadAllText, StringComparer.Ordinal);

    [Fact]
    public void Another_framework_with_ids_of_its_own_and_a_23rd_rule_loads_and_runs()
    {
        var yaml = Files().First(f => f.Key == GuidanceFramework.RulesFile).Value;
        for (var number = 1; number <= 22; number++) yaml = yaml.Replace($"VG{number:00}", $"CCIN-{number}", StringComparison.Ordinal);
        var start = yaml.IndexOf("  - id: CCIN-21\n", StringComparison.Ordinal);
        yaml = yaml.TrimEnd('\n') + "\n\n" + yaml[start..yaml.IndexOf("  - id: CCIN-22\n", StringComparison.Ordinal)].Replace("CCIN-21", "OWN-A", StringComparison.Ordinal);
        yaml = yaml.Replace("CCIN-16, CCIN-21]", "CCIN-16, CCIN-21, OWN-A]", StringComparison.Ordinal);
        var runner = new GuidanceRunner(GuidanceFramework.Load(Changed(f => f[GuidanceFramework.RulesFile] = yaml)));

        var held = runner.Run(new RuleContext { Stage = Stage.Question, Text = "My number is 07700 900123", AsOf = new DateOnly(2026, 6, 1) });
        var refused = runner.Run(new RuleContext { Stage = Stage.Question, Text = "Write me a poem about bins", AsOf = new DateOnly(2026, 6, 1) });

        Assert.Equal(23, runner.Framework.Rules.Count);
        Assert.Contains("CCIN-6", held.BlockedBy);
        Assert.True(held.HoldsPersonalData);
        Assert.Equal(["CCIN-21", "OWN-A"], refused.BlockedBy);
        Assert.True(refused.OutOfScope);
    }

    [Fact]
    public void The_six_that_protect_people_stay_hard_by_what_they_check_whatever_they_are_called()
    {
        var renamed = Refused(f => f[GuidanceFramework.RulesFile] = f[GuidanceFramework.RulesFile].Replace("VG06", "PRIV", StringComparison.Ordinal).Replace("  - id: PRIV\n", "  - id: PRIV\n    on: false\n    off_reason: none\n", StringComparison.Ordinal));
        var without = Refused(f =>
        {
            var yaml = f[GuidanceFramework.RulesFile].Replace("record: [VG20]", "record: []", StringComparison.Ordinal).Replace(", VG20]", "]", StringComparison.Ordinal);
            f[GuidanceFramework.RulesFile] = yaml[..yaml.IndexOf("  - id: VG20\n", StringComparison.Ordinal)] + yaml[yaml.IndexOf("  - id: VG21\n", StringComparison.Ordinal)..];
        });

        Assert.Contains("PRIV cannot be switched off", renamed, StringComparison.Ordinal);
        Assert.Contains("a rule that checks 'record' is missing", without, StringComparison.Ordinal);
    }

    private static string Refused(Action<Dictionary<string, string>> change) => Assert.Throws<BadInputException>(() => GuidanceFramework.Load(Changed(change))).Message;

    private static string ReplaceFirst(string text, string from, string to)
    {
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"'{from}' is not in the file");
        return string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("coopai-guidance-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
