using System.Buffers;
using System.Text.Json;
using CoopAI.Core.Retrieval;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Turns case studies into write requests of bounded size.</summary>
/// <remarks>
/// A case study that fits into one request is replaced by one request: its points are put in place of the old ones, then what is left
/// of an older generation is deleted. One that does not fit is first written unseen ("staged", under point ids of its own), then shown
/// and its older generation deleted by one last request. Either way a failure leaves the old passages whole. A search that runs while
/// the server works on that one request may see old and new passages of the case study side by side, never a passage twice.
/// </remarks>
internal static class QdrantBatch
{
    /// <summary>One request; those of one <see cref="Barrier"/> must all have succeeded before the next begins.</summary>
    internal readonly record struct Part(ReadOnlyMemory<byte> Body, int Passages, int Barrier);

    /// <summary>Requests in the order in which they are to be sent.</summary>
    /// <param name="isWritten">Whether the server has this generation of this (oversized) case study already.</param>
    /// <exception cref="ArgumentException">A single passage does not fit into one request.</exception>
    public static async IAsyncEnumerable<Part> PartsAsync(
        IAsyncEnumerable<StoredCaseStudy> caseStudies, string modelId, QdrantOptions options, Func<StoredCaseStudy, string, Task<bool>> isWritten)
    {
        var barrier = 0;
        using var batch = new Batch(options);
        await foreach (var item in caseStudies.ConfigureAwait(false))
        {
            var generation = QdrantPayload.GenerationOf(item, modelId);
            var size = MeasurePayload(item, modelId, generation);
            var bytes = item.Passages.Sum(p => MeasurePoint(p, size)) + Batch.MeasureSlug(item);
            if (bytes <= options.MaxRequestBytes - Batch.Overhead)
            {
                if (!batch.HasRoomFor(item.Passages.Count, bytes)) yield return batch.Take(barrier);
                batch.Add(item, item.Passages, modelId, generation, staged: false);
                continue;
            }

            if (!batch.IsEmpty) yield return batch.Take(barrier);
            if (await isWritten(item, generation).ConfigureAwait(false)) continue;
            foreach (var part in Split(item, size, options))
            {
                batch.Add(item, part, modelId, generation, staged: true);
                yield return batch.Take(barrier);
            }

            yield return new Part(Publish(item.CaseStudy.Slug, generation), 0, ++barrier);
            barrier++;
        }

        if (!batch.IsEmpty) yield return batch.Take(barrier);
    }

    private static IEnumerable<IReadOnlyList<StoredPassage>> Split(StoredCaseStudy item, int payload, QdrantOptions options)
    {
        var part = new List<StoredPassage>();
        var bytes = 0L;
        foreach (var passage in item.Passages)
        {
            var size = MeasurePoint(passage, payload);
            if (size > options.MaxRequestBytes - Batch.Overhead)
            {
                throw new ArgumentException(
                    $"Passage {passage.Passage.Id} takes about {size} bytes as a point; one request holds {options.MaxRequestBytes} (Qdrant:MaxRequestBytes). Shorten its lists of topics or members.", nameof(item));
            }

            if (part.Count == options.BatchPassages || bytes + size > options.MaxRequestBytes - Batch.Overhead)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(passage);
            bytes += size;
        }

        yield return part;
    }

