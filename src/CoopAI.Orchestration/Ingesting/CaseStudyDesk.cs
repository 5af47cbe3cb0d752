using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Retrieval;

namespace CoopAI.Orchestration.Ingesting;

/// <summary>Where staff add, edit, withdraw and restore one case study at a time.</summary>
/// <remarks>
/// Each change is a new version; the ledger records it before it takes effect. Personal data is taken out before anything is stored. A change
/// names the version it was made from: when another stands by then, it is refused with that version, so that nobody overwrites what they have not seen.
/// </remarks>
public sealed class CaseStudyDesk(ICaseStudyHistory history, CorpusService corpus, CaseStudyIndexer indexer, EncoderIdentity encoder, PersonalDataMask mask, TextTrust trust, ILedger ledger, TimeProvider clock)
{
    public const int MaxName = 100, MaxReason = 1000;

    /// <summary>What was saved, with what the editor should know.</summary>
    /// <param name="Masked">Personal data that was taken out, in words.</param>
    /// <param name="Twin">Another case study that tells the same story.</param>
    /// <param name="Doubts">Why officers do not see it until somebody releases it; empty: they do.</param>
    public sealed record Saved(CaseStudyVersion Version, IReadOnlyList<string> Masked, SameStory? Twin, IReadOnlyList<Doubt> Doubts);

    /// <summary>Adds or edits a case study, as draft or published.</summary>
    /// <param name="contacts">People named as contacts; null: as they were.</param>
    /// <param name="from">Where it came from: a file, an address, a page of this service.</param>
    /// <param name="expected">Number of the version that the editor saw; 0: it must be new; null: whatever stands.</param>
    /// <exception cref="BadInputException">A field is wrong, or no editor is named.</exception>
    /// <exception cref="StaleCaseStudyException">Another version stands.</exception>
    public async Task<Saved> SaveAsync(CaseStudy caseStudy, IReadOnlyList<string>? contacts, CaseStudyState state, CaseStudyEditor by, string from, int? expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        Check(by, needsReason: false, mask);
        if (CaseStudyReader.Validate(caseStudy) is { } wrong) throw new BadInputException(wrong);
        RefuseInNames(caseStudy);
        (caseStudy, var masked) = mask.Apply(caseStudy);
        from = mask.Apply(from).Text;
        var latest = history.Latest(caseStudy.Slug);
        if (expected is { } number && (latest?.Number ?? 0) != number) throw new StaleCaseStudyException(latest!);
        var twin = latest is null || latest.State != CaseStudyState.Published ? TwinOf(caseStudy) : null;
        var indexed = state == CaseStudyState.Published ? (await indexer.IndexAsync([caseStudy], ct))[0] : null;
        var action = latest is null ? state == CaseStudyState.Draft ? "drafted" : "added" : state == CaseStudyState.Draft ? "drafted" : latest.State == CaseStudyState.Draft ? "published" : "edited";
        var version = await WriteAsync(new CaseStudyChange(state, caseStudy, indexed, contacts?.Select(c => mask.Apply(c).Text).ToList() ?? latest?.Contacts ?? [], by, from, null, latest?.Number ?? 0), action, ct);
        if (twin is { IsSure: true } && state == CaseStudyState.Published) await MergeAsync(caseStudy.Slug, twin.Slug, by, ct);
        var waits = state == CaseStudyState.Published && history.InQuarantine(caseStudy.Slug).Count > 0;
        return new Saved(version, masked, twin, waits ? trust.Look(caseStudy) : []);
    }

    /// <summary>Lets officers see a case study that was in quarantine. The reason stands in the record.</summary>
    /// <exception cref="BadInputException">It is not in quarantine, or no reason is given.</exception>
    public async Task ReleaseAsync(string slug, CaseStudyEditor by, CancellationToken ct = default)
    {
        Check(by, needsReason: true, mask);
        if (history.InQuarantine(slug) is not [var waiting] || history.Latest(slug) is not { } latest) throw new BadInputException($"The case study \"{slug}\" is not in quarantine.");
        ledger.Append(LedgerDraft.CaseStudyChange(slug, "released", latest.CaseStudy.ContentHash, waiting.Number, by.Role, by.Name, by.Reason));
        history.Release(slug, by, clock.GetUtcNow());
        await corpus.RefreshAsync(ct);
    }

    /// <summary>Takes a case study out of search. Answers that quoted it stay as they were and say so.</summary>
    /// <exception cref="BadInputException">There is none of this name, it is withdrawn already, or no reason is given.</exception>
    public async Task<CaseStudyVersion> WithdrawAsync(string slug, CaseStudyEditor by, int? expected, CancellationToken ct = default)
    {
        Check(by, needsReason: true, mask);
        var latest = history.Latest(slug) ?? throw Unknown(slug);
        if (latest.State == CaseStudyState.Withdrawn) throw new BadInputException($"The case study \"{slug}\" is withdrawn already.");
        return await WriteAsync(new CaseStudyChange(CaseStudyState.Withdrawn, latest.CaseStudy, null, latest.Contacts, by, latest.From, null, expected ?? latest.Number), "withdrawn", ct);
    }

