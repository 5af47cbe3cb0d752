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
using CoopAI.Core.Ranking;
using CoopAI.Core.Verdicts;

namespace CoopAI.Orchestration.Asking;

/// <summary>An answer's record: what the rules check of it, and what the ledger keeps for an audit and a replay.</summary>
internal static class AnswerRecord
{
    /// <summary>What the rules check before the answer is recorded.</summary>
    /// <param name="place">Where it will stand in the ledger.</param>
    /// <param name="index">The case studies as they are stored.</param>
    /// <param name="framework">The rules in force.</param>
    public static RecordUnderCheck UnderCheck(Answer answer, AskRun run, LedgerPlace place, CorpusIndex index, GuidanceFramework framework)
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
                ["prompt_hash"] = run.Parts.Select(PromptHash).FirstOrDefault(h => h is not null) ?? ExtractiveComposer.Composer.PromptHash,
                ["guidance_version"] = answer.Notice.GuidanceVersion,
                ["corpus_version"] = index.Version,
                ["passage_store"] = string.Join("; ", run.Parts.Select(p => p.Search?.Store?.ToString()).Where(s => s is not null).Distinct(StringComparer.Ordinal)) is { Length: > 0 } stores ? stores : "not asked",
                ["answer_hash"] = Sha256(text),
                ["accountable_role"] = answer.Notice.AccountableRole,
                ["tokens_in"] = Tokens(run, p => p.TokensIn),
                ["tokens_out"] = Tokens(run, p => p.TokensOut),
                ["milliseconds"] = answer.Milliseconds.ToString("0.###", invariant),
                ["previous_hash"] = place.Previous,
            },
            [.. answer.Rules.Select(r => r.Rule).Distinct(StringComparer.Ordinal)],
            [.. run.Parts.SelectMany(q => q.Sources.SelectMany(s => s.Passages.Select(p => new RecordSource(
                p.Passage.Id, Sha256(p.Passage.Text),
                q.IsRedacted(p.Passage) ? Sha256(p.Passage.Text) : StoredText(p.Passage, index) is { } stored ? Sha256(stored) : null))))],
            place.Previous,
            place.StoredPrevious,
            [.. framework.Rules.Where(r => !r.Stages.Contains(Stage.Record)).Select(r => r.Id)]);
    }

    /// <summary>The answer with everything that an audit and a replay need, as an entry of the ledger.</summary>
    /// <param name="checked">What the rules on records looked at: it is kept, but for the hash of the question, from which a short question could be guessed.</param>
    public static LedgerDraft ToEntry(Answer answer, AskRun run, RecordUnderCheck @checked)
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
        record["provenance"] = new JsonObject(@checked.Fields.Where(f => f.Key != "question_hash").Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value)));
        // A question that holds personal data is not kept anywhere.
        if (answer.Question is not null) record[GuidanceReplay.Member] = GuidanceReplay.Keep(run.Stages);
        var facts = new JsonObject { ["outcome"] = record["outcome"]!.DeepClone(), ["composer"] = answer.Composer, ["guidance"] = answer.Notice.GuidanceVersion };
        return LedgerDraft.Answer(answer.Id, answer.Question ?? "[not kept: it held personal data]", record, facts);
    }

    /// <summary>Makes sure that the receipt proves this very entry.</summary>
    /// <exception cref="BadInputException">It does not, so the answer must not be shown.</exception>
    public static void Prove(Receipt receipt, LedgerDraft entry, LedgerPublicKey key)
    {
        var wrong = receipt.Verify(key).ToList();
        var hash = Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Encode(entry.Record!)));
        if (receipt.Entry.GetProperty("record").GetString() != hash || receipt.Entry.GetProperty("subject").GetString() != entry.Subject)
            wrong.Add("It is the receipt of another record.");
        if (wrong.Count > 0) throw new BadInputException($"The answer's receipt does not prove its record, so the answer is not shown. {string.Join(' ', wrong)} Run \"coopai ledger verify\".");
    }

    private static string? PromptHash(AskPart part) => part.FallbackReason is null ? part.PromptHash ?? part.Composer?.PromptHash : part.Composer?.PromptHash;

    private static string Tokens(AskRun run, Func<AskPart, long?> count)
    {
        // Quoting takes none; a model that was asked and does not say how many is not guessed at.
        if (run.Parts.All(p => p.PromptHash is null)) return "0";
        return run.Parts.Any(p => count(p) is not null) ? run.Parts.Sum(p => count(p) ?? 0).ToString(CultureInfo.InvariantCulture) : "not stated by the model";
    }

    private static string? StoredText(Passage passage, CorpusIndex index) =>
        index.Find(passage.Slug)?.Passages.FirstOrDefault(p => p.Id == passage.Id)?.Text;

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
