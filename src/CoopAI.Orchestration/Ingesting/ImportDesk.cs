using System.Globalization;
using System.Security.Cryptography;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Retrieval;

namespace CoopAI.Orchestration.Ingesting;

/// <summary>Imports of many: read and compared first, applied as a whole or not at all, undone as a whole.</summary>
/// <remarks>
/// A preview lies in the database, so that applying it needs no file any more. Encoding keeps what it has done: an import that was cut off goes on
/// there when it is applied again, or when the same files are imported again. Nothing of it is seen before the last step, which is one transaction.
/// </remarks>
public sealed class ImportDesk(ICaseStudyHistory history, CorpusService corpus, CaseStudyIndexer indexer, EncoderIdentity encoder, PersonalDataMask mask, TextTrust trust, ILedger ledger, TimeProvider clock)
{
    // Encoded and kept together: what a kill can cost.
    private const int Batch = 24;

    private const int StageBatch = 100;

    /// <summary>Reads everything and compares it with what is published. Nothing changes.</summary>
    /// <param name="items">Read one at a time.</param>
    /// <param name="prune">What is published but not among the items would be withdrawn.</param>
    /// <returns>The import, to be applied or dropped.</returns>
    public ImportSummary Preview(IEnumerable<ImportItem> items, IReadOnlyList<string> sources, CaseStudyEditor by, bool prune = false, string? id = null, IProgress<int>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        CaseStudyDesk.Check(by, needsReason: false, mask);
        id ??= NewId();
        // A file may be named after a person.
        sources = [.. sources.Select(Masked)];
        history.BeginImport(id, by, sources, clock.GetUtcNow());
        var published = history.Published();
        // What another hand altered is read anew, whatever its hash says.
        var unfit = corpus.FindUnfit();
        var finder = new NearDuplicates();
        var twins = history.Twins();
        var own = history.OwnStories();
        var leads = new Dictionary<string, (string? Lead, string? Url)>(StringComparer.Ordinal);
        foreach (var stored in history.ReadPublished())
        {
            leads[stored.Slug] = (stored.LeadMember, stored.Url);
            if (!twins.ContainsKey(stored.Slug) && !own.Contains(stored.Slug)) finder.Add(stored);
        }

        var seen = new Dictionary<string, (SourcePlace Source, string Hash)>(StringComparer.Ordinal);
        var staged = new List<ImportEntry>();
        var number = 0;
        var refused = 0;
        foreach (var item in items)
        {
            ct.ThrowIfCancellationRequested();
            number++;
            var entry = item.Read is { } read ? Compare(number, read with { Source = Masked(read.Source) }) : Refused(number, item.Problem!);
            if (entry is { Action: ImportAction.Added or ImportAction.Changed, CaseStudy: { } given } && trust.Look(given) is { Count: > 0 } doubts)
                entry = entry with { Notes = [.. entry.Notes, $"It goes into quarantine until somebody releases it. {string.Join(' ', doubts.Select(d => d.Says))}"] };
            if (entry.Action == ImportAction.Refused) refused++;
            staged.Add(entry);
            if (staged.Count == StageBatch) Flush();
            progress?.Report(number);
        }

        if (prune)
        {
            if (refused > 0 || seen.Count == 0)
            {
                history.Drop(id);
                throw new BadInputException(seen.Count == 0
                    ? "Nothing was changed: these files hold no case study, and --prune would remove everything."
                    : "Nothing was changed: --prune would remove the case studies whose lines could not be read. Mend the lines named above, or leave --prune out.");
            }

            foreach (var slug in published.Keys.Where(s => !seen.ContainsKey(s)).Order(StringComparer.Ordinal))
            {
                staged.Add(new ImportEntry(++number, ImportAction.Removed, slug, null, new SourcePlace(sources.Count > 0 ? sources[0] : ""), "It is not in this import.", null, Nothing, [], [], null));
                if (staged.Count == StageBatch) Flush();
            }
        }

        Flush();
        return history.Import(id)!;

        void Flush()
        {
            if (staged.Count > 0) history.Stage(id, staged);
            staged.Clear();
        }

        ImportEntry Compare(int n, ImportedCaseStudy r)
        {
            var c = r.CaseStudy;
            // A page without an address is named by its title, and two councils may give one title.
            var named = r.Origins.ContainsKey("title");
            if (named && leads.TryGetValue(c.Slug, out var other) && other.Url != c.Url && other.Lead is not null && c.LeadMember is not null && !CouncilTable.Default.Same(other.Lead, c.LeadMember))
                c = c with { Slug = Longer(c.Slug, c.LeadMember) };
            if (seen.TryGetValue(c.Slug, out var earlier))
            {
                if (earlier.Hash == c.ContentHash) return Entry(n, ImportAction.Unchanged, r, c, $"The same stands at {earlier.Source}.", null);
                if (!named) return Entry(n, ImportAction.Refused, r, c, $"the slug \"{c.Slug}\" stands already at {earlier.Source}. Each case study needs a slug of its own.", null);
                var free = c.LeadMember is not null && !seen.ContainsKey(Longer(c.Slug, c.LeadMember)) ? Longer(c.Slug, c.LeadMember) : null;
                for (var i = 2; free is null || seen.ContainsKey(free); i++) free = string.Create(CultureInfo.InvariantCulture, $"{c.Slug}-{i}");
                c = c with { Slug = free };
            }

            seen[c.Slug] = (r.Source, c.ContentHash);
            if (published.TryGetValue(c.Slug, out var hash))
                return hash == c.ContentHash && !unfit.ContainsKey(c.Slug) ? Entry(n, ImportAction.Unchanged, r, c, null, null) : Entry(n, ImportAction.Changed, r, c, null, null);
            if (history.Latest(c.Slug) is { State: CaseStudyState.Withdrawn } gone)
                return Entry(n, ImportAction.Unchanged, r, c, $"It was withdrawn on {gone.At:d MMMM yyyy}{(gone.By.Reason is { } why ? $" ({why})" : "")}. Restore it first if it is to be found again.", null);
            var same = own.Contains(c.Slug) ? null : finder.Find(c);
            finder.Add(c);
            return Entry(n, ImportAction.Added, r, c, same is null ? null : $"It tells the same story as {same.Slug}: {same.Why}.", same);
        }
    }

