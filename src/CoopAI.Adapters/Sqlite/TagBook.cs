using System.Collections.Concurrent;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using Dapper;

namespace CoopAI.Adapters.Sqlite;

/// <summary>The tags that answers and pages show: published ones, staff's decisions, and the suggestions of the last time the corpus was tagged.</summary>
/// <remarks>Suggestions are read, never made here: an answer must not wait for the tagger to train. Of a text that changed since, none are shown.</remarks>
public sealed class TagBook(CoopDatabase database, TagDecisionStore decisions) : ITagBook, ITagSuggestions
{
    // All of it can be made again from case studies and decisions, so an older layout is dropped, not converted.
    internal const string Schema = """
        DROP TABLE IF EXISTS tag_suggestions;
        CREATE TABLE IF NOT EXISTS corpus_tags (
            slug TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            basis TEXT NOT NULL,
            given TEXT NOT NULL,
            json TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS tag_figures (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            basis TEXT NOT NULL,
            json TEXT NOT NULL
        );
        """;

    private readonly Lock _loading = new();
    private (string Version, ILookup<string, StaffDecision> Decided)? _decided;
    private (ILookup<string, StaffDecision> Decided, int Change, Dictionary<(string Slug, string Hash), string[]> Given, ConcurrentDictionary<(string Slug, string Hash), IReadOnlyList<string>> Known)? _standing;

    /// <summary>Grows whenever this process wrote or read suggestions anew.</summary>
    private int _change;

