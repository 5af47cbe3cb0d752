using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Statistics;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.AI;

namespace CoopAI.Orchestration.Tagging;

/// <summary>Where staff decide on tags: every decision is stored together with its entry in the ledger.</summary>
public sealed class TagDesk(TrainedTagger trained, CorpusTags tags, ITagDecisions decisions, SearchCorpus corpus, TimeProvider clock, GuidanceInForce? guidance = null)
{
    /// <summary>Stores a decision with its entry in the ledger; the next suggestion knows it.</summary>
    /// <exception cref="BadInputException">The slug or principle is unknown, a field is too long, or the sentence is not in the text.</exception>
    public async Task<CaseTags> DecideAsync(string slug, string principle, StaffVerdict verdict, string by, string? reason, string? sentence, CancellationToken ct = default)
    {
        var before = await FindAsync(slug, principle, ct);
        CheckName(by, "decides");
        CheckReason(reason);
        if (sentence is not null && !corpus.Current.Find(slug)!.CaseStudy.Text.Contains(sentence, StringComparison.Ordinal))
            throw new BadInputException($"\"sentence\" is not in the text of {slug}. Copy it from there, or leave it out.");
        var tag = before.Suggested.Tags.First(t => t.Id == principle);
        var decision = new StaffDecision(
            slug, principle, verdict, by.Trim(), clock.GetUtcNow(), reason, before.Suggested.Version, tag.Probability,
            sentence ?? (verdict is StaffVerdict.Accepted ? (tag.Evidence.Count > 0 ? tag.Evidence[0].Sentence : null) : null));
        decisions.Add(decision);
        var after = await trained.GetTagsAsync(slug, ct);
        tags.BeginUpdate();
        return after!;
    }

    /// <summary>Takes the standing decision on a tag back.</summary>
    /// <exception cref="BadInputException">The slug or principle is unknown, or no decision stands.</exception>
    public async Task<CaseTags> UndoAsync(string slug, string principle, string by, CancellationToken ct = default)
    {
        var before = await FindAsync(slug, principle, ct);
        CheckName(by, "undoes it");
        if (before.IsDecided(principle) is null) throw new BadInputException($"No decision on {principle} of {slug} stands, so there is none to undo.");
        decisions.Undo(slug, principle, by.Trim(), clock.GetUtcNow());
        var after = await trained.GetTagsAsync(slug, ct);
        tags.BeginUpdate();
        return after!;
    }

    /// <summary>Stores a decision on a tag as it is listed, and lets the tagger learn from it a little later: somebody who decides on one tag after another waits for nothing.</summary>
    /// <exception cref="BadInputException">As <see cref="DecideAsync"/>.</exception>
    public async Task RecordAsync(string slug, string principle, StaffVerdict verdict, string by, string? reason, CancellationToken ct = default)
    {
        CheckPrinciple(principle);
        CheckName(by, "decides");
        CheckReason(reason);
        var listed = await tags.GetListedAsync(slug, ct) ?? throw NoCaseStudy(slug);
        var tag = listed.Tags.Suggested.Tags.First(t => t.Id == principle);
        decisions.Add(new(
            slug, principle, verdict, by.Trim(), clock.GetUtcNow(), reason, listed.Tags.Suggested.Version, tag.Probability,
            verdict is StaffVerdict.Accepted && tag.Evidence.Count > 0 ? tag.Evidence[0].Sentence : null));
        tags.BeginUpdate(CorpusTags.AfterDeciding);
    }

    /// <summary>Takes back the latest decision of a person.</summary>
    /// <returns>What was taken back; null: there was none.</returns>
    public StaffDecision? TakeBackLatest(string by)
    {
        CheckName(by, "undoes it");
        if (decisions.GetLatest(by.Trim()) is not { } latest) return null;
        return TakeBack(latest.Slug, latest.Principle, by);
    }

    /// <summary>Takes back the decision that stands on a tag, without waiting for the tagger to learn it.</summary>
    /// <returns>What was taken back; null: there was none.</returns>
    public StaffDecision? TakeBack(string slug, string principle, string by)
    {
        CheckName(by, "undoes it");
        var undone = decisions.Undo(slug, principle, by.Trim(), clock.GetUtcNow());
        tags.BeginUpdate(CorpusTags.AfterDeciding);
        return undone;
    }

    private async Task<CaseTags> FindAsync(string slug, string principle, CancellationToken ct)
    {
        CheckPrinciple(principle);
        return await trained.GetTagsAsync(slug, ct) ?? throw NoCaseStudy(slug);
    }

    private static void CheckPrinciple(string principle)
    {
        if (!PrincipleIds.Contains(principle)) throw new BadInputException($"\"{principle}\" is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.");
    }

    private static BadInputException NoCaseStudy(string slug) => new($"\"{slug}\" is not the slug of a stored case study. Find slugs with a search.");

    private void CheckName(string by, string what)
    {
        if (string.IsNullOrWhiteSpace(by) || by.Length > StaffDecision.MaxName)
            throw new BadInputException($"\"by\" must say who {what}, in 1 to {StaffDecision.MaxName} characters.");
        guidance?.Current.RefusePersonalData("name", by, isName: true);
    }

    private void CheckReason(string? reason)
    {
        if (reason?.Length > StaffDecision.MaxReason) throw new BadInputException($"\"reason\" has {reason.Length} characters; at most {StaffDecision.MaxReason} are kept.");
        guidance?.Current.RefusePersonalData("reason", reason);
    }
}