    /// <summary>Takes an import over: all of it or, when anything fails or the process ends, nothing.</summary>
    /// <param name="merge">Slugs of added ones that are only likely to tell another's story, and do.</param>
    /// <param name="part">Slugs of added ones that surely look like another's story, and are not.</param>
    /// <exception cref="BadInputException">There is no such import, or it was applied already.</exception>
    public async Task<ImportSummary> ApplyAsync(
        string id, CaseStudyEditor by, IProgress<IngestProgress>? progress = null, IReadOnlyCollection<string>? merge = null, IReadOnlyCollection<string>? part = null, CancellationToken ct = default)
    {
        CaseStudyDesk.Check(by, needsReason: false, mask);
        var import = history.Import(id) ?? throw Unknown(id);
        if (import.State != ImportState.Previewed) throw new BadInputException($"The import {id} is {import.State.ToString().ToLowerInvariant()} already.");
        var total = import.Counts.GetValueOrDefault(ImportAction.Added) + import.Counts.GetValueOrDefault(ImportAction.Changed);
        var done = 0;
        foreach (var batch in Changing(id).Chunk(Batch))
        {
            ct.ThrowIfCancellationRequested();
            var missing = batch.Where(e => history.VectorsOf(id, e.Number, e.CaseStudy!, encoder.ModelId) is null).ToList();
            if (missing.Count > 0)
            {
                var indexed = await indexer.IndexAsync([.. missing.Select(e => e.CaseStudy!)], ct);
                history.KeepVectors(id, [.. missing.Zip(indexed, (e, i) => (e.Number, i))], encoder.ModelId);
            }

            done += batch.Length;
            progress?.Report(new IngestProgress(done, total, batch[^1].Slug!));
        }

        var twins = new Dictionary<string, string?>(StringComparer.Ordinal);
        var known = history.Twins();
        foreach (var entry in history.Entries(id, ImportAction.Added).Where(e => e.Twin is not null))
        {
            var (slug, twin) = (entry.Slug!, entry.Twin!);
            if (part?.Contains(slug, StringComparer.Ordinal) == true) twins[slug] = null;
            // A chain of likenesses within one import ends at its first.
            else if (twin.IsSure || merge?.Contains(slug, StringComparer.Ordinal) == true) twins[slug] = twins.GetValueOrDefault(twin.Slug) ?? known.GetValueOrDefault(twin.Slug) ?? twin.Slug;
        }

        var changes = history.Entries(id).Where(e => e.Action is ImportAction.Added or ImportAction.Changed or ImportAction.Removed)
            .Select(e => (e.Slug!, e.Action.ToString().ToLowerInvariant() + (twins.GetValueOrDefault(e.Slug!) is { } twin ? $", merged into {twin}" : ""), e.CaseStudy?.ContentHash ?? "")).ToList();
        if (changes.Count > 0) ledger.Append(LedgerDraft.CaseStudyImport(id, "applied", changes, by.Role, by.Name, by.Reason));
        history.Write(Changes(), encoder.ModelId, clock.GetUtcNow(), (id, ImportState.Applied));
        if (twins.Count > 0) history.SetTwins(twins);
        // What a cut-off run of the same files left behind.
        foreach (var older in history.Imports(50).Where(i => i.State == ImportState.Previewed && i.Id != id && i.At <= import.At && i.Sources.SequenceEqual(import.Sources, StringComparer.Ordinal))) history.Drop(older.Id);
        await corpus.RefreshAsync(ct);
        return history.Import(id)!;

        IEnumerable<CaseStudyChange> Changes()
        {
            foreach (var entry in history.Entries(id))
            {
                if (entry.Action is ImportAction.Added or ImportAction.Changed)
                {
                    var indexed = history.VectorsOf(id, entry.Number, entry.CaseStudy!, encoder.ModelId) ?? throw new InvalidOperationException($"The vectors of {entry.Slug} are gone.");
                    yield return new CaseStudyChange(CaseStudyState.Published, entry.CaseStudy!, indexed, entry.Contacts, by, entry.Source.ToString(), id);
                }
                else if (entry.Action == ImportAction.Removed && history.Latest(entry.Slug!) is { State: CaseStudyState.Published } latest)
                    yield return new CaseStudyChange(CaseStudyState.Withdrawn, latest.CaseStudy, null, latest.Contacts, by with { Reason = entry.Reason }, latest.From, id);
            }
        }
    }

