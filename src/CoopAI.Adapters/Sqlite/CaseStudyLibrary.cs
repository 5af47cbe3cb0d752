using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

/// <summary>The case studies with their vectors, in the database: the record from which every index is built.</summary>
/// <remarks>One row holds all of one case study, so a change replaces it whole or not at all.</remarks>
public sealed class CaseStudyLibrary(CoopDatabase database) : ICaseStudyLibrary
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS case_studies (
            slug TEXT PRIMARY KEY,
            json TEXT NOT NULL,
            hash TEXT NOT NULL,
            model TEXT NOT NULL,
            dimension INTEGER NOT NULL,
            vectors BLOB NOT NULL,
            read_at TEXT NOT NULL,
            read_from TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS case_study_changes (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
        INSERT OR IGNORE INTO case_study_changes VALUES (1, 0);
        CREATE TABLE IF NOT EXISTS pending_index (slug TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS first_load (id INTEGER PRIMARY KEY CHECK (id = 1), total INTEGER NOT NULL);
        """;

    /// <summary>How many case studies the first load will have stored when it is done; null: it is done, or was never begun.</summary>
    public int? GetFirstLoad() => database.Read(c => c.QueryFirstOrDefault<int?>("SELECT total FROM first_load"));

    /// <summary>Notes that the first load has begun, so that the next start goes on with it after a kill.</summary>
    public void BeginFirstLoad(int total) => database.Write((c, t) => c.Execute("INSERT OR REPLACE INTO first_load VALUES (1, @total)", new { total }, t));

    /// <summary>Notes that the first load is done.</summary>
    public void EndFirstLoad() => database.Write((c, t) => c.Execute("DELETE FROM first_load", transaction: t));

    /// <summary>Content hash of every case study, by slug.</summary>
    public IReadOnlyDictionary<string, string> GetHashes() => database.Read(c =>
        c.Query<(string Slug, string Hash)>("SELECT slug, hash FROM case_studies").ToDictionary(r => r.Slug, r => r.Hash, StringComparer.Ordinal));

    /// <summary>Case studies whose row is not as the ledger recorded it, with why. They are not loaded, so that no answer quotes them; saving them again mends them.</summary>
    public IReadOnlyDictionary<string, string> FindUnfit() => database.Read(c => StateSeals.FindUnfit(c, "case_studies"));

    /// <summary>Grows with every change, so that another process notices one at the price of reading a number.</summary>
    public long GetVersion() => database.Read(c => c.ExecuteScalar<long>("SELECT version FROM case_study_changes"));

    /// <summary>Slugs that were changed or removed here but perhaps not yet in the passage store: a kill between the two leaves them.</summary>
    public IReadOnlyList<string> GetPending() => database.Read(c => c.Query<string>("SELECT slug FROM pending_index ORDER BY slug").ToList());

    /// <summary>Notes that the passage store has these case studies as they are here.</summary>
    public void ClearPending(IEnumerable<string> slugs)
    {
        var rows = slugs.Select(slug => new { slug }).ToList();
        // Without a change no start waits for another process that writes.
        if (rows.Count > 0) database.Write((connection, transaction) => connection.Execute("DELETE FROM pending_index WHERE slug = @slug", rows, transaction));
    }

    /// <summary>The model and dimension of the stored vectors; null when there are none.</summary>
    /// <exception cref="BadInputException">Vectors of two models lie in one file.</exception>
    public (string Model, int Dimension)? GetModel()
    {
        var models = database.Read(c => c.Query<(string Model, long Dimension)>("SELECT DISTINCT model, dimension FROM case_studies ORDER BY 1, 2").ToList());
        return models switch
        {
            [] => null,
            [var one] => (one.Model, (int)one.Dimension),
            _ => throw new BadInputException($"{database.Path} mixes vectors of {string.Join(" and ", models.Select(m => m.Model))}. Rebuild it: coopai index rebuild."),
        };
    }

    /// <summary>Everything, or the case studies of these slugs, in slug order; those of <see cref="FindUnfit"/> are left out.</summary>
    /// <exception cref="BadInputException">What is stored of one is damaged.</exception>
    public IReadOnlyList<IndexedCaseStudy> Load(IEnumerable<string>? slugs = null) => database.Read(c =>
    {
        try
        {
            var unfit = StateSeals.FindUnfit(c, "case_studies", slugs?.ToList());
            // One thread at a time reads rows while the others make objects of them.
            return c.Query<(string Slug, string Json, byte[] Vectors, long Dimension)>(
                    $"SELECT slug, json, vectors, dimension FROM case_studies {(slugs is null ? "" : "WHERE slug IN @slugs")} ORDER BY slug", new { slugs }, buffered: false)
                .Where(r => !unfit.ContainsKey(r.Slug)).AsParallel().AsOrdered().Select(r => Read(r.Slug, r.Json, r.Vectors, (int)r.Dimension)).ToList();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
    });

    /// <summary>Where a case study was read from, and when (UTC).</summary>
    public (DateTimeOffset At, string From)? GetOrigin(string slug) => database.Read(c =>
        c.QueryFirstOrDefault<(string? At, string From)>("SELECT read_at, read_from FROM case_studies WHERE slug = @slug", new { slug }) is { At: { } at } row
            ? (DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), row.From) : ((DateTimeOffset, string)?)null);

    /// <summary>As <see cref="GetHashes"/>, without those that tell the story of another or are in quarantine: what search reads.</summary>
    public IReadOnlyDictionary<string, string> GetSearchedHashes() => database.Read(c =>
    {
        var twins = CaseStudyHistory.Twins(c);
        var quarantined = CaseStudyHistory.Quarantined(c);
        return c.Query<(string Slug, string Hash)>("SELECT slug, hash FROM case_studies").Where(r => !twins.ContainsKey(r.Slug) && !quarantined.Contains(r.Slug)).ToDictionary(r => r.Slug, r => r.Hash, StringComparer.Ordinal);
    });

    /// <summary>Adds or replaces these case studies in one transaction.</summary>
    public void Save(IReadOnlyList<IndexedCaseStudy> caseStudies, string model, string readFrom, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        database.Write((connection, transaction) => Save(connection, transaction, database.Look, caseStudies, model, readFrom, at));
    }

    internal static void Save(SqliteConnection connection, SqliteTransaction transaction, Func<CaseStudy, IReadOnlyList<string>>? look, IReadOnlyList<IndexedCaseStudy> caseStudies, string model, string readFrom, DateTimeOffset at)
    {
        if (look is not null)
        {
            foreach (var item in caseStudies) CaseStudyHistory.Weigh(connection, transaction, item.CaseStudy, look(item.CaseStudy), at);
        }

        var rows = caseStudies.Select(i => new
        {
            slug = i.CaseStudy.Slug,
            json = JsonSerializer.Serialize(i.CaseStudy, CoopJson.Options),
            hash = i.CaseStudy.ContentHash,
            model,
            dimension = i.TitleEmbedding.Length,
            vectors = Pack(i),
            at = at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            from = readFrom,
        }).ToList();
        NoteChange(connection, transaction, rows.Select(r => r.slug));
        connection.Execute(
            """
            INSERT INTO case_studies (slug, json, hash, model, dimension, vectors, read_at, read_from)
            VALUES (@slug, @json, @hash, @model, @dimension, @vectors, @at, @from)
            ON CONFLICT (slug) DO UPDATE SET json = excluded.json, hash = excluded.hash, model = excluded.model,
                dimension = excluded.dimension, vectors = excluded.vectors, read_at = excluded.read_at, read_from = excluded.read_from
            """, rows, transaction);
    }

    /// <summary>Puts vectors of another model in the place of the stored ones, in one transaction; where and when a case study was read stays.</summary>
    public void ReplaceVectors(IReadOnlyList<IndexedCaseStudy> caseStudies, string model) => database.Write((connection, transaction) =>
    {
        NoteChange(connection, transaction, caseStudies.Select(c => c.CaseStudy.Slug));
        return connection.Execute(
            "UPDATE case_studies SET model = @model, dimension = @dimension, vectors = @vectors WHERE slug = @slug",
            caseStudies.Select(c => new { slug = c.CaseStudy.Slug, model, dimension = c.TitleEmbedding.Length, vectors = Pack(c) }), transaction);
    });

    /// <summary>Removes these case studies; unknown slugs are no error. Returns how many went.</summary>
    public int Delete(IReadOnlyCollection<string> slugs) => database.Write((connection, transaction) => Delete(connection, transaction, slugs));

    internal static int Delete(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyCollection<string> slugs)
    {
        NoteChange(connection, transaction, slugs);
        return connection.Execute("DELETE FROM case_studies WHERE slug = @slug", slugs.Select(slug => new { slug }), transaction);
    }

    private static int NoteChange(SqliteConnection connection, SqliteTransaction transaction, IEnumerable<string> slugs)
    {
        connection.Execute("UPDATE case_study_changes SET version = version + 1", transaction: transaction);
        return connection.Execute("INSERT OR IGNORE INTO pending_index VALUES (@slug)", slugs.Select(slug => new { slug }), transaction);
    }

    /// <summary>Rewrites the sentence vectors of tables version 1, which kept them as float16. Harmless when another process was here first.</summary>
    internal static void UpgradeFrom1(SqliteConnection connection, SqliteTransaction transaction)
    {
        foreach (var slug in connection.Query<string>("SELECT slug FROM case_studies", transaction: transaction).ToList())
        {
            var (vectors, size) = connection.QuerySingle<(byte[] Vectors, long Dimension)>("SELECT vectors, dimension FROM case_studies WHERE slug = @slug", new { slug }, transaction);
            var dimension = (int)size;
            var counts = MemoryMarshal.Cast<byte, int>(vectors.AsSpan(0, 8));
            var at = (4 * (2 + (2 * counts[0]) + (2 * counts[1]))) + (4 * dimension * (2 + counts[0]));
            if (vectors.Length != at + (2 * dimension * counts[1])) continue;

            var floats = new float[dimension * counts[1]];
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(vectors.AsSpan(at)), floats);
            var quantized = QuantizedVectors.Of(Rows(floats, counts[1], dimension), dimension);
            byte[] upgraded = [.. vectors.AsSpan(0, at), .. MemoryMarshal.AsBytes(quantized.Scales), .. MemoryMarshal.AsBytes(quantized.Codes)];
            connection.Execute("UPDATE case_studies SET vectors = @upgraded WHERE slug = @slug", new { slug, upgraded }, transaction);
        }
    }

    // Layout, little-endian: passages, sentences (int32 counts); spans (int32 pairs) of both; title, topics and passage vectors (float32); scales (float32) and codes (8 bits) of the sentence vectors.
    internal static byte[] Pack(IndexedCaseStudy item)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(item.Passages.Count);
        writer.Write(item.Sentences.Count);
        foreach (var passage in item.Passages)
        {
            writer.Write(passage.Start);
            writer.Write(passage.Start + passage.Text.Length);
        }

        foreach (var sentence in item.Sentences)
        {
            writer.Write(sentence.Start);
            writer.Write(sentence.End);
        }

        writer.Write(MemoryMarshal.AsBytes(item.TitleEmbedding.Span));
        writer.Write(MemoryMarshal.AsBytes(item.TopicsEmbedding.Span));
        foreach (var embedding in item.PassageEmbeddings) writer.Write(MemoryMarshal.AsBytes(embedding.Span));
        writer.Write(MemoryMarshal.AsBytes(item.SentenceEmbeddings.Scales));
        writer.Write(MemoryMarshal.AsBytes(item.SentenceEmbeddings.Codes));
        return stream.ToArray();
    }

    private IndexedCaseStudy Read(string slug, string json, byte[] vectors, int dimension)
    {
        try
        {
            return Unpack(json, vectors, dimension);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or IndexOutOfRangeException)
        {
            throw new BadInputException($"{database.Path}: what is stored of the case study {slug} is damaged ({e.Message}). Restore a copy, or move the file away and ingest again.", e);
        }
    }

    internal static IndexedCaseStudy Unpack(string json, byte[] vectors, int dimension)
    {
        var caseStudy = JsonSerializer.Deserialize<CaseStudy>(json, CoopJson.Options) ?? throw new JsonException("the text is null");
        var ints = MemoryMarshal.Cast<byte, int>(vectors.AsSpan(0, vectors.Length / 4 * 4));
        var (passageCount, sentenceCount) = (ints[0], ints[1]);
        // Before any memory is taken for what the counts promise.
        var expected = (4L * (2 + (2L * passageCount) + (2L * sentenceCount))) + (4L * dimension * (2L + passageCount)) + ((4L + dimension) * sentenceCount);
        if (passageCount < 0 || sentenceCount < 0 || expected != vectors.Length)
            throw new ArgumentException($"{vectors.Length} bytes of vectors for {passageCount} passages and {sentenceCount} sentences");
        var passages = new Passage[passageCount];
        for (var i = 0; i < passageCount; i++)
        {
            var (start, end) = (ints[2 + (2 * i)], ints[3 + (2 * i)]);
            passages[i] = new Passage(Passage.IdOf(caseStudy.Slug, i), caseStudy.Slug, i, caseStudy.Text[start..end], start);
        }

        var sentences = new TextSpan[sentenceCount];
        for (var i = 0; i < sentenceCount; i++)
        {
            var at = 2 + (2 * passageCount) + (2 * i);
            sentences[i] = new TextSpan(ints[at], ints[at + 1]);
        }

        var offset = 4 * (2 + (2 * passageCount) + (2 * sentenceCount));
        var full = MemoryMarshal.Cast<byte, float>(vectors.AsSpan(offset, 4 * dimension * (2 + passageCount))).ToArray();
        offset += 4 * full.Length;
        var scales = MemoryMarshal.Cast<byte, float>(vectors.AsSpan(offset, 4 * sentenceCount));
        var codes = MemoryMarshal.Cast<byte, sbyte>(vectors.AsSpan(offset + (4 * sentenceCount), dimension * sentenceCount));
        return new IndexedCaseStudy(
            caseStudy, passages, Rows(full.AsMemory(2 * dimension), passageCount, dimension), sentences, QuantizedVectors.From(codes, scales, dimension), full.AsMemory(0, dimension), full.AsMemory(dimension, dimension));
    }

    private static IReadOnlyList<ReadOnlyMemory<float>> Rows(ReadOnlyMemory<float> floats, int count, int dimension) =>
        [.. Enumerable.Range(0, count).Select(i => floats.Slice(i * dimension, dimension))];
}
