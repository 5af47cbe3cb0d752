using System.CommandLine;
using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using Spectre.Console;

namespace CoopAI.Cli.Commands;

/// <summary><c>coopai ingest</c>.</summary>
internal static class IngestCommand
{
    // A file that is no JSON lines at all would fill the screen.
    private const int MostShown = 50;

    public static Command Create(CliEnvironment environment)
    {
        var paths = new Argument<string[]>("PATH|ADDRESS") { Description = "Files, folders or zip archives of case studies (JSON lines, HTML, Word, PDF, Markdown, text, CSV, Excel, exports of WordPress), or addresses of pages, lists of them and sitemaps.", Arity = ArgumentArity.ZeroOrMore };
        var prune = new Option<bool>("--prune") { Description = "Also withdraw what is stored but not given." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be added, changed, removed and refused; change nothing." };
        var undo = new Option<string?>("--undo") { HelpName = "ID", Description = "Put everything that an import changed back as it was." };
        var list = new Option<bool>("--list") { Description = "List the imports." };
        var columns = new Option<string?>("--columns") { HelpName = "MAP", Description = "Which field a column of a sheet is, such as \"Project=title,Story=text,Notes=\". Kept for the next time." };
        var refresh = new Option<bool>("--refresh") { Description = "Of addresses that were read before, bring only what changed since." };
        var by = new Option<string?>("--by") { HelpName = "NAME", Description = "Who imports. Default: the name of the account." };
        var waiting = new Option<bool>("--quarantined") { Description = "List the case studies that nobody finds until somebody releases them, with why." };
        var release = new Option<string?>("--release") { HelpName = "SLUG", Description = "Let a case study in quarantine be found. Needs --reason, which stands in the record." };
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "Why a case study is released." };
        var command = new Command("ingest", "Add or update case studies. Unchanged ones cost nothing.") { paths, prune, dryRun, undo, list, columns, refresh, by, waiting, release, reason };
        command.Run(environment, async (context, ct) =>
        {
            var arguments = context.Arguments;
            var desk = context.Get<ImportDesk>();
            var history = context.Get<ICaseStudyHistory>();
            var editor = new CaseStudyEditor("staff", arguments.GetValue(by) ?? Environment.UserName);
            if (arguments.GetValue(list)) return List(context, history);
            if (arguments.GetValue(waiting)) return ListQuarantined(context, history);
            if (arguments.GetValue(release) is { } slug)
            {
                await context.Get<CaseStudyDesk>().ReleaseAsync(slug, editor with { Reason = arguments.GetValue(reason) }, ct);
                if (context.WantsJson) context.WriteJson(new { released = slug });
                else context.Out.WriteLine($"{slug} can be found and quoted now.");
                return ExitStatus.Done;
            }

            if (arguments.GetValue(undo) is { } id) return await UndoAsync(context, desk, id, editor, ct);
            var given = arguments.GetValue(paths)!;
            if (given.Length == 0 && !arguments.GetValue(refresh)) throw new BadInputException("What is to be read? Give files, folders or addresses.");
            var kept = history.KeptColumns().ToDictionary(StringComparer.OrdinalIgnoreCase);
            if (arguments.GetValue(columns) is { } map)
            {
                foreach (var (name, field) in Columns(map)) kept[name] = field;
                if (!arguments.GetValue(dryRun)) desk.KeepColumns(kept);
            }

            // Vectors of another model than the stored ones end the import before anything is read.
            var corpus = context.Get<CorpusService>();
            var importId = desk.NewId();
            var sheets = new List<(string Sheet, IReadOnlyList<KeyValuePair<string, string?>> Columns)>();
            var options = new ReadingOptions(kept) { OnColumns = (sheet, c) => sheets.Add((sheet, c)) };
            var importer = context.Get<CaseStudyImporter>();
            var web = given.Where(IsAddress).ToList();
            foreach (var path in given.Except(web, StringComparer.Ordinal).Where(p => !File.Exists(p) && !Directory.Exists(p))) throw new BadInputException($"{path} cannot be read: there is no such file or folder.");
            var items = given.Where(p => !IsAddress(p)).SelectMany(p => importer.Read(p, options));
            if (web.Count > 0 || arguments.GetValue(refresh))
            {
                var fetched = new List<ImportItem>();
                await foreach (var item in context.Get<WebReader>().ReadAsync([.. web.Select(w => new Uri(w))], arguments.GetValue(refresh), new WebNotes(context.Error), ct)) fetched.Add(item);
                items = items.Concat(fetched);
            }

            var import = desk.Preview(items, [.. given.Select(p => IsAddress(p) ? p : Path.GetFileName(Path.TrimEndingDirectorySeparator(p)))], editor, arguments.GetValue(prune), importId, new ReadProgress(context.Error), ct);
            foreach (var (sheet, c) in sheets) desk.NoteColumns(import.Id, sheet, c.GroupBy(p => p.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal));
            var refused = history.Entries(import.Id, ImportAction.Refused).ToList();
            var twins = history.Entries(import.Id, ImportAction.Added).Where(e => e.Twin is not null).Select(e => e with { CaseStudy = null }).ToList();
            var notes = history.Entries(import.Id).Where(e => e.Notes.Count > 0).Take(MostShown).Select(e => e with { CaseStudy = null }).ToList();
            await TellAsync(context, sheets, refused, twins, notes);
            var changes = import.Counts.GetValueOrDefault(ImportAction.Added) + import.Counts.GetValueOrDefault(ImportAction.Changed) + import.Counts.GetValueOrDefault(ImportAction.Removed);
            var dry = arguments.GetValue(dryRun);
            if (!dry && changes > 0)
            {
                import = await context.WithProgressAsync("Reading case studies", progress => desk.ApplyAsync(import.Id, editor, progress, ct: ct));
                await corpus.RefreshAsync(ct);
                await context.Get<CorpusTags>().UpdateAsync(ct);
            }

            if (!dry && web.Count > 0) context.Get<WebReader>().NoteApplied();
            await ShowAsync(context, history, import, refused, twins, dry, changes > 0 && !dry);
            if (dry || changes == 0) desk.Drop(import.Id);
            if (corpus.StoreFault is { } fault)
            {
                await context.Error.WriteLineAsync($"The case studies are stored, but the passage index waits: {fault.Message}");
                return ExitStatus.ServiceAway;
            }

            return refused.Count > 0 ? ExitStatus.CheckFailed : ExitStatus.Done;
        });
        return command;
    }

