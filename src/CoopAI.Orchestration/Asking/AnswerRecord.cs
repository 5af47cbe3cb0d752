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
using CoopAI.Core.Ranking;

namespace CoopAI.Orchestration.Asking;

/// <summary>An answer's record: what the rules check of it, and what the ledger keeps for an audit and a replay.</summary>
internal static class AnswerRecord
{
    /// <summary>What the rules check before the answer is recorded.</summary>
    /// <param name="place">Where it will stand in the ledger.</param>
    /// <param name="index">The case studies as they are stored.</param>
    public static RecordUnderCheck UnderCheck(Answer answer, AskRun run, LedgerPlace place, CorpusIndex index)
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
                ["prompt_hash"] = run.Parts.Select(p => p.PromptHash ?? p.Composer?.PromptHash).FirstOrDefault(h => h is not null) ?? ExtractiveComposer.Composer.PromptHash,
                ["guidance_version"] = answer.Notice.GuidanceVersion,
                ["corpus_version"] = index.Version,
                ["answer_hash"] = Sha256(text),
                ["accountable_role"] = answer.Notice.AccountableRole,
                ["tokens_in"] = run.Parts.Sum(q => q.Sources.Sum(s => s.Passages.Sum(p => p.Passage.Text.Length / 4))).ToString(invariant),
                ["tokens_out"] = (text.Length / 4).ToString(invariant),
                ["milliseconds"] = answer.Milliseconds.ToString("0.###", invariant),
                ["previous_hash"] = place.Previous,
            },
            // A question that is stopped never reaches the later rules: they are recorded as not applicable.
            [.. Enumerable.Range(1, 19).Select(n => $"VG{n:00}")],
            [.. run.Parts.SelectMany(q => q.Sources.SelectMany(s => s.Passages.Select(p => new RecordSource(
                p.Passage.Id, Sha256(p.Passage.Text),
                q.IsRedacted(p.Passage) ? Sha256(p.Passage.Text) : StoredText(p.Passage, index) is { } stored ? Sha256(stored) : null))))],
            place.Previous,
            place.StoredPrevious);
    }

    /// <summary>The answer with everything that an audit and a replay need, as an entry of the ledger.</summary>
    public static LedgerDraft ToEntry(Answer answer, AskRun run)
    {
        var record = (JsonObject)JsonSerializer.SerializeToNode(answer, CoopJson.Options)!;
        record["passages"] = new JsonArray([.. run.Parts.SelectMany(q => q.Sources).SelectMany(s => s.Passages.Select(p => (s.CaseStudy, s.Score, p.Passage)))
            .DistinctBy(p => p.Passage.Id).Select(p => (JsonNode)new JsonObject
            {
                ["id"] = p.Passage.Id,
                ["text"] = p.Passage.Text,
                ["sha256"] = Sha256(p.Passage.Text),
                ["leadMember"] = p.CaseStudy.LeadMember,
                ["partners"] = new JsonArray([.. p.CaseStudy.ParticipatingMembers.Select(m => (JsonNode)m)]),
                ["year"] = p.CaseStudy.Year,
                ["score"] = p.Score,
            })]);
        // A question that holds personal data is not kept anywhere.
        if (answer.Question is not null) record[GuidanceReplay.Member] = GuidanceReplay.Keep(run.Stages);
        var facts = new JsonObject { ["outcome"] = record["outcome"]!.DeepClone(), ["composer"] = answer.Composer, ["guidance"] = answer.Notice.GuidanceVersion };
        return LedgerDraft.Answer(answer.Id, answer.Question ?? "[not kept: it held personal data]", record, facts);
    }

    private static string? StoredText(Passage passage, CorpusIndex index) =>
        index.Find(passage.Slug)?.Passages.FirstOrDefault(p => p.Id == passage.Id)?.Text;

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
