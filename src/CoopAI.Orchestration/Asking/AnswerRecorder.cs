using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Retrieval;

namespace CoopAI.Orchestration.Asking;

/// <summary>Writes an answer into the ledger with everything that an audit and a replay need.</summary>
internal sealed class AnswerRecorder(GuidanceRunner guidance, ILedger ledger, SearchCorpus corpus)
{
    /// <summary>The answer as it is shown, after its record is durable: with the receipt, or held when it cannot be recorded as the rules want.</summary>
    /// <param name="context">Of the stage at which the record is checked.</param>
    /// <param name="promptHash">SHA-256 of what the composer was told.</param>
    /// <exception cref="OperationCanceledException">The asker has gone; nothing was recorded.</exception>
    public Answer Record(Answer answer, AnswerRun run, RuleContext context, string promptHash)
    {
        // After this line the answer is on record, and has to reach its asker.
        run.Ct.ThrowIfCancellationRequested();
        var checkedRecord = guidance.Run(context with { Record = RecordOf(answer, run, promptHash) });
        answer = answer with { Rules = [.. answer.Rules, .. checkedRecord.Results] };
        if (checkedRecord.BlockedBy.Count > 0)
        {
            // What cannot be recorded as the rule wants is not shown; that it happened is still recorded.
            answer = answer with
            {
                Outcome = Outcome.Held,
                Summary = checkedRecord.Reply!,
                Sentences = [AnswerSentence.Service(checkedRecord.Reply!)],
                Precedents = [],
            };
        }

        var record = (JsonObject)JsonSerializer.SerializeToNode(answer, CoopJson.Options)!;
        record["passages"] = new JsonArray([.. run.Sources.SelectMany(s => s.Passages.Select(p => (JsonNode)new JsonObject
        {
            ["id"] = p.Passage.Id,
            ["text"] = p.Passage.Text,
            ["sha256"] = Sha256(p.Passage.Text),
            ["leadMember"] = s.CaseStudy.LeadMember,
            ["partners"] = new JsonArray([.. s.CaseStudy.ParticipatingMembers.Select(m => (JsonNode)m)]),
            ["year"] = s.CaseStudy.Year,
            ["score"] = s.Score,
        }))]);
        // A question that holds personal data is not kept anywhere.
        if (answer.Question is not null) record[GuidanceReplay.Member] = GuidanceReplay.Keep(run.Stages.Values);
        var facts = new JsonObject { ["outcome"] = record["outcome"]!.DeepClone(), ["composer"] = answer.Composer, ["guidance"] = answer.Notice.GuidanceVersion };
        var receipt = ledger.Append(LedgerDraft.Answer(answer.Id, answer.Question ?? "[not kept: it held personal data]", record, facts));
        return answer with { Receipt = JsonSerializer.SerializeToElement(receipt, CoopJson.Options) };
    }

    private RecordUnderCheck RecordOf(Answer answer, AnswerRun run, string promptHash)
    {
        var invariant = CultureInfo.InvariantCulture;
        var text = string.Join('\n', answer.Sentences.Select(s => s.Text));
        return new RecordUnderCheck(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["id"] = answer.Id,
                ["generated_at"] = answer.At.ToString("O", invariant),
                ["question_hash"] = Sha256(run.Question.Text),
                ["outcome"] = answer.Outcome.ToString(),
                ["model"] = answer.Notice.Model,
                ["model_version"] = answer.Composer,
                ["prompt_hash"] = promptHash,
                ["guidance_version"] = answer.Notice.GuidanceVersion,
                ["corpus_version"] = corpus.Current.Version,
                ["answer_hash"] = Sha256(text),
                ["accountable_role"] = answer.Notice.AccountableRole,
                ["tokens_in"] = run.Sources.Sum(s => s.Passages.Sum(p => p.Passage.Text.Length / 4)).ToString(invariant),
                ["tokens_out"] = (text.Length / 4).ToString(invariant),
                ["milliseconds"] = answer.Milliseconds.ToString("0.###", invariant),
                ["previous_hash"] = "kept by the ledger",
            },
            // A question that is stopped never reaches the later rules: they are recorded as not applicable.
            [.. Enumerable.Range(1, 19).Select(n => $"VG{n:00}")],
            [.. run.Sources.SelectMany(s => s.Passages.Select(p => new RecordSource(
                p.Passage.Id, Sha256(p.Passage.Text),
                run.IsRedacted(p.Passage) ? Sha256(p.Passage.Text) : StoredText(p.Passage) is { } stored ? Sha256(stored) : null)))],
            null,
            null);
    }

    private string? StoredText(Passage passage) =>
        corpus.Current.Find(passage.Slug)?.Passages.FirstOrDefault(p => p.Id == passage.Id)?.Text;

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