    private static int ListQuarantined(CommandContext context, ICaseStudyHistory history)
    {
        var all = history.InQuarantine();
        if (context.WantsJson) context.WriteJson(new { quarantined = all });
        else if (all.Count == 0) context.Out.WriteLine("Nothing is in quarantine.");
        else foreach (var one in all) context.Out.WriteLine($"{one.Slug}: {one.Title}. {string.Join(' ', one.Reasons)}");
        return ExitStatus.Done;
    }

    private static bool IsAddress(string path) => Uri.TryCreate(path, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static IEnumerable<(string Name, string Field)> Columns(string map)
    {
        foreach (var part in map.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.LastIndexOf('=');
            if (at <= 0) throw new BadInputException($"--columns \"{part}\" is no column=field, such as \"Project=title\".");
            var field = part[(at + 1)..].Trim();
            if (field.Length > 0 && !CaseStudyImporter.Fields.Contains(field, StringComparer.Ordinal)) throw new BadInputException($"--columns: \"{field}\" is not a field. The fields are {string.Join(", ", CaseStudyImporter.Fields)}.");
            yield return (part[..at].Trim(), field);
        }
    }

    private static async Task TellAsync(CommandContext context, List<(string Sheet, IReadOnlyList<KeyValuePair<string, string?>> Columns)> sheets, List<ImportEntry> refused, List<ImportEntry> twins, List<ImportEntry> notes)
    {
        foreach (var (sheet, columns) in sheets) await context.Error.WriteLineAsync($"{sheet}: {string.Join(", ", columns.Where(c => c.Key.Length > 0).Select(c => c.Value is null ? $"“{c.Key}” is left out" : $"“{c.Key}” is {c.Value}"))}");
        foreach (var entry in refused.Take(MostShown)) await context.Error.WriteLineAsync($"{entry.Source}: {entry.Reason}");
        if (refused.Count > MostShown) await context.Error.WriteLineAsync($"{refused.Count - MostShown} more {(refused.All(r => Line(r.Source.Place) > 0) ? "lines have problems" : "were refused")}; --json lists them all.");
        foreach (var entry in twins.Take(MostShown)) await context.Error.WriteLineAsync($"{entry.Source}: {entry.Slug} tells the same story as {entry.Twin!.Slug} ({entry.Twin.Why}){(entry.Twin.IsSure ? ": search counts them as one." : "? Please look.")}");
        foreach (var entry in notes.Take(MostShown)) await context.Error.WriteLineAsync($"{entry.Source}: {string.Join(" ", entry.Notes)}");
    }

    private static async Task ShowAsync(CommandContext context, ICaseStudyHistory history, ImportSummary import, List<ImportEntry> refused, List<ImportEntry> twins, bool dry, bool applied)
    {
        int Count(ImportAction action) => import.Counts.GetValueOrDefault(action);
        if (context.WantsJson)
        {
            context.WriteJson(new
            {
                import = applied ? import.Id : null,
                dryRun = dry,
                added = Count(ImportAction.Added),
                changed = Count(ImportAction.Changed),
                unchanged = Count(ImportAction.Unchanged),
                removed = Count(ImportAction.Removed),
                problems = refused.Select(r => new { file = r.Source.File, line = Line(r.Source.Place), place = r.Source.Place, message = r.Reason }),
                twins = twins.Select(t => new { t.Slug, twin = t.Twin!.Slug, t.Twin.Likeness, t.Twin.Why, sure = t.Twin.IsSure }),
                entries = dry ? history.Entries(import.Id).Where(e => e.Action != ImportAction.Refused).Select(e => new { action = e.Action, e.Slug, e.Title, source = e.Source.ToString(), e.Reason, e.Origins, e.Notes }) : null,
            });
            return;
        }

        if (dry)
        {
            foreach (var entry in history.Entries(import.Id).Where(e => e.Action is ImportAction.Added or ImportAction.Changed or ImportAction.Removed))
                await context.Out.WriteLineAsync($"{entry.Action.ToString().ToLowerInvariant(),-8} {entry.Slug}{(entry.Title is null ? "" : $"  {entry.Title}")}  ({entry.Source})");
        }

        var totals = FormattableString.Invariant($"{Count(ImportAction.Added)} added, {Count(ImportAction.Changed)} changed, {Count(ImportAction.Unchanged)} unchanged, {Count(ImportAction.Removed)} removed, {refused.Count} {(refused.All(r => Line(r.Source.Place) > 0) ? "lines with problems" : "refused")}.");
        await context.Out.WriteLineAsync(dry ? $"Nothing was changed. It would be: {totals}" : totals);
        if (applied) await context.Out.WriteLineAsync($"Take it back with: coopai ingest --undo {import.Id}");
    }

    private static int Line(string? place) => place is not null && place.StartsWith("line ", StringComparison.Ordinal) && int.TryParse(place.AsSpan(5), out var line) ? line : 0;

    private static int List(CommandContext context, ICaseStudyHistory history)
    {
        var imports = history.Imports(100);
        if (context.WantsJson) context.WriteJson(new { imports });
        else if (imports.Count == 0) context.Out.WriteLine("There are no imports.");
        foreach (var import in context.WantsJson ? [] : imports)
            context.Out.WriteLine(FormattableString.Invariant($"{import.Id}  {import.At:yyyy-MM-dd HH:mm}  {import.State.ToString().ToLowerInvariant(),-9}  {string.Join(", ", import.Counts.OrderBy(c => c.Key).Select(c => $"{c.Value} {c.Key.ToString().ToLowerInvariant()}"))}  {string.Join(", ", import.Sources)}  by {import.By.Name}"));
        return ExitStatus.Done;
    }

    private static async Task<int> UndoAsync(CommandContext context, ImportDesk desk, string id, CaseStudyEditor editor, CancellationToken ct)
    {
        var (import, kept) = await desk.UndoAsync(id, editor, ct);
        await context.Get<CorpusService>().RefreshAsync(ct);
        await context.Get<CorpusTags>().UpdateAsync(ct);
        if (context.WantsJson) context.WriteJson(new { import = import.Id, import.State, kept });
        else await context.Out.WriteLineAsync($"The import {id} is undone.{(kept.Count > 0 ? $" These were changed since and stay: {string.Join(", ", kept)}." : "")}");
        return ExitStatus.Done;
    }

    private sealed class ReadProgress(TextWriter error) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value % 500 == 0) error.WriteLine(FormattableString.Invariant($"Read {value} so far"));
        }
    }

    private sealed class WebNotes(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine(value);
    }
}
