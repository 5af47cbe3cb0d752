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

/// <summary>What the doors answer: the suggestion, and beside it what is published and decided.</summary>
/// <param name="Published">Ids on the page; null: not known, or a text that is not stored.</param>
/// <param name="Comparison">Whether staff's decisions do good; null when it was not asked for.</param>
public sealed record TagAnswer(
    IReadOnlyList<SuggestedTag> Tags, string? Note, string Version, IReadOnlyList<string>? Published, IReadOnlyList<StaffDecision> Decided, DecisionComparison? Comparison)
{
    public static TagAnswer Of(TagSuggestion suggestion) => new(suggestion.Tags, suggestion.Note, suggestion.Version, null, [], null);

    public static TagAnswer Of(CaseTags tags, DecisionComparison? comparison = null)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return new(tags.Suggested.Tags, tags.Suggested.Note, tags.Suggested.Version, tags.Published, tags.Decided, comparison);
    }
}
