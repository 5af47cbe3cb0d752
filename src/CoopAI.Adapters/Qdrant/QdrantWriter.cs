using CoopAI.Core.Retrieval;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Sends write requests with back-pressure.</summary>
internal static class QdrantWriter
{
    /// <summary>Requests on their way at one time. With the one under construction, at most three are in memory.</summary>
    public const int InFlight = 2;

    /// <summary>Sends the parts in order, a new one only when fewer than <see cref="InFlight"/> are on their way.</summary>
    /// <returns>Passages written.</returns>
    /// <exception cref="PassageStoreUnavailableException">A request failed for good. Nothing is on its way any more when this is thrown.</exception>
    public static async Task<long> WriteAsync(
        QdrantConnection connection, string collection, IAsyncEnumerable<QdrantBatch.Part> parts, IProgress<long>? progress, CancellationToken ct)
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

        async Task<int> SendAsync(QdrantBatch.Part part)
        {
            var updates = await connection.SendAsync(QdrantRequests.WriteBatch(collection, part.Body), ct).ConfigureAwait(false)
                ?? throw new PassageStoreUnavailableException(
                    PassageStoreFault.Refused, $"The collection '{collection}' was deleted while it was written to. Run the command again.");
            return updates.All(u => u.Status == "completed")
                ? part.Passages
                : throw new PassageStoreUnavailableException(
                    PassageStoreFault.Away, $"Qdrant has taken a change to '{collection}' but not finished it in time. Run the command again.", connection.Options.MaxRetryDelay);
        }
    }
}
