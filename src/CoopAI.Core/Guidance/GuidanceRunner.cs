using System.Text.RegularExpressions;
using CoopAI.Core.Briefs;
using CoopAI.Core.Grounding;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Guidance.Rules;
using CoopAI.Core.Guidance.Rules.Evidence;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>A fixed line that the service adds to an answer, marked as its own.</summary>
/// <param name="Rule">The rule that asks for it.</param>
public sealed record ServiceLine(string Rule, string Text);

/// <summary>A stretch that was replaced by a label.</summary>
/// <param name="Target">What was redacted; its span is that of the original text.</param>
/// <param name="Label">For example "[postcode removed]".</param>
public sealed record Redaction(RuleTarget Target, string Label);

/// <summary>What the rules of one stage found, and what follows from it.</summary>
public sealed record GuidanceOutcome
{
    public required Stage Stage { get; init; }

    /// <summary>Every verdict, in running order.</summary>
    public required IReadOnlyList<RuleResult> Results { get; init; }

    /// <summary>Rules that stop the question or the whole answer; empty: none.</summary>
    public required IReadOnlyList<string> BlockedBy { get; init; }

    /// <summary>Whether personal data was found, or could not be looked for: what was read may then be kept nowhere.</summary>
    public bool HoldsPersonalData { get; init; }

    /// <summary>Whether nothing stops it but that another task is asked for.</summary>
    public bool OutOfScope { get; init; }

    /// <summary>Whether nothing stops it but too little evidence.</summary>
    public bool LacksEvidence { get; init; }

    /// <summary>The fixed reply when something is blocked: which rule, and what to do next.</summary>
    public string? Reply { get; init; }

    /// <summary>Ids of passages that no composer may see.</summary>
    public required IReadOnlyList<string> Quarantined { get; init; }

    /// <summary>Numbers of sentences that are not shown.</summary>
    public required IReadOnlyList<int> Withheld { get; init; }

    public required IReadOnlyList<Redaction> Redactions { get; init; }

    /// <summary>The passages that are left, with redactions made, at <see cref="Stage.Retrieved"/>; in a new order when a re-rank was asked for.</summary>
    public required IReadOnlyList<RulePassage> Passages { get; init; }

    /// <summary>The sentences that stand, with redactions made, at <see cref="Stage.Answer"/>.</summary>
    public required IReadOnlyList<RuleSentence> Sentences { get; init; }

    public required IReadOnlyList<ServiceLine> AddedLines { get; init; }

    /// <summary>The tags that stand.</summary>
    public required IReadOnlyList<RuleTag> Tags { get; init; }

    /// <summary>Whether a council's passages were moved down.</summary>
    public bool ReRanked { get; init; }

    /// <summary>What to tell the composer when another draft is wanted; empty: none is.</summary>
    public required IReadOnlyList<string> RetryReasons { get; init; }
}

/// <summary>Runs the rules of a stage in the framework's order and works out what follows.</summary>
/// <remarks>Thread-safe. A checker that throws or runs out of time yields "could not check", never a pass.</remarks>
public sealed class GuidanceRunner
{
    // The time limit of an expression runs by the clock: on a busy machine a harmless text can meet it once, a hostile one meets it again.
    private const int Tries = 3;

    private readonly GuidanceInForce inForce;
    private readonly Func<string, ReadOnlyMemory<float>>? encode;
    private readonly QuestionEncoder? questions;
    private readonly TimeProvider? clock;
    private volatile Ready ready;

    private sealed record Ready(GuidanceFramework Framework, SentenceVerifier Verifier);

    /// <param name="encode">L2-normalised embedding of a text for VG01, or null to go by words alone. Must be safe for concurrent use.</param>
    /// <param name="questions">Embeds questions for the classifiers of VG07, VG08 and VG10; null: they go by words alone.</param>
    /// <param name="clock">Times the checks; null: no times are taken and results say 0 ms.</param>
    public GuidanceRunner(GuidanceFramework framework, Func<string, ReadOnlyMemory<float>>? encode = null, QuestionEncoder? questions = null, TimeProvider? clock = null)
        : this(new GuidanceInForce(framework), encode, questions, clock)
    {
    }

