using CoopAI.Core.Retrieval;
using Google.Protobuf;
using Qdrant.Client.Grpc;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Turns case studies into write requests of bounded size, and sends them with back-pressure.</summary>
/// <remarks>
/// A case study that fits into one request is replaced by one request: its points are put in place of the old ones, then what is left
/// of an older generation is deleted. One that does not fit is first written unseen ("staged", under point ids of its own), then shown
/// and its older generation deleted by one last request. Either way a failure leaves the old passages whole. A search that runs while
/// the server works on that one request may see old and new passages of the case study side by side, never a passage twice.
/// </remarks>
internal static class QdrantBatch
{
    /// <summary>Requests on their way at one time. With the one under construction, at most three are in memory.</summary>
    public const int InFlight = 2;

    /// <summary>Room for the parts of a request that are not points or slugs.</summary>
    private const int Overhead = 16 * 1024;

    /// <summary>One request; those of one <see cref="Barrier"/> must all have succeeded before the next begins.</summary>
    internal readonly record struct Part(IReadOnlyList<PointsUpdateOperation> Operations, int Passages, int Barrier);

    /// <summary>Sends the parts in order, a new one only when fewer than <see cref="InFlight"/> are on their way.</summary>
    /// <returns>Passages written.</returns>
    /// <exception cref="PassageStoreUnavailableException">A request failed for good. Nothing is on its way any more when this is thrown.</exception>
    public static async Task<long> WriteAsync(
        QdrantConnection connection, string collection, IAsyncEnumerable<Part> parts, IProgress<long>? progress, CancellationToken ct)
    {
        var sending = new List<Task<int>>(InFlight);
        var barrier = 0;
        var written = 0L;
        try
        {
            await foreach (var part in parts.WithCancellation(ct).ConfigureAwait(false))
            {
                while (sending.Count == InFlight || (sending.Count > 0 && part.Barrier != barrier)) await OneDoneAsync().ConfigureAwait(false);
                barrier = part.Barrier;
                sending.Add(SendAsync(part));
            }

            while (sending.Count > 0) await OneDoneAsync().ConfigureAwait(false);
            return written;
        }
        finally
        {
            await Task.WhenAll((IEnumerable<Task>)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task OneDoneAsync()
        {
            var done = await Task.WhenAny(sending).ConfigureAwait(false);
            sending.Remove(done);
            written += await done.ConfigureAwait(false);
            progress?.Report(written);
        }

        async Task<int> SendAsync(Part part)
        {
            var batch = QdrantMessages.Batch(collection, part.Operations);
            var answer = await connection.WriteAsync("write passages", o => connection.Points.UpdateBatchAsync(batch, o), ct).ConfigureAwait(false)
                ?? throw new PassageStoreUnavailableException(
                    PassageStoreFault.Refused, $"The collection '{collection}' was deleted while it was written to. Run the command again.");
            return answer.Result.All(u => u.Status == UpdateStatus.Completed)
                ? part.Passages
                : throw new PassageStoreUnavailableException(
                    PassageStoreFault.Away, $"Qdrant has taken a change to '{collection}' but not finished it in time. Run the command again.", connection.Options.MaxRetryDelay);
        }
    }

    /// <summary>Requests in the order in which they are to be sent.</summary>
    /// <param name="isWritten">Whether the server has this generation of this (oversized) case study already.</param>
    /// <exception cref="ArgumentException">A single passage does not fit into one request.</exception>
    public static async IAsyncEnumerable<Part> PartsAsync(
        IAsyncEnumerable<StoredCaseStudy> caseStudies, string modelId, QdrantOptions options, Func<StoredCaseStudy, string, Task<bool>> isWritten)
    {
        var barrier = 0;
        var batch = new Batch(options);
        await foreach (var item in caseStudies.ConfigureAwait(false))
        {
            var generation = QdrantPayload.GenerationOf(item, modelId);
            var payload = QdrantMessages.Payload(item.CaseStudy, modelId, generation);
            List<PointStruct> points = [.. item.Passages.Select(p => QdrantMessages.Point(p, payload, generation, staged: false))];
            var bytes = points.Sum(Size) + Batch.SizeOf(item.CaseStudy.Slug);
            if (bytes <= options.MaxRequestBytes - Overhead)
            {
                if (!batch.HasRoomFor(points.Count, bytes)) yield return batch.Take(barrier);
                batch.Add(item.CaseStudy.Slug, points, bytes, generation);
                continue;
            }

            if (!batch.IsEmpty) yield return batch.Take(barrier);
            if (await isWritten(item, generation).ConfigureAwait(false)) continue;
            foreach (var part in Split([.. item.Passages.Select(p => QdrantMessages.Point(p, payload, generation, staged: true))], options))
                yield return new Part([Upsert(part)], part.Count, barrier);
            yield return new Part(Publish(item.CaseStudy.Slug, generation), 0, ++barrier);
            barrier++;
        }

        if (!batch.IsEmpty) yield return batch.Take(barrier);
    }

    private static IEnumerable<IReadOnlyList<PointStruct>> Split(IEnumerable<PointStruct> points, QdrantOptions options)
    {
        var part = new List<PointStruct>();
        var bytes = 0L;
        foreach (var point in points)
        {
            var size = Size(point);
            if (size > options.MaxRequestBytes - Overhead)
            {
                throw new ArgumentException(
                    $"Passage {point.Payload[QdrantPayload.PassageId].StringValue} takes {size} bytes as a point; one request holds {options.MaxRequestBytes} (Qdrant:MaxRequestBytes). Shorten its lists of topics or members.", nameof(points));
            }

            if (part.Count == options.BatchPassages || bytes + size > options.MaxRequestBytes - Overhead)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(point);
            bytes += size;
        }

        yield return part;
    }

    // With the tag and the length that go before it in a list.
    private static long Size(PointStruct point) => point.CalculateSize() + 12;

    private static PointsUpdateOperation Upsert(IEnumerable<PointStruct> points) => new() { Upsert = new PointsUpdateOperation.Types.PointStructList { Points = { points } } };

    private static PointsUpdateOperation DeleteOlder(IReadOnlyCollection<string> slugs, IReadOnlyCollection<string> generations) => new()
    {
        DeletePoints = new PointsUpdateOperation.Types.DeletePoints { Points = new PointsSelector { Filter = QdrantMessages.Of(slugs, generations) } },
    };

    private static IReadOnlyList<PointsUpdateOperation> Publish(string slug, string generation) =>
    [
        new()
        {
            DeletePayload = new PointsUpdateOperation.Types.DeletePayload
            {
                Keys = { QdrantPayload.Staged }, PointsSelector = new PointsSelector { Filter = QdrantMessages.OfGeneration(slug, generation) },
            },
        },
        DeleteOlder([slug], [generation]),
    ];

    /// <summary>One request under construction: an upsert of whole case studies, then the deletion of what is left of older generations.</summary>
    private sealed class Batch(QdrantOptions options)
    {
        private readonly List<PointStruct> _points = [];
        private readonly List<string> _slugs = [];
        private readonly List<string> _generations = [];
        private long _bytes;

        public bool IsEmpty => _slugs.Count == 0;

        /// <summary>What a case study adds to the deletion: its slug and its generation.</summary>
        public static long SizeOf(string slug) => (3L * slug.Length) + 64;

        public bool HasRoomFor(int passages, long bytes) => IsEmpty
            || (_points.Count + passages <= options.BatchPassages && _slugs.Count < options.BatchPassages && _bytes + bytes <= options.MaxRequestBytes - Overhead);

        public void Add(string slug, IReadOnlyCollection<PointStruct> points, long bytes, string generation)
        {
            _points.AddRange(points);
            _slugs.Add(slug);
            if (points.Count > 0) _generations.Add(generation);
            _bytes += bytes;
        }

        public Part Take(int barrier)
        {
            PointsUpdateOperation[] operations = _points.Count > 0 ? [Upsert(_points), DeleteOlder(_slugs, _generations)] : [DeleteOlder(_slugs, _generations)];
            var part = new Part(operations, _points.Count, barrier);
            _points.Clear();
            _slugs.Clear();
            _generations.Clear();
            _bytes = 0;
            return part;
        }
    }
}
