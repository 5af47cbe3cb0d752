using System.Globalization;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Versions of case studies and the imports that brought them, in the database beside what search reads.</summary>
public sealed class CaseStudyHistory(CoopDatabase database) : ICaseStudyHistory
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS case_study_versions (
            slug TEXT NOT NULL,
            number INTEGER NOT NULL,
            state TEXT NOT NULL,
            json TEXT NOT NULL,
            contacts TEXT,
            at TEXT NOT NULL,
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            reason TEXT,
            read_from TEXT NOT NULL,
            import_id TEXT,
            PRIMARY KEY (slug, number)
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS case_study_versions_by_time ON case_study_versions (at);
        CREATE INDEX IF NOT EXISTS case_study_versions_by_import ON case_study_versions (import_id);
        CREATE TABLE IF NOT EXISTS quarantine (
            slug TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            reasons TEXT NOT NULL,
            at TEXT NOT NULL,
            released_by TEXT,
            released_reason TEXT,
            released_at TEXT
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS case_study_twins (slug TEXT PRIMARY KEY, twin TEXT) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS imports (
            id TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            at TEXT NOT NULL,
            role TEXT NOT NULL,
            name TEXT NOT NULL,
            sources TEXT NOT NULL,
            columns TEXT NOT NULL DEFAULT '{}'
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS import_entries (
            import_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            action TEXT NOT NULL,
            slug TEXT,
            title TEXT,
            file TEXT NOT NULL,
            place TEXT,
            reason TEXT,
            twin TEXT,
            origins TEXT,
            contacts TEXT,
            notes TEXT,
            json TEXT,
            hash TEXT,
            model TEXT,
            dimension INTEGER,
            vectors BLOB,
            PRIMARY KEY (import_id, number)
        );
        CREATE INDEX IF NOT EXISTS import_entries_by_hash ON import_entries (hash, model);
        CREATE TABLE IF NOT EXISTS import_columns (name TEXT PRIMARY KEY, field TEXT NOT NULL) WITHOUT ROWID;
        """;

    private const string Columns = "slug AS Slug, number AS Number, state AS State, json AS Json, contacts AS Contacts, at AS At, role AS Role, name AS Name, reason AS Reason, read_from AS ReadFrom, import_id AS ImportId";

    private sealed record Row(string Slug, long Number, string State, string Json, string? Contacts, string At, string Role, string Name, string? Reason, string ReadFrom, string? ImportId)
    {
        public CaseStudyVersion ToVersion() => new(
            Slug, (int)Number, Enum.Parse<CaseStudyState>(State), Parse<CaseStudy>(Json), Contacts is null ? [] : Parse<string[]>(Contacts), Time(At), new CaseStudyEditor(Role, Name, Reason), ReadFrom, ImportId);
    }

    private sealed record ImportRow(string Id, string State, string At, string Role, string Name, string Sources, string Columns);

    private sealed record EntryRow(long Number, string Action, string? Slug, string? Title, string File, string? Place, string? Reason, string? Twin, string? Origins, string? Contacts, string? Notes, string? Json);

    public IReadOnlyList<CaseStudyVersion> Of(string slug) => database.Read(c => Of(c, slug));

    public CaseStudyVersion? Latest(string slug) => database.Read(c => Latest(c, slug));

    public IReadOnlyList<CaseStudyVersion> InState(CaseStudyState state) => database.Read(c => c.Query<Row>(
        $"SELECT {Columns} FROM case_study_versions v WHERE state = @state AND number = (SELECT max(number) FROM case_study_versions WHERE slug = v.slug) ORDER BY at DESC, slug", new { state = state.ToString() })
        .Select(r => r.ToVersion()).ToList());

    public IReadOnlyList<CaseStudyVersion> PublishedSince(DateTimeOffset since, int take) => database.Read(c => c.Query<Row>(
        $"SELECT {Columns} FROM case_study_versions v WHERE state = 'Published' AND at >= @since AND role <> 'service' AND number = (SELECT max(number) FROM case_study_versions WHERE slug = v.slug) ORDER BY at DESC, slug LIMIT @take",
        new { since = Text(since), take }).Select(r => r.ToVersion()).ToList());

    public int Write(IEnumerable<CaseStudyChange> changes, string model, DateTimeOffset at, (string Id, ImportState State)? appliedImport = null) => database.Write((connection, transaction) =>
    {
        var count = 0;
        foreach (var change in changes)
        {
            var slug = change.CaseStudy.Slug;
            var latest = Latest(connection, slug, transaction);
            if (change.Expected is { } expected && (latest?.Number ?? 0) != expected) throw new StaleCaseStudyException(latest!);
            // What was stored before there were versions is the first one.
            if (latest is { Number: 1 } && latest.By.Role == "service" && !Exists(connection, slug, transaction)) Insert(connection, transaction, latest);
            Insert(connection, transaction, new CaseStudyVersion(slug, (latest?.Number ?? 0) + 1, change.State, change.CaseStudy, change.Contacts, at, change.By, change.From, change.ImportId));
            if (change.State == CaseStudyState.Published)
                CaseStudyLibrary.Save(connection, transaction, database.Look, [change.Indexed ?? throw new ArgumentException($"{slug} is to be published without vectors.", nameof(changes))], model, change.From, at);
            else if (change.State == CaseStudyState.Withdrawn) CaseStudyLibrary.Delete(connection, transaction, [slug]);
            count++;
        }

        if (appliedImport is { } import)
        {
            connection.Execute("UPDATE imports SET state = @state WHERE id = @id", new { state = import.State.ToString(), id = import.Id }, transaction);
            // The vectors are in their place now.
            connection.Execute("UPDATE import_entries SET vectors = NULL, model = NULL WHERE import_id = @id", new { id = import.Id }, transaction);
        }

        return count;
    });

    public IReadOnlyDictionary<string, string> Published() => database.Read(c =>
        c.Query<(string Slug, string Hash)>("SELECT slug, hash FROM case_studies").ToDictionary(r => r.Slug, r => r.Hash, StringComparer.Ordinal));

    public IEnumerable<CaseStudy> ReadPublished() => Pages("SELECT slug AS Slug, json AS Json FROM case_studies WHERE slug > @after ORDER BY slug LIMIT 200").Select(Parse<CaseStudy>);

    public void BeginImport(string id, CaseStudyEditor by, IReadOnlyList<string> sources, DateTimeOffset at) => database.Write((c, t) => c.Execute(
        "INSERT INTO imports (id, state, at, role, name, sources) VALUES (@id, 'Previewed', @at, @Role, @Name, @sources)", new { id, at = Text(at), by.Role, by.Name, sources = Json(sources) }, t));

    public void Stage(string id, IReadOnlyList<ImportEntry> entries)
    {
        var rows = entries.Select(e => new
        {
            id,
            e.Number,
            action = e.Action.ToString(),
            e.Slug,
            e.Title,
            file = e.Source.File,
            place = e.Source.Place,
            e.Reason,
            twin = e.Twin is null ? null : Json(e.Twin),
            origins = e.Origins.Count == 0 ? null : Json(e.Origins),
            contacts = e.Contacts.Count == 0 ? null : Json(e.Contacts),
            notes = e.Notes.Count == 0 ? null : Json(e.Notes),
            json = e.CaseStudy is null || e.Action is ImportAction.Unchanged ? null : Json(e.CaseStudy),
            hash = e.CaseStudy?.ContentHash,
        }).ToList();
        database.Write((c, t) => c.Execute(
            """
            INSERT INTO import_entries (import_id, number, action, slug, title, file, place, reason, twin, origins, contacts, notes, json, hash)
            VALUES (@id, @Number, @action, @Slug, @Title, @file, @place, @Reason, @twin, @origins, @contacts, @notes, @json, @hash)
            """, rows, t));
    }

    public void NoteColumns(string id, string sheet, IReadOnlyDictionary<string, string?> columns) => database.Write((c, t) =>
    {
        var noted = Parse<Dictionary<string, Dictionary<string, string?>>>(c.ExecuteScalar<string>("SELECT columns FROM imports WHERE id = @id", new { id }, t)!);
        noted[sheet] = columns.ToDictionary(p => p.Key, p => p.Value);
        return c.Execute("UPDATE imports SET columns = @json WHERE id = @id", new { id, json = Json(noted) }, t);
    });

    public IReadOnlyDictionary<string, string> KeptColumns() => database.Read(c =>
        c.Query<(string Name, string Field)>("SELECT name, field FROM import_columns").ToDictionary(r => r.Name, r => r.Field, StringComparer.OrdinalIgnoreCase));

    public void KeepColumns(IReadOnlyDictionary<string, string> columns) => database.Write((c, t) => c.Execute(
        "INSERT INTO import_columns VALUES (@Key, @Value) ON CONFLICT (name) DO UPDATE SET field = excluded.field", columns.Select(p => new { p.Key, p.Value }), t));

    public ImportSummary? Import(string id) => database.Read(c => c.QueryFirstOrDefault<ImportRow>(
        "SELECT id AS Id, state AS State, at AS At, role AS Role, name AS Name, sources AS Sources, columns AS Columns FROM imports WHERE id = @id", new { id }) is { } row ? Summary(c, row) : null);

    public IReadOnlyList<ImportSummary> Imports(int take) => database.Read(c => c.Query<ImportRow>(
        "SELECT id AS Id, state AS State, at AS At, role AS Role, name AS Name, sources AS Sources, columns AS Columns FROM imports ORDER BY at DESC, id LIMIT @take", new { take }).ToList().Select(r => Summary(c, r)).ToList());

    public IEnumerable<ImportEntry> Entries(string id, ImportAction? action = null, int skip = 0, int take = int.MaxValue)
    {
        var after = 0L;
        while (take > 0)
        {
            var page = database.Read(c => c.Query<EntryRow>(
                "SELECT number AS Number, action AS Action, slug AS Slug, title AS Title, file AS File, place AS Place, reason AS Reason, twin AS Twin, origins AS Origins, contacts AS Contacts, notes AS Notes, json AS Json " +
                "FROM import_entries WHERE import_id = @id AND number > @after AND (@action IS NULL OR action = @action) ORDER BY number LIMIT @take OFFSET @skip",
                new { id, after, action = action?.ToString(), take = Math.Min(take, 100), skip }).ToList());
            if (page.Count == 0) yield break;
            skip = 0;
            after = page[^1].Number;
            take -= page.Count;
            foreach (var row in page) yield return Entry(row);
        }
    }

    public void KeepVectors(string id, IReadOnlyList<(int Number, IndexedCaseStudy Indexed)> vectors, string model) => database.Write((c, t) => c.Execute(
        "UPDATE import_entries SET vectors = @packed, model = @model, dimension = @dimension WHERE import_id = @id AND number = @number",
        vectors.Select(v => new { id, number = v.Number, packed = CaseStudyLibrary.Pack(v.Indexed), model, dimension = v.Indexed.TitleEmbedding.Length }), t));

    public IndexedCaseStudy? VectorsOf(string id, int number, CaseStudy caseStudy, string model) => database.Read(c =>
        c.QueryFirstOrDefault<(byte[]? Vectors, long Dimension)>(
            "SELECT vectors, dimension FROM import_entries WHERE hash = @hash AND model = @model AND vectors IS NOT NULL ORDER BY import_id = @id AND number = @number DESC LIMIT 1",
            new { hash = caseStudy.ContentHash, model, id, number }) is { Vectors: { } packed } row ? CaseStudyLibrary.Unpack(Json(caseStudy), packed, (int)row.Dimension) : null);

    public void Drop(string id) => database.Write((c, t) =>
    {
        if (c.ExecuteScalar<string>("SELECT state FROM imports WHERE id = @id", new { id }, t) != nameof(ImportState.Previewed)) return 0;
        c.Execute("DELETE FROM import_entries WHERE import_id = @id", new { id }, t);
        return c.Execute("DELETE FROM imports WHERE id = @id", new { id }, t);
    });

    public IReadOnlyDictionary<string, string> Twins() => database.Read(Twins);

    public IReadOnlySet<string> OwnStories() => database.Read(c => c.Query<string>("SELECT slug FROM case_study_twins WHERE twin IS NULL").ToHashSet(StringComparer.Ordinal));

    public void SetTwins(IReadOnlyDictionary<string, string?> twins) => database.Write((c, t) =>
    {
        var rows = c.Execute("INSERT INTO case_study_twins VALUES (@Key, @Value) ON CONFLICT (slug) DO UPDATE SET twin = excluded.twin", twins.Select(p => new { p.Key, p.Value }), t);
        // Search looks again.
        return rows + c.Execute("UPDATE case_study_changes SET version = version + 1", transaction: t);
    });

    private const string Waiting = "FROM quarantine q JOIN case_studies c ON c.slug = q.slug AND c.hash = q.hash WHERE q.released_at IS NULL";

    public IReadOnlyList<QuarantinedCaseStudy> InQuarantine(string? slug = null) => database.Read(c =>
        c.Query<(string Slug, string Json, string Reasons, string At)>($"SELECT q.slug, c.json, q.reasons, q.at {Waiting} AND (@slug IS NULL OR q.slug = @slug) ORDER BY q.at, q.slug", new { slug }).ToList()
            .Select(r => (Row: r, CaseStudy: Parse<CaseStudy>(r.Json)))
            .Select(r => new QuarantinedCaseStudy(r.Row.Slug, r.CaseStudy.Title, r.CaseStudy.LeadMember, Latest(c, r.Row.Slug)?.Number ?? 1, Parse<string[]>(r.Row.Reasons), Time(r.Row.At))).ToList());

    public bool Release(string slug, CaseStudyEditor by, DateTimeOffset at) => database.Write((c, t) =>
    {
        var released = c.Execute("UPDATE quarantine SET released_by = @Name, released_reason = @Reason, released_at = @at WHERE slug = @slug AND released_at IS NULL", new { slug, by.Name, by.Reason, at = Text(at) }, t) > 0;
        // Search looks again.
        if (released) c.Execute("UPDATE case_study_changes SET version = version + 1", transaction: t);
        return released;
    });

    internal static HashSet<string> Quarantined(SqliteConnection connection) => connection.Query<string>($"SELECT q.slug {Waiting}").ToHashSet(StringComparer.Ordinal);

    /// <summary>Puts a case study that is being stored into quarantine, or takes it out when nothing speaks against it any more. A text that a person released stays released.</summary>
    internal static void Weigh(SqliteConnection connection, SqliteTransaction transaction, CaseStudy caseStudy, IReadOnlyList<string> reasons, DateTimeOffset at)
    {
        var (slug, hash) = (caseStudy.Slug, caseStudy.ContentHash);
        connection.Execute("DELETE FROM quarantine WHERE slug = @slug AND (@none OR hash <> @hash)", new { slug, hash, none = reasons.Count == 0 }, transaction);
        if (reasons.Count > 0)
            connection.Execute("INSERT INTO quarantine (slug, hash, reasons, at) VALUES (@slug, @hash, @reasons, @at) ON CONFLICT (slug) DO NOTHING", new { slug, hash, reasons = Json(reasons), at = Text(at) }, transaction);
    }

    internal static IReadOnlyDictionary<string, string> Twins(SqliteConnection connection) =>
        connection.Query<(string Slug, string Twin)>("SELECT t.slug, t.twin FROM case_study_twins t JOIN case_studies c ON c.slug = t.twin WHERE t.twin IS NOT NULL").ToDictionary(r => r.Slug, r => r.Twin, StringComparer.Ordinal);

    private static List<CaseStudyVersion> Of(SqliteConnection connection, string slug)
    {
        var versions = connection.Query<Row>($"SELECT {Columns} FROM case_study_versions WHERE slug = @slug ORDER BY number", new { slug }).Select(r => r.ToVersion()).ToList();
        return versions.Count > 0 ? versions : First(connection, slug) is { } first ? [first] : [];
    }

    private static CaseStudyVersion? Latest(SqliteConnection connection, string slug, SqliteTransaction? transaction = null) =>
        connection.QueryFirstOrDefault<Row>($"SELECT {Columns} FROM case_study_versions WHERE slug = @slug ORDER BY number DESC LIMIT 1", new { slug }, transaction)?.ToVersion() ?? First(connection, slug, transaction);

    private static CaseStudyVersion? First(SqliteConnection connection, string slug, SqliteTransaction? transaction = null) =>
        connection.QueryFirstOrDefault<(string? Json, string At, string From)>("SELECT json, read_at, read_from FROM case_studies WHERE slug = @slug", new { slug }, transaction) is { Json: { } json } row
            ? new CaseStudyVersion(slug, 1, CaseStudyState.Published, Parse<CaseStudy>(json), [], Time(row.At), new CaseStudyEditor("service", "the service"), row.From, null) : null;

    private static bool Exists(SqliteConnection connection, string slug, SqliteTransaction transaction) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM case_study_versions WHERE slug = @slug", new { slug }, transaction) > 0;

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, CaseStudyVersion v) => connection.Execute(
        """
        INSERT INTO case_study_versions (slug, number, state, json, contacts, at, role, name, reason, read_from, import_id)
        VALUES (@Slug, @Number, @state, @json, @contacts, @at, @Role, @Name, @Reason, @From, @ImportId)
        """,
        new { v.Slug, v.Number, state = v.State.ToString(), json = Json(v.CaseStudy), contacts = v.Contacts.Count == 0 ? null : Json(v.Contacts), at = Text(v.At), v.By.Role, v.By.Name, v.By.Reason, v.From, v.ImportId }, transaction);

    private static ImportSummary Summary(SqliteConnection connection, ImportRow row)
    {
        var counts = connection.Query<(string Action, long Count)>("SELECT action, count(*) FROM import_entries WHERE import_id = @Id GROUP BY action", new { row.Id })
            .ToDictionary(r => Enum.Parse<ImportAction>(r.Action), r => (int)r.Count);
        var twins = connection.ExecuteScalar<int>("SELECT count(*) FROM import_entries WHERE import_id = @Id AND twin IS NOT NULL", new { row.Id });
        var columns = Parse<Dictionary<string, Dictionary<string, string?>>>(row.Columns).ToDictionary(p => p.Key, p => (IReadOnlyDictionary<string, string?>)p.Value);
        return new ImportSummary(row.Id, Enum.Parse<ImportState>(row.State), Time(row.At), new CaseStudyEditor(row.Role, row.Name), Parse<string[]>(row.Sources), counts, twins, columns);
    }

    private static ImportEntry Entry(EntryRow r) => new(
        (int)r.Number, Enum.Parse<ImportAction>(r.Action), r.Slug, r.Title, new SourcePlace(r.File, r.Place), r.Reason, r.Twin is null ? null : Parse<SameStory>(r.Twin),
        r.Origins is null ? new Dictionary<string, string>() : Parse<Dictionary<string, string>>(r.Origins), r.Contacts is null ? [] : Parse<string[]>(r.Contacts), r.Notes is null ? [] : Parse<string[]>(r.Notes),
        r.Json is null ? null : Parse<CaseStudy>(r.Json));

    // One page of rows at a time, so that a reader who stops holds nothing open.
    private IEnumerable<string> Pages(string sql)
    {
        var after = "";
        while (true)
        {
            var page = database.Read(c => c.Query<(string Slug, string Json)>(sql, new { after }).ToList());
            if (page.Count == 0) yield break;
            after = page[^1].Slug;
            foreach (var row in page) yield return row.Json;
        }
    }

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, CoopJson.Options) ?? throw new BadInputException("What is stored of a case study's history is damaged. Restore a copy of the database.");

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, CoopJson.Options);

    private static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string at) => DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
}
