using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Questions;
using CoopAI.Core.Verdicts;

namespace CoopAI.Orchestration.Asking;

/// <summary>What one message gathers on its way through the steps. One object a message; no two threads work on it.</summary>
public sealed class AskRun
{
    // Pre-election periods begin and end at midnight where the councils are, wherever the service runs.
    private static readonly TimeZoneInfo Britain = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out var zone) ? zone : TimeZoneInfo.Local;

    private readonly TimeProvider _clock;
    private readonly IProgress<string>? _progress;
    private readonly long _began;
    private readonly SortedDictionary<(Stage Stage, int Part, string Checks), RuleContext> _stages = [];
    private Answer? _answer;

    public AskRun(Question question, string id, TimeProvider clock, IProgress<string>? progress, AnswerPage? page = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (Question, Id, Page, _clock, _progress) = (question, id, page, clock, progress);
        (At, _began) = (clock.GetUtcNow(), clock.GetTimestamp());
        Parts = [new AskPart(this, 0, question)];
    }

    /// <summary>The whole message as it was asked.</summary>
    public Question Question { get; private set; }

    /// <summary>How it was read; null: it was not yet.</summary>
    public ReadQuestion? Read { get; private set; }

    /// <summary>What was found for its questions; null: nothing was looked for yet.</summary>
    public IReadOnlyList<PartEvidence>? Evidence { get; set; }

    public string Id { get; }

    /// <summary>The page that a person will get; null: this door shows none.</summary>
    public AnswerPage? Page { get; }

    /// <summary>What administrators set; null: nothing, as in a run without a host.</summary>
    public RunningHost? Host { get; init; }

    public DateTimeOffset At { get; }

    /// <summary>The questions in it, in the order of the message; at least one.</summary>
    public IReadOnlyList<AskPart> Parts { get; private set; }

    /// <summary>Verdicts of every stage, in the order in which they were reached.</summary>
    public List<RuleResult> Rules { get; } = [];

    /// <summary>What the last run of each stage was given, so that a changed framework can be run over it later.</summary>
    public IEnumerable<RuleContext> Stages => _stages.Values;

    /// <summary>How the whole message ended before its parts were answered; null: it did not.</summary>
    public Outcome? EndedAs { get; private set; }

    /// <summary>Whether a filter has answered the whole message.</summary>
    public bool Ended => EndedAs is not null;

    /// <summary>Why it ended, for the asker; empty while it goes on.</summary>
    public string EndedBecause { get; private set; } = "";

    /// <summary>Whether the question must be kept nowhere.</summary>
    public bool ForgetsQuestion { get; private set; }

    public double Milliseconds => _clock.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>The finished answer, recorded.</summary>
    /// <exception cref="InvalidOperationException">It is not recorded yet.</exception>
    public Answer Answer
    {
        get => _answer ?? throw new InvalidOperationException("The answer is not recorded yet.");
        internal set => _answer = value;
    }

    /// <summary>Takes the questions that the message was read as, and the filter that a conversation carries.</summary>
    public void Take(Question question, ReadQuestion read)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(read);
        (Question, Read) = (question, read);
        if (read.Parts.Count > 0) Parts = [.. read.Parts.Select((p, i) => new AskPart(this, i, question with { Text = Searched(p) }, p))];
    }

    /// <summary>Answers the whole message without another step.</summary>
    public void End(Outcome outcome, string because, bool forgetsQuestion = false) => (EndedAs, EndedBecause, ForgetsQuestion) = (outcome, because, forgetsQuestion);

    public void Report(string doing) => _progress?.Report(doing);

    /// <summary>What the rules of a stage are given of every question.</summary>
    public RuleContext Context(Stage stage, Question question) => new()
    {
        Stage = stage,
        Question = question.Text,
        AsOf = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(At, Britain).DateTime),
        AskerCouncil = question.AskerCouncil,
        Windows = Host?.Windows,
    };

    private static string Searched(QuestionPart part) => part.Search.Length <= Core.Briefs.Question.MaxLength ? part.Search : part.Search[..Core.Briefs.Question.MaxLength];

    /// <summary>Keeps what a stage was given.</summary>
    /// <param name="part">Number of the part; 0 for the whole message.</param>
    public RuleContext Keep(RuleContext context, int part)
    {
        ArgumentNullException.ThrowIfNull(context);
        return _stages[(context.Stage, part, string.Join(' ', context.OnlyChecks))] = context;
    }

    /// <summary>Whether the rules of a stage were run.</summary>
    public bool Reached(Stage stage) => _stages.Keys.Any(k => k.Stage == stage);
}