    /// <summary>The same for a framework that people may change while the service runs.</summary>
    public GuidanceRunner(GuidanceInForce inForce, Func<string, ReadOnlyMemory<float>>? encode = null, QuestionEncoder? questions = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        (this.inForce, this.encode, this.questions, this.clock) = (inForce, encode, questions, clock);
        ready = new(inForce.Current, inForce.Current.CreateVerifier(encode));
    }

    public GuidanceFramework Framework => inForce.Current;

    /// <summary>A runner of another framework with the same encoders, for trying it out.</summary>
    public GuidanceRunner With(GuidanceFramework framework) => new(framework, encode, questions, clock);

    // The verifier is made anew when the framework is another one; a run keeps what it began with.
    private Ready Now()
    {
        var (now, current) = (ready, inForce.Current);
        return ReferenceEquals(now.Framework, current) ? now : ready = new(current, current.CreateVerifier(encode));
    }

    /// <summary>Runs every rule of the context's stage that is switched on, or those named.</summary>
    /// <param name="only">Rule ids to run; null: all.</param>
    public GuidanceOutcome Run(RuleContext context, IReadOnlyCollection<string>? only = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (framework, verifier) = Now();
        var state = new State(context with { Verification = context.Stage == Stage.Answer ? new Verification(verifier) : null, TextsRead = new ReadTexts(), Councils = framework.Councils, QuestionVector = VectorOf(context) }, framework);
        foreach (var id in framework.OrderOf(context.Stage))
        {
            var rule = framework.Rule(id);
            if ((only is not null && !only.Contains(id, StringComparer.Ordinal)) || !context.Runs(rule.Check)) continue;
            if (!rule.On)
            {
                state.Add(new RuleResult(id, framework.Version, context.Stage, new RuleTarget("answer"), RuleStatus.NotApplicable, $"Switched off: {rule.OffReason}", []));
                continue;
            }

            // Later rules see what earlier ones left standing: a withheld sentence needs no plain English.
            RunOne(framework, rule, state);
        }

        if (context.Stage == Stage.Answer) state.TestWhatIsLeft(only);
        return state.Outcome();
    }

    // One embedding for all rules, made when the first classifier asks.
    private (string, Lazy<ReadOnlyMemory<float>>)? VectorOf(RuleContext context) => context.Stage == Stage.Question && questions is { } encoder
        ? (encoder.ModelId, new Lazy<ReadOnlyMemory<float>>(() => encoder.Embed(context.Text))) : null;

    private void RunOne(GuidanceFramework framework, RuleDefinition rule, State state)
    {
        var started = clock?.GetTimestamp() ?? 0;
        var findings = Check(framework, rule, state.Current, Tries);
        var share = (clock?.GetElapsedTime(started) ?? TimeSpan.Zero).TotalMilliseconds / Math.Max(1, findings.Count);
        foreach (var finding in findings) state.Apply(rule, finding, share);
    }

    private static List<Finding> Check(GuidanceFramework framework, RuleDefinition rule, RuleContext context, int tries)
    {
        try
        {
            return [.. framework.CheckerOf(rule.Id)!.Check(context)];
        }
        catch (RegexMatchTimeoutException) when (tries > 1)
        {
            return Check(framework, rule, context, tries - 1);
        }
        catch (RegexMatchTimeoutException)
        {
            return [Broken(rule, context.Stage, "The check took too long and was stopped.")];
        }
        catch (Exception e) when (e is not OutOfMemoryException and not StackOverflowException)
        {
            return [Broken(rule, context.Stage, $"The check broke off ({e.GetType().Name}).")];
        }
    }

    // What protects people must not be got round by a text that breaks the check: such a text is stopped. Other rules warn.
    private static Finding Broken(RuleDefinition rule, Stage stage, string why) =>
        new(RuleStatus.CouldNotCheck, Whole(stage), why, [], Action: GuidanceFramework.HardChecks.Contains(rule.Check, StringComparer.Ordinal) ? RuleAction.Block : RuleAction.Flag);

