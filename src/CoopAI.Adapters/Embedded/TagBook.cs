using CoopAI.Core.Answering;
using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging;
using Dapper;

namespace CoopAI.Adapters.Embedded;

/// <summary>The tags that answers and pages show: published ones, staff's decisions, and the suggestions of the last time the corpus was tagged.</summary>
/// <remarks>Suggestions are read, never made here: an answer must not wait for the tagger to train. Of a text that changed since, none are shown.</remarks>
public sealed class TagBook(CoopDatabase database, TagDecisionStore decisions) : ITagBook
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS tag_suggestions (
            slug TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            version TEXT NOT NULL,
            given TEXT NOT NULL
        ) WITHOUT ROWID;
        """;

    private readonly Lock _loading = new();
    private (string Version, ILookup<string, string> Decided)? _decided;

    public PrincipleTags TagsOf(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        var given = database.Read(c => c.QueryFirstOrDefault<string>(
            "SELECT given FROM tag_suggestions WHERE slug = @Slug AND hash = @ContentHash", new { caseStudy.Slug, caseStudy.ContentHash })) ?? "";
        return new(caseStudy.Principles, InOrder(given.Split(' ')), InOrder(Decided()[caseStudy.Slug]));
    }

    /// <summary>Keeps what the tagger suggests for stored case studies.</summary>
    public void Save(IEnumerable<(CaseStudy CaseStudy, TagSuggestion Suggestion)> suggestions)
    {
        var rows = suggestions.Select(s => new
        {
            s.CaseStudy.Slug,
            s.CaseStudy.ContentHash,
            s.Suggestion.Version,
            given = string.Join(' ', s.Suggestion.Tags.Where(t => t.Decision is TagDecision.Yes).Select(t => t.Id)),
        }).ToList();
        database.Write((connection, transaction) => connection.Execute(
            """
            INSERT INTO tag_suggestions (slug, hash, version, given) VALUES (@Slug, @ContentHash, @Version, @given)
            ON CONFLICT (slug) DO UPDATE SET hash = excluded.hash, version = excluded.version, given = excluded.given
            """, rows, transaction));
    }

    private ILookup<string, string> Decided()
    {
        var version = decisions.GetVersion();
        lock (_loading)
        {
            if (_decided?.Version != version)
                _decided = (version, decisions.GetStanding().Where(d => d.IsYes).ToLookup(d => d.Slug, d => d.Principle, StringComparer.Ordinal));
            return _decided.Value.Decided;
        }
    }

    private static IReadOnlyList<string> InOrder(IEnumerable<string> ids) => [.. PrincipleIds.All.Intersect(ids, StringComparer.Ordinal)];
}