    /// <summary>Publishes an earlier version again.</summary>
    /// <param name="number">Of the version; null: the newest.</param>
    /// <exception cref="BadInputException">There is no such version.</exception>
    public async Task<CaseStudyVersion> RestoreAsync(string slug, int? number, CaseStudyEditor by, int? expected, CancellationToken ct = default)
    {
        Check(by, needsReason: false, mask);
        var versions = history.Of(slug);
        if (versions.Count == 0) throw Unknown(slug);
        var version = number is null ? versions[^1] : versions.FirstOrDefault(v => v.Number == number) ?? throw new BadInputException($"The case study \"{slug}\" has versions 1 to {versions[^1].Number}, and none of number {number}.");
        var indexed = (await indexer.IndexAsync([version.CaseStudy], ct))[0];
        return await WriteAsync(new CaseStudyChange(CaseStudyState.Published, version.CaseStudy, indexed, version.Contacts, by, version.From, null, expected ?? versions[^1].Number), "restored", ct);
    }

    /// <summary>Another published case study that tells the same story as this text; null: none, or staff said that it is a story of its own.</summary>
    public SameStory? TwinOf(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        var own = history.OwnStories();
        if (own.Contains(caseStudy.Slug)) return null;
        var twins = history.Twins();
        var finder = new NearDuplicates();
        foreach (var other in history.ReadPublished().Where(o => o.Slug != caseStudy.Slug && !own.Contains(o.Slug) && !twins.ContainsKey(o.Slug))) finder.Add(other);
        return finder.Find(caseStudy);
    }

    /// <summary>Says that one case study tells the story of another: search, lists and briefs count the two as one and show the other. Nothing of either is lost.</summary>
    /// <exception cref="BadInputException">One of them is not published, or both are the same.</exception>
    public async Task MergeAsync(string slug, string into, CaseStudyEditor by, CancellationToken ct = default)
    {
        Check(by, needsReason: false, mask);
        var (first, second) = (PublishedOf(slug), PublishedOf(into));
        var twins = history.Twins();
        if (twins.TryGetValue(into, out var further)) second = PublishedOf(into = further);
        if (into == slug) throw new BadInputException($"\"{slug}\" cannot be the story of itself. Name another case study.");
        Record($"merged into {second.Slug}", first, by);
        // Those that told this one's story tell the other's now.
        history.SetTwins(twins.Where(t => t.Value == slug).Select(t => t.Key).Append(slug).ToDictionary(s => s, _ => (string?)into, StringComparer.Ordinal));
        await corpus.RefreshAsync(ct);
    }

    /// <summary>Says that a case study tells a story of its own: it is found again, and not offered for merging any more.</summary>
    public async Task PartAsync(string slug, CaseStudyEditor by, CancellationToken ct = default)
    {
        Check(by, needsReason: false, mask);
        Record("parted", PublishedOf(slug), by);
        history.SetTwins(new Dictionary<string, string?> { [slug] = null });
        await corpus.RefreshAsync(ct);
    }

    private CaseStudyVersion PublishedOf(string slug) => history.Latest(slug) is not { } latest ? throw Unknown(slug)
        : latest.State == CaseStudyState.Published ? latest : throw new BadInputException($"The case study \"{slug}\" is not published; only published ones are counted as one story.");

    private void Record(string action, CaseStudyVersion version, CaseStudyEditor by) =>
        ledger.Append(LedgerDraft.CaseStudyChange(version.Slug, action, version.CaseStudy.ContentHash, version.Number, by.Role, by.Name, by.Reason));

    private async Task<CaseStudyVersion> WriteAsync(CaseStudyChange change, string action, CancellationToken ct)
    {
        // The ledger first: what could not be recorded must not take effect.
        ledger.Append(LedgerDraft.CaseStudyChange(change.CaseStudy.Slug, action, change.CaseStudy.ContentHash, (change.Expected ?? 0) + 1, change.By.Role, change.By.Name, change.By.Reason));
        history.Write([change], encoder.ModelId, clock.GetUtcNow());
        await corpus.RefreshAsync(ct);
        return history.Latest(change.CaseStudy.Slug)!;
    }

    // They are looked things up by, so nothing can be taken out of them.
    private void RefuseInNames(CaseStudy caseStudy)
    {
        if (mask.Apply(caseStudy.Slug.Replace('-', ' ')).Found is { Count: > 0 } inSlug) throw new BadInputException($"The slug seems to hold personal data ({string.Join(", ", inSlug)}). Choose another; nothing was kept.");
        if (caseStudy.Url is { } url && mask.Apply(Uri.UnescapeDataString(url)).Found is { Count: > 0 } inUrl) throw new BadInputException($"The address seems to hold personal data ({string.Join(", ", inUrl)}). Leave it out; nothing was kept.");
    }

    internal static void Check(CaseStudyEditor by, bool needsReason, PersonalDataMask mask)
    {
        if (string.IsNullOrWhiteSpace(by.Name)) throw new BadInputException("Say who makes the change: the name stands beside it.");
        if (by.Name.Length > MaxName) throw new BadInputException($"The name may have up to {MaxName} characters.");
        if (needsReason && string.IsNullOrWhiteSpace(by.Reason)) throw new BadInputException("Give a reason: readers of answers that quoted it will see it.");
        // An e-mail address may be the name that somebody signs with.
        if (mask.Apply(by.Name).Found.Where(f => !f.EndsWith("e-mail address", StringComparison.Ordinal)).ToList() is { Count: > 0 } inName) throw new BadInputException($"The name seems to hold personal data beside it ({string.Join(", ", inName)}). Please leave it out; nothing was kept.");
        if (by.Reason is { } why && mask.Apply(why).Found is { Count: > 0 } inReason) throw new BadInputException($"The reason seems to hold personal data ({string.Join(", ", inReason)}). Please leave it out; nothing was kept.");
        if (by.Reason?.Length > MaxReason) throw new BadInputException($"The reason has {by.Reason.Length} characters; at most {MaxReason} are kept.");
    }

    private static BadInputException Unknown(string slug) => new($"There is no case study \"{slug}\".");
}