    internal static ReadOnlyMemory<byte> Publish(string slug, string generation)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, QdrantJson.Writer))
        {
            json.WriteStartObject();
            json.WriteStartArray("operations");
            json.WriteStartObject();
            json.WriteStartObject("delete_payload");
            json.WriteStartArray("keys");
            json.WriteStringValue(QdrantPayload.Staged);
            json.WriteEndArray();
            json.WritePropertyName("filter");
            QdrantFilter.WriteGeneration(json, slug, generation);
            json.WriteEndObject();
            json.WriteEndObject();
            WriteDelete(json, [slug], [generation]);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteDelete(Utf8JsonWriter json, IReadOnlyCollection<string> slugs, IReadOnlyCollection<string> exceptGenerations)
    {
        json.WriteStartObject();
        json.WriteStartObject("delete");
        json.WritePropertyName("filter");
        QdrantFilter.WriteOf(json, slugs, exceptGenerations);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Written once to be measured: the fields of a case study are the same on each of its points.
    private static int MeasurePayload(StoredCaseStudy item, string modelId, string generation)
    {
        if (item.Passages.Count == 0) return 0;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, QdrantJson.Writer))
        {
            QdrantPayload.Write(json, item.CaseStudy, item.Passages[0].Passage, modelId, generation, staged: true);
        }

        return buffer.WrittenCount;
    }

    /// <summary>An upper bound: a float takes at most 15 characters and a comma, a term 11.</summary>
    private static long MeasurePoint(StoredPassage passage, int payload) =>
        payload + 192 + (16L * passage.Embedding.Length) + (27L * passage.Lexical.Terms.Count) + 32;

    /// <summary>One request under construction: an upsert of whole case studies (or a part of one), then the deletion of what is left of older generations.</summary>
    private sealed class Batch(QdrantOptions options) : IDisposable
    {
        /// <summary>Room for the parts of a request that are not points.</summary>
        public const int Overhead = 16 * 1024;

        private readonly List<string> _slugs = [];
        private readonly List<string> _generations = [];
        private ArrayBufferWriter<byte>? _buffer;
        private Utf8JsonWriter? _json;
        private int _passages;
        private long _slugBytes;
        private bool _staged;

        /// <summary>What a case study adds to the deletion: its slug, at worst escaped, and its generation.</summary>
        public static long MeasureSlug(StoredCaseStudy item) => (6L * item.CaseStudy.Slug.Length) + 64;

        public void Dispose() => _json?.Dispose();

        public bool IsEmpty => _slugs.Count == 0;

        public bool HasRoomFor(int passages, long bytes) => IsEmpty
            || (_passages + passages <= options.BatchPassages && _slugs.Count < options.BatchPassages && _buffer!.WrittenCount + _slugBytes + bytes <= options.MaxRequestBytes - Overhead);

        public void Add(StoredCaseStudy item, IReadOnlyList<StoredPassage> passages, string modelId, string generation, bool staged)
        {
            if (_json is null)
            {
                _buffer = new ArrayBufferWriter<byte>(64 * 1024);
                _json = new Utf8JsonWriter(_buffer, QdrantJson.Writer);
                _json.WriteStartObject();
                _json.WriteStartArray("operations");
            }

            if (_passages == 0 && passages.Count > 0)
            {
                _json.WriteStartObject();
                _json.WriteStartObject("upsert");
                _json.WriteStartArray("points");
            }

            foreach (var (passage, embedding, lexical) in passages)
            {
                _json.WriteStartObject();
                // A staged point must not displace the one that is shown.
                _json.WriteString("id", QdrantPointId.Of(staged ? $"{passage.Id}\n{generation}" : passage.Id));
                _json.WriteStartObject("vector");
                _json.WritePropertyName(QdrantPayload.DenseVector);
                QdrantRequests.Floats(_json, embedding.Span);
                if (lexical.Terms.Count > 0)
                {
                    _json.WritePropertyName(QdrantPayload.LexicalVector);
                    QdrantRequests.Sparse(_json, lexical);
                }

                _json.WriteEndObject();
                _json.WritePropertyName("payload");
                QdrantPayload.Write(_json, item.CaseStudy, passage, modelId, generation, staged);
                _json.WriteEndObject();
                _passages++;
            }

            _json.Flush();
            _slugBytes += MeasureSlug(item);
            _staged = staged;
            _slugs.Add(item.CaseStudy.Slug);
            if (passages.Count > 0) _generations.Add(generation);
        }

        public Part Take(int barrier)
        {
            if (_passages > 0)
            {
                _json!.WriteEndArray();
                _json.WriteEndObject();
                _json.WriteEndObject();
            }

            if (!_staged) WriteDelete(_json!, _slugs, _generations);
            _json!.WriteEndArray();
            _json.WriteEndObject();
            _json.Dispose();
            var part = new Part(_buffer!.WrittenMemory, _passages, barrier);
            _slugs.Clear();
            _generations.Clear();
            (_buffer, _json, _passages, _slugBytes, _staged) = (null, null, 0, 0, false);
            return part;
        }
    }
}