    /// <summary>Puts everything that an import changed back as it was before. What was changed again since stays as it is.</summary>
    /// <returns>The import and the slugs that stay.</returns>
    /// <exception cref="BadInputException">There is no such import, or it is not applied.</exception>
    public async Task<(ImportSummary Import, IReadOnlyList<string> Kept)> UndoAsync(string id, CaseStudyEditor by, CancellationToken ct = default)
    {
        CaseStudyDesk.Check(by, needsReason: false, mask);
        var import = history.Import(id) ?? throw Unknown(id);
        if (import.State == ImportState.Previewed)
        {
            history.Drop(id);
            return (import, []);
        }

        if (import.State != ImportState.Applied) throw new BadInputException($"The import {id} is undone already.");
        var kept = new List<string>();
        var back = new List<(CaseStudyVersion Latest, CaseStudyVersion? Before)>();
        foreach (var entry in history.Entries(id).Where(e => e.Action is ImportAction.Added or ImportAction.Changed or ImportAction.Removed))
        {
            var versions = history.Of(entry.Slug!);
            if (versions.Count == 0) continue;
            if (versions[^1].ImportId != id) kept.Add(entry.Slug!);
            else back.Add((versions[^1], versions.LastOrDefault(v => v.ImportId != id)));
        }

        var changes = new List<CaseStudyChange>();
        foreach (var batch in back.Chunk(Batch))
        {
            var published = batch.Where(b => b.Before is { State: CaseStudyState.Published }).ToList();
            var indexed = published.Count == 0 ? [] : await indexer.IndexAsync([.. published.Select(b => b.Before!.CaseStudy)], ct);
            changes.AddRange(published.Zip(indexed, (b, i) => new CaseStudyChange(CaseStudyState.Published, i.CaseStudy, i, b.Before!.Contacts, by with { Reason = $"The import {id} was undone." }, b.Before.From, id, b.Latest.Number)));
            changes.AddRange(batch.Where(b => b.Before is not { State: CaseStudyState.Published }).Select(b =>
                new CaseStudyChange(b.Before?.State ?? CaseStudyState.Withdrawn, (b.Before ?? b.Latest).CaseStudy, null, (b.Before ?? b.Latest).Contacts, by with { Reason = $"The import {id} was undone." }, b.Latest.From, id, b.Latest.Number)));
        }

        if (changes.Count > 0)
            ledger.Append(LedgerDraft.CaseStudyImport(id, "undone", changes.Select(c => (c.CaseStudy.Slug, c.State == CaseStudyState.Published ? "restored" : "withdrawn", c.CaseStudy.ContentHash)), by.Role, by.Name, by.Reason));
        // A draft of before takes what is published out first.
        history.Write(changes.SelectMany(c => c.State == CaseStudyState.Draft ? [c with { State = CaseStudyState.Withdrawn }, c with { Expected = c.Expected + 1 }] : new[] { c }), encoder.ModelId, clock.GetUtcNow(), (id, ImportState.Undone));
        await corpus.RefreshAsync(ct);
        return (history.Import(id)!, kept);
    }

