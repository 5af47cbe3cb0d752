using System.Globalization;
using CoopAI.Core.Ledger;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using Dapper;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Staff's decisions on tags, in the database. Nothing is overwritten: a new decision on the same tag stands before the older, an undone one stays readable. Each is stored with its entry in the ledger, in one commit.</summary>
public sealed class TagDecisionStore(CoopDatabase database, SqliteLedger ledger) : ITagDecisions
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS tag_decisions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            slug TEXT NOT NULL,
            principle TEXT NOT NULL,
            verdict TEXT NOT NULL,
            by_whom TEXT NOT NULL,
            at TEXT NOT NULL,
            reason TEXT,
            version TEXT NOT NULL,
            probability REAL,
            sentence TEXT,
            undone_at TEXT
        );
        CREATE INDEX IF NOT EXISTS tag_decisions_by_slug ON tag_decisions (slug, principle);
        """;

    private sealed record Row(string Slug, string Principle, string Verdict, string By, string At, string? Reason, string Version, double? Probability, string? Sentence)
    {
        // Dapper needs a constructor whose parameters have SQLite's own types.
        public StaffDecision ToDecision() => new(
            Slug, Principle, Enum.Parse<StaffVerdict>(Verdict), By, DateTimeOffset.Parse(At, CultureInfo.InvariantCulture), Reason, Version, Probability, Sentence);
    }

    private const string Columns = "slug AS Slug, principle AS Principle, verdict AS Verdict, by_whom AS By, at AS At, reason AS Reason, version AS Version, probability AS Probability, sentence AS Sentence";

    /// <summary>Changes with every decision and every undoing, also by other processes.</summary>
    public string GetVersion() => database.Read(c => c.QuerySingle<string>("SELECT count(*) || '-' || count(undone_at) FROM tag_decisions"));

    /// <summary>The decisions that stand: the latest one of each tag that was not undone. By slug, then principle.</summary>
    public IReadOnlyList<StaffDecision> GetStanding() => database.Read(c => c.Query<Row>(
        $"SELECT {Columns} FROM tag_decisions WHERE id IN (SELECT max(id) FROM tag_decisions WHERE undone_at IS NULL GROUP BY slug, principle) ORDER BY slug, principle")
        .Select(r => r.ToDecision()).ToList());

    /// <summary>The latest decision that stands of each person on each tag: what agreement is measured on.</summary>
    public IReadOnlyList<StaffDecision> GetByPerson() => database.Read(c => c.Query<Row>(
        $"SELECT {Columns} FROM tag_decisions WHERE id IN (SELECT max(id) FROM tag_decisions WHERE undone_at IS NULL GROUP BY slug, principle, by_whom) ORDER BY slug, principle, by_whom")
        .Select(r => r.ToDecision()).ToList());

    /// <summary>The latest decision of one person that was not undone; null: there is none.</summary>
    public StaffDecision? GetLatest(string by) => database.Read(c => c.QueryFirstOrDefault<Row>(
        $"SELECT {Columns} FROM tag_decisions WHERE id = (SELECT max(id) FROM tag_decisions WHERE undone_at IS NULL AND by_whom = @by)", new { by })?.ToDecision());

    /// <summary>Decisions of one person since a moment, undone ones left out.</summary>
    public int Count(string by, DateTimeOffset since) => database.Read(c => c.ExecuteScalar<int>(
        "SELECT count(*) FROM tag_decisions WHERE undone_at IS NULL AND by_whom = @by AND at >= @since", new { by, since = since.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) }));

    /// <summary>Stores a decision and records it.</summary>
    public void Add(StaffDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ledger.Append(LedgerDraft.TagDecision(decision.Slug, decision.Principle, decision.Verdict.ToString().ToLowerInvariant(), decision.Probability, decision.By), (connection, transaction) => connection.Execute(
            """
            INSERT INTO tag_decisions (slug, principle, verdict, by_whom, at, reason, version, probability, sentence)
            VALUES (@Slug, @Principle, @verdict, @By, @at, @Reason, @Version, @Probability, @Sentence)
            """,
            new
            {
                decision.Slug,
                decision.Principle,
                verdict = decision.Verdict.ToString(),
                decision.By,
                at = decision.At.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
                decision.Reason,
                decision.Version,
                decision.Probability,
                decision.Sentence,
            },
            transaction));
    }

    /// <summary>Takes back the decision that stands on a tag; an older one on it stands again.</summary>
    /// <param name="by">Who takes it back, for the ledger.</param>
    /// <returns>The decision taken back, or null when none stood; then nothing is recorded.</returns>
    public StaffDecision? Undo(string slug, string principle, string by, DateTimeOffset at) => database.Write((connection, transaction) =>
    {
        var arguments = new { slug, principle, at = at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) };
        const string Latest = "SELECT max(id) FROM tag_decisions WHERE undone_at IS NULL AND slug = @slug AND principle = @principle";
        var row = connection.QueryFirstOrDefault<Row>($"SELECT {Columns} FROM tag_decisions WHERE id = ({Latest})", arguments, transaction);
        if (row is null) return null;
        connection.Execute($"UPDATE tag_decisions SET undone_at = @at WHERE id = ({Latest})", arguments, transaction);
        ledger.Append(connection, transaction, LedgerDraft.TagDecision(slug, principle, "undone", null, by));
        return row.ToDecision();
    });
}