    private static RuleTarget Whole(Stage stage) => new(stage switch { Stage.Question => "question", Stage.Retrieved => "passage", Stage.Answer => "answer", _ => "record" });

    private sealed class State(RuleContext start, GuidanceFramework framework)
    {
        private readonly List<RuleResult> results = [];
        private readonly List<string> blockedBy = [];
        private readonly List<string> quarantined = [];
        private readonly SortedSet<int> withheld = [];
        private readonly List<Redaction> redactions = [];
        private readonly List<ServiceLine> lines = [];
        private readonly HashSet<string> dropped = new(StringComparer.Ordinal);
        private readonly List<string> retries = [];
        private bool reRank;

        public RuleContext Current { get; private set; } = start with { Sentences = start.Stage == Stage.Answer ? start.AnswerSentences : start.Sentences };

        public void Add(RuleResult result) => results.Add(result);

        public void Apply(RuleDefinition rule, Finding finding, double milliseconds)
        {
            var action = finding.Action;
            if (finding.Status == RuleStatus.Fail) action = rule.ActionFor(finding.Key ?? KeyOf(start.Stage), start.CanRetry);
            else if (finding.Status == RuleStatus.CouldNotCheck && action == RuleAction.None) action = RuleAction.Flag;
            results.Add(new RuleResult(rule.Id, framework.Version, start.Stage, finding.Target, finding.Status, finding.Explanation, finding.Evidence, action, milliseconds));

            switch (action)
            {
                case RuleAction.Block:
                    if (!blockedBy.Contains(rule.Id)) blockedBy.Add(rule.Id);
                    break;
                case RuleAction.Quarantine when finding.Target.Kind == "passage":
                    if (!quarantined.Contains(finding.Target.Id)) quarantined.Add(finding.Target.Id);
                    Current = Current with { Passages = [.. Current.Passages.Where(p => p.Id != finding.Target.Id)] };
                    break;
                case RuleAction.Withhold when finding.Target.Kind == "sentence":
                    var number = int.Parse(finding.Target.Id, System.Globalization.CultureInfo.InvariantCulture);
                    withheld.Add(number);
                    SetSentences([.. Current.Sentences.Where(s => s.Number != number)]);
                    break;
                case RuleAction.Redact:
                    redactions.Add(new Redaction(finding.Target, finding.Replacement ?? "[removed]"));
                    Redact();
                    break;
                case RuleAction.Annotate or RuleAction.Flag when finding.Line is not null || finding.Status == RuleStatus.Fail:
                    AddLine(rule, finding);
                    break;
                case RuleAction.DropTag when finding.Target.Kind == "tag":
                    dropped.Add(finding.Target.Id);
                    Current = Current with { Tags = [.. Current.Tags.Where(t => t.Key != finding.Target.Id)] };
                    break;
                case RuleAction.ReRank:
                    reRank = true;
                    Current = Current with { Passages = Spread(Current.Passages) };
                    break;
                case RuleAction.Retry:
                    retries.Add($"{rule.Id}: {finding.Explanation}");
                    break;
            }
        }

        /// <summary>VG04 once more after the last removal: an answer of one sentence is no answer.</summary>
        public void TestWhatIsLeft(IReadOnlyCollection<string>? only)
        {
            var rule = framework.RuleOf("evidence")!;
            if (withheld.Count == 0 || (only is not null && !only.Contains(rule.Id, StringComparer.Ordinal))) return;
            results.RemoveAll(r => r.Rule == rule.Id);
            blockedBy.Remove(rule.Id);
            Apply(rule, framework.Checker<EvidenceChecker>("evidence").Left(Current.Sentences.Count(s => s.Kind == SentenceKind.Answer)), 0);
        }

