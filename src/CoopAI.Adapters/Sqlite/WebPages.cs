using System.Globalization;
using Dapper;

namespace CoopAI.Adapters.Sqlite;

/// <summary>A page as it was fetched.</summary>
/// <param name="Key">The address that was asked for.</param>
/// <param name="Address">The one that answered, after redirects.</param>
/// <param name="Body">Empty once its import is applied.</param>
public sealed record WebPage(string Key, string Address, string? ContentType, string? ETag, string? LastModified, DateTimeOffset FetchedAt, byte[] Body);

/// <summary>What is known of pages that were fetched: when, with which marks, and until their import is applied what they said.</summary>
public sealed class WebPages(CoopDatabase database)
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS web_pages (
            key TEXT PRIMARY KEY,
            address TEXT NOT NULL,
            content_type TEXT,
            etag TEXT,
            last_modified TEXT,
            fetched_at TEXT NOT NULL,
            body BLOB,
            applied INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        """;

    private sealed record Row(string Key, string Address, string? ContentType, string? ETag, string? LastModified, string FetchedAt, byte[]? Body, long Applied);

    public WebPage? Find(string key) => database.Read(c => c.QueryFirstOrDefault<Row>(
        "SELECT key AS Key, address AS Address, content_type AS ContentType, etag AS ETag, last_modified AS LastModified, fetched_at AS FetchedAt, body AS Body, applied AS Applied FROM web_pages WHERE key = @key", new { key })
        is { } r ? new WebPage(r.Key, r.Address, r.ContentType, r.Applied == 1 ? r.ETag : null, r.Applied == 1 ? r.LastModified : null, DateTimeOffset.Parse(r.FetchedAt, CultureInfo.InvariantCulture), r.Body ?? []) : null);

    /// <summary>Addresses that are in the corpus, in order.</summary>
    public IReadOnlyList<string> All() => database.Read(c => c.Query<string>("SELECT key FROM web_pages WHERE applied = 1 ORDER BY key").ToList());

    public void Keep(WebPage page) => database.Write((c, t) => c.Execute(
        """
        INSERT INTO web_pages (key, address, content_type, etag, last_modified, fetched_at, body, applied) VALUES (@Key, @Address, @ContentType, @ETag, @LastModified, @at, @Body, 0)
        ON CONFLICT (key) DO UPDATE SET address = excluded.address, content_type = excluded.content_type, etag = excluded.etag, last_modified = excluded.last_modified, fetched_at = excluded.fetched_at, body = excluded.body, applied = 0
        """, new { page.Key, page.Address, page.ContentType, page.ETag, page.LastModified, at = page.FetchedAt.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), page.Body }, t));

    public void NoteApplied() => database.Write((c, t) => c.Execute("UPDATE web_pages SET applied = 1, body = NULL WHERE applied = 0", transaction: t));
}
