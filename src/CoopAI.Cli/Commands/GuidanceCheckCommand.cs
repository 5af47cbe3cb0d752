using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CoopAI.Adapters.Models;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Verdicts;
using static CoopAI.Cli.Commands.GuidanceCommands;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai guidance check</c>.</summary>
internal static class GuidanceCheckCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var folder = Folder();
        var file = new Argument<string>("FILE") { Description = "A UTF-8 text file of at most 1 MiB, or - for standard input." };
        var stage = new Option<string>("--stage") { Description = "question, retrieved (a passage) or answer.", Required = true, HelpName = "S" };
        var lines = new Option<bool>("--lines") { Description = "Every line is a text of its own." };
        var passages = new Option<FileInfo?>("--passages") { Description = "Passages that an answer cites, one JSON object a line: id, text, leadMember, partners, year, principles.", HelpName = "FILE" };
        var question = new Option<string?>("--question") { Description = "The question behind an answer.", HelpName = "TEXT" };
        var council = new Option<string?>("--council") { Description = "The asker's council, for the pre-election period.", HelpName = "NAME" };
        var day = new Option<string?>("--as-of") { Description = "The day to check for, as 2026-05-07; today otherwise.", HelpName = "DAY" };
        var command = new Command("check", "Run the rules of a stage over a text. Exit status 1 when a rule fails.") { file, stage, lines, passages, question, council, day, folder };
        command.Run(environment, async (context, ct) =>
        {
            var arguments = context.Arguments;
            var at = arguments.GetValue(stage) switch
            {
                "question" => Stage.Question,
                "retrieved" => Stage.Retrieved,
                "answer" => Stage.Answer,
                var other => throw new BadInputException($"--stage \"{other}\" is not a stage; it must be question, retrieved or answer. Records are checked by: coopai ledger verify"),
            };
            var asOf = arguments.GetValue(day) is { } text
                ? DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : throw new BadInputException($"--as-of \"{text}\" is not a day; write it as 2026-05-07.")
                : DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var sources = arguments.GetValue(passages) is { } given ? ReadPassages(given) : [];
            var whole = await ReadTextAsync(arguments.GetValue(file)!, context.Environment.In, ct);
            string[] texts = arguments.GetValue(lines) ? [.. whole.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)] : [whole.Trim()];
            if (texts.Length == 0 || texts[0].Length == 0) throw new BadInputException($"{Name(arguments.GetValue(file)!)} is empty; give a text to check.");

            using var encoder = at == Stage.Question ? new OnnxEmbeddingGenerator() : null;
            var runner = new GuidanceRunner(Load(context, arguments.GetValue(folder)), questions: encoder is null ? null : QuestionEncoder.Of(encoder));
            var checkedTexts = texts.Select(t => CheckedText.Of(t, runner.Run(ContextOf(t, at, sources, arguments.GetValue(question), arguments.GetValue(council), asOf), RulesFor(runner.Framework, at, sources)))).ToArray();
            if (context.WantsJson) context.WriteJson(new { stage = at, version = runner.Framework.Version, texts = checkedTexts });
            else foreach (var one in checkedTexts) Print(context.Out, one, many: checkedTexts.Length > 1);
            return checkedTexts.Any(c => c.Stopped || c.Results.Any(r => r.Status == RuleStatus.Fail)) ? ExitStatus.CheckFailed : ExitStatus.Done;
        });
        return command;
    }

    private static RuleContext ContextOf(string text, Stage stage, IReadOnlyList<RulePassage> passages, string? question, string? council, DateOnly asOf) => new()
    {
        Stage = stage,
        Text = text,
        Question = question,
        Passages = stage == Stage.Retrieved ? [new RulePassage("text", text)] : passages,
        AskerCouncil = council,
        AsOf = asOf,
    };

    // One passage says nothing about how much was found, and a bare text carries no notice and cites nothing that could be compared.
    private static string[] RulesFor(GuidanceFramework framework, Stage stage, IReadOnlyList<RulePassage> passages) =>
        [.. framework.OrderOf(stage).Where(id => framework.Rule(id).Check is not ("evidence" or "notice" or "range" or "age" or "source" or "numbers" or "councils-and-quotes") || (stage == Stage.Answer && passages.Count > 0 && !framework.Is(id, "notice")))];

    private static async Task<string> ReadTextAsync(string file, TextReader input, CancellationToken ct)
    {
        if (file == "-")
        {
            var buffer = new char[MaxBytes + 1];
            var read = await input.ReadBlockAsync(buffer.AsMemory(), ct);
            return read <= MaxBytes ? new string(buffer, 0, read) : throw new BadInputException($"Standard input holds more than {MaxBytes} characters; check it in parts.");
        }

        var info = new FileInfo(file);
        if (!info.Exists) throw new BadInputException($"{file} does not exist; give a text file, or - for standard input.");
        if (info.Length > MaxBytes) throw new BadInputException($"{file} has {info.Length} bytes; at most {MaxBytes} are checked at once. Split it.");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await File.ReadAllBytesAsync(file, ct)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new BadInputException($"{file}, byte {e.Index}: not UTF-8 text.", e);
        }
    }

    private static List<RulePassage> ReadPassages(FileInfo file)
    {
        if (!file.Exists) throw new BadInputException($"--passages {file} does not exist.");
        if (file.Length > MaxBytes) throw new BadInputException($"--passages {file} has {file.Length} bytes; at most {MaxBytes} are read.");
        var passages = new List<RulePassage>();
        var number = 0;
        foreach (var line in File.ReadLines(file.FullName))
        {
            number++;
            if (line.Trim().Length == 0) continue;
            try
            {
                var passage = JsonSerializer.Deserialize<CasePassage>(line, CoopJson.Options)!;
                passages.Add(new RulePassage(passage.Id, passage.Text, passage.LeadMember, passage.Partners, passage.Year, passage.Principles));
            }
            catch (JsonException e)
            {
                throw new BadInputException($"{file}, line {number}: not a passage; a line is an object with id and text.", e);
            }
        }

        return passages;
    }
}