        public GuidanceOutcome Outcome() => new()
        {
            Stage = start.Stage,
            Results = [.. results.Select(WithoutPersonalData)],
            BlockedBy = blockedBy,
            HoldsPersonalData = results.Exists(r => framework.Is(r.Rule, "personal-data") && r.Status is RuleStatus.Fail or RuleStatus.CouldNotCheck),
            OutOfScope = blockedBy.Count > 0 && blockedBy.TrueForAll(b => framework.Is(b, "scope")),
            LacksEvidence = blockedBy.Count > 0 && blockedBy.TrueForAll(b => framework.Is(b, "evidence")),
            Reply = blockedBy.Count == 0 ? null : string.Join(" ", blockedBy.Select(Reply)),
            Quarantined = quarantined,
            Withheld = [.. withheld],
            Redactions = redactions,
            Passages = Current.Passages,
            Sentences = Current.Sentences,
            AddedLines = lines,
            Tags = Current.Tags,
            ReRanked = reRank,
            RetryReasons = retries,
        };

        // Evidence is kept and shown. Of a question that held personal data no word is: what stands around a number tells whose it is.
        private RuleResult WithoutPersonalData(RuleResult result)
        {
            if (framework.PersonalData is not { } finder || result.Rule == finder.Rule.Id) return result;
            if (start.Stage == Stage.Question && results.Exists(r => r.Rule == finder.Rule.Id && r.Status is RuleStatus.Fail or RuleStatus.CouldNotCheck))
                return result.Evidence.Count == 0 ? result : result with { Evidence = [new RuleEvidence(NotKept)] };
            if (result.Evidence.Count == 0) return result;
            return result with { Explanation = finder.Masked(result.Explanation), Evidence = [.. result.Evidence.Select(e => e with { Text = finder.Masked(e.Text) })] };
        }

        private const string NotKept = "[not kept: the question held personal data]";

        private string Reply(string id)
        {
            var rule = framework.Rule(id);
            var next = rule.Says.GetValueOrDefault($"{KeyOf(start.Stage)}_reply") ?? rule.Says.GetValueOrDefault("reply") ?? "Please ask in another way, or ask the network or a peer council.";
            return $"This was held by rule {id}, “{rule.Name}”. {next}";
        }

        private void AddLine(RuleDefinition rule, Finding finding)
        {
            var text = finding.Line is { } key ? rule.Says.GetValueOrDefault(key) : null;
            if (text is not null && !lines.Exists(l => l.Text == text)) lines.Add(new ServiceLine(rule.Id, text));
        }

        private void SetSentences(IReadOnlyList<RuleSentence> sentences)
        {
            // An empty list would be cut from the text again, so the text goes with its sentences.
            Current = Current with { Sentences = sentences, Text = string.Join(' ', sentences.Select(s => s.Text)) };
        }

        private void Redact()
        {
            if (start.Stage == Stage.Answer)
            {
                var original = start.AnswerSentences.ToDictionary(s => s.Number);
                SetSentences([.. Current.Sentences.Select(s => s with { Text = With(original[s.Number].Text, "sentence", s.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)) })]);
            }
            else if (start.Stage == Stage.Retrieved)
            {
                Current = Current with { Passages = [.. Current.Passages.Select(p => p with { Text = With(start.PassageOf(p.Id)!.Text, "passage", p.Id) })] };
            }
        }

        private string With(string text, string kind, string id)
        {
            foreach (var redaction in redactions.Where(r => r.Target.Kind == kind && r.Target.Id == id && r.Target.Start is not null).OrderByDescending(r => r.Target.Start))
                text = string.Concat(text.AsSpan(0, redaction.Target.Start!.Value), redaction.Label, text.AsSpan(redaction.Target.End!.Value));
            return text;
        }

        /// <summary>Passages of the most frequent council behind the first of the others, order otherwise kept.</summary>
        private static List<RulePassage> Spread(IReadOnlyList<RulePassage> passages)
        {
            var queues = passages.GroupBy(p => p.LeadMember ?? p.Id, StringComparer.Ordinal).Select(g => new Queue<RulePassage>(g)).ToList();
            var result = new List<RulePassage>();
            while (queues.Exists(q => q.Count > 0))
            {
                foreach (var queue in queues)
                {
                    if (queue.TryDequeue(out var passage)) result.Add(passage);
                }
            }

            return result;
        }

        private static string KeyOf(Stage stage) => stage.ToString().ToLowerInvariant();
    }
}
