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

/// <summary>How right the tagger is on texts it had not seen. The figures are made once for each basis and kept in the database.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class TagMeasures(TrainedTagger trained, ITagSuggestions book) : IDisposable
{
    private readonly SemaphoreSlim _measuring = new(1, 1);
    private volatile Measured? _figures;
    private (string Version, IReadOnlyList<HeldOutSuggestion> Runs)? _heldOut;

    private sealed record Measured(string Key, TagFigures Figures);

    /// <summary>Whether the decisions do good; from now on suggestions come from the better tagger.</summary>
    public async Task<DecisionComparison> CompareAsync(CancellationToken ct = default) => (await FiguresAsync(await trained.CurrentAsync(ct), ct)).Decisions;

    public void Dispose() => _measuring.Dispose();

    internal async Task<TagFigures> FiguresAsync(TagBasis basis, CancellationToken ct)
    {
        if (_figures is { } ready && ready.Key == basis.Key) return ready.Figures;
        await _measuring.WaitAsync(ct);
        try
        {
            return await MeasureAsync(basis, ct);
        }
        finally
        {
            _measuring.Release();
        }
    }

    private async Task<TagFigures> MeasureAsync(TagBasis basis, CancellationToken ct)
    {
        if (_figures is { } ready && ready.Key == basis.Key) return ready.Figures;
        var figures = book.LoadFigures(basis.Key);
        if (figures is null)
        {
            var comparison = await trained.CompareAsync(basis, ct);
            ct.ThrowIfCancellationRequested();
            var (reader, state) = await trained.TrainAsync(basis, ct);
            figures = Figures(state.Tagger.Version, HeldOut(reader, state), comparison);
            book.SaveFigures(basis.Key, figures);
        }

        _figures = new(basis.Key, figures);
        return figures;
    }

    /// <summary>Suggestions for labelled texts, by the texts' fingerprints, from taggers that had not seen their labels.</summary>
    internal async Task<IReadOnlyDictionary<string, TagSuggestion>> UnseenAsync(TaggableTextReader reader, TaggerState state, CancellationToken ct)
    {
        await _measuring.WaitAsync(ct);
        try
        {
            return HeldOut(reader, state).GroupBy(r => r.Example.Text.Source.Fingerprint, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Suggestion, StringComparer.Ordinal);
        }
        finally
        {
            _measuring.Release();
        }
    }

    /// <summary>Predictions for labelled texts by taggers that had not seen them. Within the lock of measuring.</summary>
    private IReadOnlyList<HeldOutSuggestion> HeldOut(TaggableTextReader reader, TaggerState state)
    {
        if (_heldOut?.Version != state.Tagger.Version)
            _heldOut = (state.Tagger.Version, TaggingCrossValidation.Run(reader, state.Examples, TaggingPrior.Shipped, folds: 5, repeats: 1, TrainedTagger.Seed));
        return _heldOut.Value.Runs;
    }

    private TagFigures Figures(string version, IReadOnlyList<HeldOutSuggestion> runs, DecisionComparison comparison)
    {
        var labelled = trained.Labelled;
        var principles = PrincipleAccuracy.Of(runs, PrincipleIds.All, TrainedTagger.Seed);
        var readers = PrincipleIds.All.ToDictionary(id => id, id => KrippendorffAlpha.NominalWithInterval([.. labelled.Select(l => Readers(l, id))], TrainedTagger.Seed), StringComparer.Ordinal);
        return new(version, labelled.Count, principles, principles.Average(f => f.F1.Value ?? 0), PrincipleAccuracy.Brier(runs), PrincipleAccuracy.Reliability(runs), readers, comparison);
    }

    private static IReadOnlyList<string?> Readers(LabelledText text, string id)
    {
        if (text.CaseStudy.Extra?.TryGetValue("tags", out var tags) != true) return [];
        if (!tags.TryGetProperty(id, out var tag)) return ["no", "no"];
        return tag.TryGetProperty("readers", out var readers) ? [.. readers.EnumerateArray().Select(r => r.GetInt32() > 0 ? "yes" : "no")] : [];
    }
}
