using System.CommandLine;
using System.Globalization;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai index rebuild</c>.</summary>
internal static class IndexRebuildCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var encode = new Option<bool>("--encode") { Description = "First encode every stored case study again, with the model that is configured now." };
        var fresh = new Option<bool>("--fresh") { Description = "Begin again instead of going on with a rebuild that stopped half-way." };
        var stay = new Option<bool>("--no-switch") { Description = "Only build; searches stay with the old collection until: coopai index switch NAME." };
        var command = new Command("rebuild", "Build the index anew while searches go on in the old one.") { encode, fresh, stay };
        command.Run(environment, async (context, ct) =>
        {
            var corpus = context.Get<CorpusService>();
            var encoded = context.Arguments.GetValue(encode)
                ? await context.WithProgressAsync("Encoding case studies", progress => corpus.EncodeAgainAsync(progress, ct)) : 0;
            if (context.Services.GetService<QdrantIndex>() is not { } index)
            {
                if (context.WantsJson) context.WriteJson(new { store = "embedded", encoded });
                else await context.Out.WriteLineAsync($"{(encoded > 0 ? string.Create(CultureInfo.InvariantCulture, $"{encoded} case studies were encoded again. ") : "")}The embedded store is filled at each start: nothing else is to be rebuilt.");
                return ExitStatus.Done;
            }

            if (context.Get<CaseStudyLibrary>().GetHashes().Count == 0) await CorpusCommands.OpenCorpusAsync(context, ct);
            var rebuilt = await index.RebuildAsync(
                corpus.ReadAll().ToAsyncEnumerable(), !context.Arguments.GetValue(fresh), !context.Arguments.GetValue(stay), new ToError(context.Error), ct);
            if (!context.Arguments.GetValue(stay)) corpus.NoteRebuilt();
            if (context.WantsJson)
            {
                context.WriteJson(new { store = "qdrant", encoded, rebuilt.Collection, rebuilt.Previous, rebuilt.Resumed, rebuilt.CaseStudies, rebuilt.Written, rebuilt.Kept });
                return ExitStatus.Done;
            }

            await context.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{rebuilt.CaseStudies} case studies, {rebuilt.Written} passages written{(rebuilt.Resumed ? $", {rebuilt.Kept} kept from the rebuild that had stopped" : "")}, in {rebuilt.Collection}."));
            await context.Out.WriteLineAsync(context.Arguments.GetValue(stay) ? $"Searches stay where they were. To use it: coopai index switch {rebuilt.Collection}"
                : rebuilt.Previous is null || rebuilt.Previous == rebuilt.Collection ? "Searches use it from now on."
                : $"Searches use it from now on. {rebuilt.Previous} is kept: go back with coopai index switch, or delete it with coopai index switch --confirm.");
            return ExitStatus.Done;
        });
        return command;
    }

    private sealed class ToError(TextWriter error) : IProgress<long>
    {
        private long _next = 1000;

        public void Report(long value)
        {
            if (value < _next) return;
            _next = value + 1000;
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Rebuilding the index: {value} passages written"));
        }
    }
}