    /// <summary>Keeps which field each column stands for, for the next time.</summary>
    /// <exception cref="BadInputException">A column's name holds personal data.</exception>
    public void KeepColumns(IReadOnlyDictionary<string, string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Keys.SelectMany(c => mask.Apply(c).Found).FirstOrDefault() is { } found) throw new BadInputException($"The name of a column seems to hold personal data ({found}). Rename it in the sheet; nothing was kept.");
        history.KeepColumns(columns);
    }

    /// <summary>Notes how the columns of a sheet were read.</summary>
    public void NoteColumns(string id, string sheet, IReadOnlyDictionary<string, string?> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        history.NoteColumns(id, Masked(sheet), columns.GroupBy(c => Masked(c.Key), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal));
    }

    /// <summary>Forgets a preview.</summary>
    public void Drop(string id) => history.Drop(id);

    /// <summary>A name for an import that is short enough to type: when it was made and four letters.</summary>
    public string NewId() => string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}");

    private IEnumerable<ImportEntry> Changing(string id) => history.Entries(id).Where(e => e.Action is ImportAction.Added or ImportAction.Changed);

    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    private static ImportEntry Entry(int number, ImportAction action, ImportedCaseStudy read, CaseStudy caseStudy, string? reason, SameStory? twin) =>
        new(number, action, caseStudy.Slug, caseStudy.Title, read.Source, reason, twin, read.Origins, read.Contacts, read.Notes, caseStudy);

    // The message may name what stood there.
    private ImportEntry Refused(int number, ImportProblem problem) => new(number, ImportAction.Refused, null, null, Masked(new SourcePlace(problem.File, problem.Place)), Masked(problem.Message), null, Nothing, [], [], null);

    private SourcePlace Masked(SourcePlace source) => source with { File = Masked(source.File) };

    private string Masked(string text) => mask.Apply(text).Text;

    private static string Longer(string slug, string lead) =>
        slug + "-" + string.Join('-', lead.ToLowerInvariant().Split([' ', '&', ',', '.', '\'', '’', '(', ')', '/'], StringSplitOptions.RemoveEmptyEntries).Where(w => w is not ("council" or "borough" or "city" or "county" or "district" or "metropolitan" or "town" or "parish" or "the" or "of")).Take(4));

    private static BadInputException Unknown(string id) => new($"There is no import \"{id}\". List them with: coopai ingest --list");
}
