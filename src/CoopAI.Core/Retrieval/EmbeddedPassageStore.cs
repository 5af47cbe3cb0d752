using System.Numerics.Tensors;
using CoopAI.Core.Corpus;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Retrieval;

/// <summary>Exact search over all passages in memory. The database keeps what it is filled from (see the case-study library), so it needs no file of its own.</summary>
/// <remarks>Searches read one immutable state; a write builds the next state and swaps it in, so a search never sees half a change.</remarks>
public sealed class EmbeddedPassageStore(int dimension, string? modelId = null) : IPassageStore
{
    private readonly Lock _writing = new();
    private volatile State _state = State.Empty;

    /// <summary>From here on a start takes several seconds and memory passes 1 GiB (docs/benchmarks/growth.md), so another store is advised.</summary>
    public const int MostAdvised = 50_000;

    public string Name => "embedded";

    /// <summary>Whether so many passages ask for another store, in a sentence; null: no.</summary>
    public static string? AdviceFor(long passages) => passages < MostAdvised ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"The embedded store holds {passages:#,0} passages; from {MostAdvised:#,0} on Qdrant is advised (COOPAI_Store=Qdrant, see docs/operations.md).");

    public bool IsDurable => false;

    public ValueTask<PassageStoreStatus> GetStatusAsync(CancellationToken ct)
    {
        var state = _state;
        return ValueTask.FromResult(new PassageStoreStatus(Name, modelId, dimension, state.CaseStudies.Count, state.Passages.Length, AdviceFor(state.Passages.Length)));
    }

    public Task UpsertAsync(IReadOnlyList<StoredCaseStudy> caseStudies, CancellationToken ct)
    {
        var checkedOnes = StoredCaseStudies.Check(caseStudies, dimension);
        Change(stored =>
        {
            foreach (var caseStudy in checkedOnes) stored[caseStudy.CaseStudy.Slug] = caseStudy;
        }, ct);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(IReadOnlyCollection<string> slugs, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(slugs);
        Change(stored =>
        {
            foreach (var slug in slugs) stored.Remove(slug);
        }, ct);
        return Task.CompletedTask;
    }

    public Task<HybridHits> SearchAsync(HybridQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Top, 1, nameof(query));
        if (!query.Embedding.IsEmpty && query.Embedding.Length != dimension)
            throw new ArgumentException($"The question has {query.Embedding.Length} dimensions; the store has {dimension}.", nameof(query));

        var state = _state;
        var allowed = state.Allowed(query.Filter);
        return Task.FromResult(new HybridHits(
            query.Embedding.IsEmpty ? [] : state.Dense(query.Embedding.Span, allowed, query.Top, dimension, ct),
            query.Lexical.Terms.Count == 0 ? [] : state.Lexical(query.Lexical, allowed, query.Top, ct)));
    }

    private void Change(Action<SortedDictionary<string, StoredCaseStudy>> change, CancellationToken ct)
    {
        lock (_writing)
        {
            var stored = new SortedDictionary<string, StoredCaseStudy>(_state.CaseStudies, StringComparer.Ordinal);
            change(stored);
            ct.ThrowIfCancellationRequested();
            _state = State.Of(stored, dimension);
        }
    }

    /// <summary>All passages, numbered in ordinal order of their ids so that a lower number wins a tie.</summary>
    private sealed class State
    {
        public static readonly State Empty = new(new(StringComparer.Ordinal), [], [], [], []);

        private readonly CaseStudy[] _owners;
        private readonly float[] _embeddings;
        private readonly Dictionary<uint, (int[] Passages, float[] Weights)> _postings;

        private State(
            SortedDictionary<string, StoredCaseStudy> caseStudies, Passage[] passages, CaseStudy[] owners, float[] embeddings,
            Dictionary<uint, (int[] Passages, float[] Weights)> postings) =>
            (CaseStudies, Passages, _owners, _embeddings, _postings) = (caseStudies, passages, owners, embeddings, postings);

        public SortedDictionary<string, StoredCaseStudy> CaseStudies { get; }

        public Passage[] Passages { get; }

        public static State Of(SortedDictionary<string, StoredCaseStudy> caseStudies, int dimension)
        {
            var all = caseStudies.Values.SelectMany(c => c.Passages.Select(p => (c.CaseStudy, Stored: p)))
                .OrderBy(p => p.Stored.Passage.Id, StringComparer.Ordinal).ToArray();
            var embeddings = new float[(long)all.Length * dimension];
            var postings = new Dictionary<uint, (List<int> Passages, List<float> Weights)>();
            for (var i = 0; i < all.Length; i++)
            {
                all[i].Stored.Embedding.Span.CopyTo(embeddings.AsSpan(i * dimension));
                var lexical = all[i].Stored.Lexical;
                for (var t = 0; t < lexical.Terms.Count; t++)
                {
                    if (!postings.TryGetValue(lexical.Terms[t], out var list)) postings[lexical.Terms[t]] = list = ([], []);
                    list.Passages.Add(i);
                    list.Weights.Add(lexical.Weights[t]);
                }
            }

            return new State(
                caseStudies, [.. all.Select(p => p.Stored.Passage)], [.. all.Select(p => p.CaseStudy)], embeddings,
                postings.ToDictionary(p => p.Key, p => (p.Value.Passages.ToArray(), p.Value.Weights.ToArray())));
        }

        /// <summary>Which passages pass the filter; null: all.</summary>
        public bool[]? Allowed(SearchFilter filter)
        {
            if (filter.IsEmpty) return null;
            var bySlug = CaseStudies.Values.ToDictionary(c => c.CaseStudy.Slug, c => filter.Matches(c.CaseStudy), StringComparer.Ordinal);
            return [.. _owners.Select(o => bySlug[o.Slug])];
        }

        public IReadOnlyList<ScoredPassage> Dense(ReadOnlySpan<float> query, bool[]? allowed, int top, int dimension, CancellationToken ct)
        {
            var best = new TopRanked(top);
            for (var i = 0; i < Passages.Length; i++)
            {
                if (i % 4096 == 0) ct.ThrowIfCancellationRequested();
                if (allowed is null || allowed[i])
                    best.Offer(i, TensorPrimitives.Dot(query, _embeddings.AsSpan(i * dimension, dimension)));
            }

            return Named(best);
        }

        public IReadOnlyList<ScoredPassage> Lexical(LexicalVector query, bool[]? allowed, int top, CancellationToken ct)
        {
            ct.ThrowIfCancellationRequested();
            var scores = new double[Passages.Length];
            for (var t = 0; t < query.Terms.Count; t++)
            {
                if (!_postings.TryGetValue(query.Terms[t], out var list)) continue;
                for (var i = 0; i < list.Passages.Length; i++) scores[list.Passages[i]] += (double)query.Weights[t] * list.Weights[i];
            }

            var best = new TopRanked(top);
            for (var i = 0; i < scores.Length; i++)
            {
                if (scores[i] > 0 && (allowed is null || allowed[i])) best.Offer(i, scores[i]);
            }

            return Named(best);
        }

        private IReadOnlyList<ScoredPassage> Named(TopRanked best) =>
            [.. best.InOrder().Select(r => new ScoredPassage(Passages[r.Index].Id, Passages[r.Index].Slug, r.Score))];
    }

    /// <summary>Keeps the best few of many scores, offered by ascending index: a heap with the worst kept one on top.</summary>
    private sealed class TopRanked(int top)
    {
        // Later indices count as worse at equal scores, so the order of passage ids decides ties.
        private readonly PriorityQueue<int, (double Score, int Index)> _kept =
            new(Comparer<(double Score, int Index)>.Create((a, b) => a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Index.CompareTo(a.Index)));

        public void Offer(int index, double score)
        {
            if (_kept.Count < top) _kept.Enqueue(index, (score, index));
            else if (_kept.TryPeek(out _, out var worst) && score > worst.Score) _kept.EnqueueDequeue(index, (score, index));
        }

        public IEnumerable<(int Index, double Score)> InOrder()
        {
            var ordered = new (int, double)[_kept.Count];
            for (var i = ordered.Length - 1; i >= 0; i--)
            {
                _kept.TryDequeue(out var index, out var key);
                ordered[i] = (index, key.Score);
            }

            return ordered;
        }
    }
}