    public IReadOnlyDictionary<string, PrincipleTags> TagsOf(IReadOnlyCollection<CaseStudy> caseStudies)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        // All in one look into the database: an answer shows ten, a search up to a hundred.
        var given = database.Read(c => c.Query<(string Slug, string Hash, string Given)>(
            "SELECT slug, hash, given FROM corpus_tags WHERE slug IN @slugs", new { slugs = caseStudies.Select(s => s.Slug) }).ToDictionary(r => (r.Slug, r.Hash), r => r.Given));
        var decided = Decided();
        return caseStudies.ToDictionary(
            c => c.Slug, c => new PrincipleTags(c.Principles, InOrder((given.GetValueOrDefault((c.Slug, c.ContentHash)) ?? "").Split(' ')), InOrder(decided[c.Slug].Where(d => d.IsYes).Select(d => d.Principle)))
            {
                Rejected = InOrder(decided[c.Slug].Where(d => !d.IsYes).Select(d => d.Principle)),
            }, StringComparer.Ordinal);
    }

    public Func<CaseStudy, IReadOnlyList<string>> Standing()
    {
        var decided = Decided();
        var (given, known) = Given(decided);
        return c => known.GetOrAdd((c.Slug, c.ContentHash), key =>
        {
            var suggested = given.GetValueOrDefault(key) ?? [];
            return [.. PrincipleIds.All.Where(id => decided[c.Slug].FirstOrDefault(d => d.Principle == id)?.IsYes
                ?? (c.Principles?.Contains(id, StringComparer.Ordinal) == true || suggested.Contains(id, StringComparer.Ordinal)))];
        });
    }

    public IReadOnlyList<EvidencedTag> EvidenceOf(IReadOnlyCollection<CaseStudy> caseStudies)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        var hashes = caseStudies.ToDictionary(c => c.Slug, c => c.ContentHash, StringComparer.Ordinal);
        var suggested = database.Read(c => c.Query<(string Slug, string Hash, string Json)>("SELECT slug, hash, json FROM corpus_tags WHERE slug IN @slugs", new { slugs = hashes.Keys }).ToList())
            .Where(r => hashes[r.Slug] == r.Hash)
            .ToDictionary(r => r.Slug, r => JsonSerializer.Deserialize<StoredSuggestion>(r.Json, CoopJson.Options)!.Suggestion, StringComparer.Ordinal);
        var decided = Decided();
        return
        [
            .. caseStudies.OrderBy(c => c.Slug, StringComparer.Ordinal).SelectMany(c => PrincipleIds.All.SelectMany(id =>
            {
                var decision = decided[c.Slug].FirstOrDefault(d => d.Principle == id);
                var tags = new List<EvidencedTag>();
                if (decision is { IsYes: true }) tags.Add(new(c.Slug, id, "decided", decision.Sentence is { } shown && c.Text.Contains(shown, StringComparison.Ordinal) ? [shown] : []));
                if (suggested.GetValueOrDefault(c.Slug)?.Tags.FirstOrDefault(t => t.Id == id) is { Decision: TagDecision.Yes } tag)
                    tags.Add(new(c.Slug, id, "inferred", [.. tag.Evidence.Select(e => e.Sentence)], Rejected: decision is { IsYes: false }));
                return tags;
            })),
        ];
    }

    /// <summary>Whether the corpus was ever tagged.</summary>
    public bool HasSuggestions => database.Read(c => c.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM corpus_tags)")) == 1;

    /// <summary>Suggestions made on this basis, by slug.</summary>
    public IReadOnlyDictionary<string, StoredSuggestion> Load(string basis)
    {
        Interlocked.Increment(ref _change);
        // Suggestions that another hand altered are made again.
        return database.Read(c => StateSeals.FitsDigest(c, "corpus_tags") ? c.Query<string>("SELECT json FROM corpus_tags WHERE basis = @basis", new { basis }).ToList() : [])
            .AsParallel().Select(json => JsonSerializer.Deserialize<StoredSuggestion>(json, CoopJson.Options)!).ToDictionary(s => s.Slug, StringComparer.Ordinal);
    }

    /// <summary>The figures of the tagger on this basis, or null.</summary>
    public TagFigures? LoadFigures(string basis) => database.Read(c => StateSeals.FitsDigest(c, "tag_figures") ? c.QueryFirstOrDefault<string>("SELECT json FROM tag_figures WHERE basis = @basis", new { basis }) : null) is { } json
        ? JsonSerializer.Deserialize<TagFigures>(json, CoopJson.Options) : null;

    /// <summary>Keeps suggestions; those for case studies that are gone go.</summary>
    /// <param name="basis">What they depend on besides the case studies.</param>
    /// <param name="made">New ones.</param>
    /// <param name="slugs">All stored case studies.</param>
    public void Save(string basis, IEnumerable<StoredSuggestion> made, IReadOnlyCollection<string> slugs)
    {
        var rows = made.Select(s => new
        {
            s.Slug,
            s.Hash,
            basis,
            given = string.Join(' ', s.Suggestion.Tags.Where(t => t.Decision is TagDecision.Yes).Select(t => t.Id)),
            json = JsonSerializer.Serialize(s, CoopJson.Options),
        }).ToList();
        var known = slugs.ToHashSet(StringComparer.Ordinal);
        database.Write((connection, transaction) =>
        {
            connection.Execute(
                """
                INSERT INTO corpus_tags (slug, hash, basis, given, json) VALUES (@Slug, @Hash, @basis, @given, @json)
                ON CONFLICT (slug) DO UPDATE SET hash = excluded.hash, basis = excluded.basis, given = excluded.given, json = excluded.json
                """, rows, transaction);
            var gone = connection.Query<string>("SELECT slug FROM corpus_tags", transaction: transaction).Where(s => !known.Contains(s)).ToList();
            connection.Execute("DELETE FROM corpus_tags WHERE slug = @slug", gone.Select(slug => new { slug }), transaction);
            StateSeals.KeepDigest(connection, transaction, "corpus_tags");
        });
        Interlocked.Increment(ref _change);
    }

    /// <summary>Keeps the figures in the place of those on another basis.</summary>
    public void SaveFigures(string basis, TagFigures figures) => database.Write((connection, transaction) =>
    {
        connection.Execute(
            "INSERT INTO tag_figures (id, basis, json) VALUES (1, @basis, @json) ON CONFLICT (id) DO UPDATE SET basis = excluded.basis, json = excluded.json",
            new { basis, json = JsonSerializer.Serialize(figures, CoopJson.Options) }, transaction);
        StateSeals.KeepDigest(connection, transaction, "tag_figures");
    });

    private ILookup<string, StaffDecision> Decided()
    {
        var version = decisions.GetVersion();
        lock (_loading)
        {
            if (_decided?.Version != version)
                _decided = (version, decisions.GetStanding().ToLookup(d => d.Slug, StringComparer.Ordinal));
            return _decided.Value.Decided;
        }
    }

    /// <summary>The suggested principles of each stored text, read once for each change, with what was worked out from them.</summary>
    private (Dictionary<(string Slug, string Hash), string[]> Given, ConcurrentDictionary<(string Slug, string Hash), IReadOnlyList<string>> Known) Given(ILookup<string, StaffDecision> decided)
    {
        lock (_loading)
        {
            var change = Volatile.Read(ref _change);
            if (_standing is not { } standing || standing.Change != change || !ReferenceEquals(standing.Decided, decided))
            {
                var given = _standing is { } older && older.Change == change ? older.Given
                    : database.Read(c => c.Query<(string Slug, string Hash, string Given)>("SELECT slug, hash, given FROM corpus_tags").ToDictionary(r => (r.Slug, r.Hash), r => r.Given.Split(' ')));
                _standing = standing = (decided, change, given, new());
            }

            return (standing.Given, standing.Known);
        }
    }

    private static IReadOnlyList<string> InOrder(IEnumerable<string> ids) => [.. PrincipleIds.All.Intersect(ids, StringComparer.Ordinal)];
}
