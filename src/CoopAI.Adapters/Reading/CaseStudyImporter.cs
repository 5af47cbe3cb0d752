using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads case studies from whatever they are kept in: HTML, Word, PDF, Markdown, text, JSON lines, CSV, Excel, exports and REST answers of WordPress, folders and zip archives of these.</summary>
/// <remarks>
/// The kind is told by what a file holds, its name decides only between texts. A file that cannot be read becomes a problem that names it, the place in it and what would be right; the others are read.
/// Reading streams: archives, exports and JSON lines of any size take the memory of one entry. Limits stand in <see cref="ReadingLimits"/>. Safe for concurrent use.
/// </remarks>
public sealed class CaseStudyImporter
{
    private static readonly string[] Readable = [".html", ".htm", ".xhtml", ".docx", ".pdf", ".md", ".markdown", ".txt", ".text", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xlsx", ".xml", ".zip"];

    /// <summary>What a column of a sheet can be.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["title", "text", "leadMember", "participatingMembers", "year", "status", "principles", "topics", "url", "slug", "kind", "contact"];

    private readonly FactFinder _facts;
    private readonly PersonalDataMask _mask;
    private readonly Func<string, bool>? _isOrder;

    /// <param name="isOrder">Whether a text orders its reader about; text that a page hides is noted when it does. Null: hidden text is left out without a word.</param>
    public CaseStudyImporter(IEnumerable<Core.Principles.Principle> principles, PersonalDataMask mask, CouncilTable? councils = null, Func<string, bool>? isOrder = null)
    {
        _isOrder = isOrder;
        _facts = new FactFinder(principles, councils ?? CouncilTable.Default);
        _mask = mask;
    }

    /// <summary>Everything that a path holds: a file, or a folder with all its files, in the order of their names.</summary>
    /// <exception cref="BadInputException">There is no such file or folder.</exception>
    public IEnumerable<ImportItem> Read(string path, ReadingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path)) return ReadFolder(path, options ?? new());
        if (!File.Exists(path)) throw new BadInputException($"{path} is neither a file nor a folder.");
        return ReadFile(path, path, options ?? new());
    }

    /// <summary>A document at hand: an upload, or an answer from the web.</summary>
    /// <param name="name">Its file name or address, for messages and to tell texts apart.</param>
    public IReadOnlyList<ImportItem> Read(byte[] bytes, string name, ReadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return [.. ReadBytes(bytes, name, options ?? new(), depth: 0)];
    }

    /// <summary>A text that was pasted: HTML, Markdown or plain.</summary>
    public ImportItem ReadText(string text, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SourcePlace("the pasted text");
        return Guarded(source, () =>
        {
            var document = Document(text, source, "", new());
            return Finish(string.IsNullOrWhiteSpace(title) ? document : document with { Title = title, TitleOrigin = "the form" });
        });
    }

    /// <summary>The title and text of one file, for what is not stored: plain text as it is, of all else the text without what stands around it.</summary>
    /// <exception cref="BadInputException">It cannot be read, or holds several case studies.</exception>
    public (string? Title, string Text) ReadTextOf(byte[] bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (KindOf(bytes.AsSpan(0, Math.Min(4096, bytes.Length)), name) is DocumentKind.Text or DocumentKind.Markdown && bytes.Length <= ReadingLimits.DocumentBytes)
        {
            try
            {
                var text = TextDecoding.Decode(bytes);
                if (!LooksLikeHtml(text) && !Tidy.HoldsMarkup(text)) return (null, text);
            }
            catch (UnreadableDocumentException e)
            {
                throw new BadInputException($"{name}: {e.Message}", e);
            }
        }

        var items = Read(bytes, name);
        return items switch
        {
            [{ Problem: { } problem }, ..] => throw new BadInputException(problem.ToString()),
            [{ Read: { } one }] => (one.Origins.GetValueOrDefault("title") == "the file’s name" ? null : one.CaseStudy.Title, one.CaseStudy.Text),
            [] => throw new BadInputException($"{name} holds no text."),
            _ => throw new BadInputException($"{name} holds {items.Count} case studies; give one."),
        };
    }

    /// <summary>Whether files that end so are read.</summary>
    public static bool Reads(string path) => Readable.Contains(Path.GetExtension(path).ToLowerInvariant());

    private IEnumerable<ImportItem> ReadFolder(string folder, ReadingOptions options)
    {
        // Links are not followed: they may lead in a circle, or out of the folder.
        var files = new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint })
            .Select(f => f.FullName).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) yield return new ImportProblem(folder, null, "the folder holds no files.");
        // Small documents side by side, the rest one after another as a stream; sheets tell their columns in order.
        foreach (var batch in files.Chunk(64))
        {
            var read = batch.AsParallel().AsOrdered().Select(f => IsSmall(f) ? ReadFile(f, Name(f), options).ToList() : null).ToList();
            for (var i = 0; i < batch.Length; i++)
            {
                foreach (var item in read[i] ?? ReadFile(batch[i], Name(batch[i]), options)) yield return item;
            }
        }

        string Name(string file) => Path.Combine(folder, Path.GetRelativePath(folder, file));

        static bool IsSmall(string file) => Path.GetExtension(file).ToLowerInvariant() is ".html" or ".htm" or ".xhtml" or ".docx" or ".md" or ".markdown" or ".txt" or ".text" && new FileInfo(file).Length < 1024 * 1024;
    }

    private IEnumerable<ImportItem> ReadFile(string path, string name, ReadingOptions options)
    {
        FileStream stream;
        ImportProblem? problem = null;
        byte[] head = [];
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan);
            head = new byte[(int)Math.Min(4096, stream.Length)];
            stream.ReadExactly(head);
            stream.Position = 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = new ImportProblem(name, null, $"it cannot be read: {e.Message}");
            stream = null!;
        }

        if (problem is not null)
        {
            yield return problem;
            yield break;
        }

        using (stream)
        {
            var kind = KindOf(head, name);
            foreach (var item in ReadStream(stream, stream.Length, kind, name, options, depth: 0)) yield return item;
        }
    }

    private IEnumerable<ImportItem> ReadBytes(byte[] bytes, string name, ReadingOptions options, int depth) =>
        ReadStream(new MemoryStream(bytes, writable: false), bytes.Length, KindOf(bytes.AsSpan(0, Math.Min(4096, bytes.Length)), name, options.ContentType), name, options, depth);

    private IEnumerable<ImportItem> ReadStream(Stream stream, long length, DocumentKind kind, string name, ReadingOptions options, int depth)
    {
        switch (kind)
        {
            case DocumentKind.Empty: return [new ImportProblem(name, null, "the file is empty.")];
            case DocumentKind.JsonLines: return ReadLines(stream, name);
            case DocumentKind.WordPressExport: return Each(WordPressReader.ReadExport(stream, name), new SourcePlace(name));
            case DocumentKind.Zip: return ReadArchive(stream, name, options, depth);
        }

        if (length > ReadingLimits.DocumentBytes)
            return [new ImportProblem(name, null, string.Create(CultureInfo.InvariantCulture, $"it has {length:N0} bytes; at most {ReadingLimits.DocumentBytes:N0} are read of one document. Give the case study in a file of its own."))];
        var bytes = new byte[length];
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return [new ImportProblem(name, null, $"it cannot be read: {e.Message}")];
        }

        var source = new SourcePlace(name);
        return kind switch
        {
            DocumentKind.Json => ReadJson(bytes, name),
            DocumentKind.Csv => Guarded(source, () => SheetReader.ReadCsv(TextDecoding.Decode(bytes), name, options)),
            DocumentKind.Excel => Guarded(source, () => SheetReader.ReadExcel(bytes, name, options)),
            _ => [Guarded(source, () => Finish(ReadDocument(bytes, kind, source, options)))],
        };
    }

    private static SourceDocument ReadDocument(byte[] bytes, DocumentKind kind, SourcePlace source, ReadingOptions options)
    {
        var fileName = Path.GetFileNameWithoutExtension(source.File.Split('!', '/', '\\')[^1]);
        return kind switch
        {
            DocumentKind.Word => WordReader.Read(bytes, source, fileName) with { Address = options.Address },
            DocumentKind.Pdf => PdfReader.Read(bytes, source, fileName) with { Address = options.Address },
            DocumentKind.OldOffice => throw new UnreadableDocumentException("it is a Word or Excel file of the old kind, or locked with a password. Save it as .docx or .xlsx without a password."),
            DocumentKind.Rtf => throw new UnreadableDocumentException("it is an RTF file. Save it as Word (.docx), HTML or plain text."),
            DocumentKind.OpenDocument => throw new UnreadableDocumentException("it is an OpenDocument file. Save it as Word (.docx) or PDF."),
            DocumentKind.Picture => throw new UnreadableDocumentException("it is a picture, sound or program, not a text. Give the case study as HTML, Word, PDF or text."),
            DocumentKind.Xml => throw new UnreadableDocumentException("it is XML, but no export of WordPress. Give the pages themselves, or export them from WordPress."),
            DocumentKind.Html => HtmlReader.ReadPage(TextDecoding.Decode(bytes, Declared(bytes, options.ContentType)), source, fileName, options.Address),
            DocumentKind.Markdown => MarkdownReader.Read(TextDecoding.Decode(bytes), source, fileName) with { Address = options.Address },
            _ => Document(TextDecoding.Decode(bytes), source, fileName, options),
        };
    }

    private static SourceDocument Document(string text, SourcePlace source, string fileName, ReadingOptions options)
    {
        if (LooksLikeHtml(text)) return HtmlReader.ReadPage(text, source, fileName, options.Address);
        var document = text.StartsWith("---\n", StringComparison.Ordinal) || text.StartsWith("---\r\n", StringComparison.Ordinal) || MarkdownReader.IsMarkdown(text)
            ? MarkdownReader.Read(text, source, fileName) : MarkdownReader.ReadPlain(text, source, fileName);
        return document with { Address = options.Address };
    }

    /// <summary>One document as a case study: its facts, its text, what was masked.</summary>
    private ImportItem Finish(SourceDocument document)
    {
        if (document.IsExport) return Exported(document);
        var facts = _facts.Find(document);
        var notes = document.Notes.Concat(facts.Notes).ToList();
        var contacts = facts.Contacts.ToList();
        var blocks = facts.Text;
        if (document.Blocks.Count == 0 && facts.Body is not null) blocks = Blocks(facts.Body);
        // A cell's plain text is as its writer wants it, its line ends too.
        var text = document.Blocks.Count == 0 && facts.Body is { } body && !LooksLikeHtml(body) && !Tidy.HoldsMarkup(body) && !MarkdownReader.IsMarkdown(body)
            ? Masked(body.Replace("\r\n", "\n", StringComparison.Ordinal).Trim(), "the text", notes) : Text(blocks, contacts, notes);
        if (text.Count(char.IsLetter) < 3)
            return new ImportProblem(document.Source.File, document.Source.Place, "no text was found in it beside menus and notices. Paste the text, or give another file.");
        if (text.Length > ReadingLimits.TextLength)
            return new ImportProblem(document.Source.File, document.Source.Place, string.Create(CultureInfo.InvariantCulture, $"its text has {text.Length:N0} characters; at most {ReadingLimits.TextLength:N0} are kept of one case study. Part it in several."));

        var (title, titleFrom) = facts.Title is { Length: > 0 } named ? (Tidy.Line(Tidy.Entities(named)), facts.Origins.GetValueOrDefault("title"))
            : document.Title is { Length: > 0 } found ? (found, document.TitleOrigin)
            : document.FileName.Length > 0 ? (Spoken(document.FileName), "the file’s name") : ("", null);
        if (title.Length == 0) return new ImportProblem(document.Source.File, document.Source.Place, "it has no title. Give it a heading, or a field “title”.");
        if (title.Length > CaseStudyReader.MaxTitleLength) title = title[..CaseStudyReader.MaxTitleLength];
        title = Masked(title, "the title", notes);
        if (titleFrom is not null) facts.Origins["title"] = titleFrom;
        var address = Web(facts.Address) ?? Web(document.Address);
        if (address is not null) facts.Origins.TryAdd("url", "the page itself");
        var caseStudy = new CaseStudy
        {
            Slug = SlugOf(facts.Slug, address, title),
            Url = address,
            Title = title,
            Kind = facts.Kind,
            LeadMember = facts.Lead is { } lead ? Masked(lead, "the lead member", notes) : null,
            ParticipatingMembers = [.. facts.Others.Where(o => o != facts.Lead).Select(o => Masked(o, "the participating members", notes))],
            Year = facts.Year,
            Status = facts.Status is { } status ? Masked(status, "the status", notes) : null,
            Principles = facts.Principles,
            PrinciplesUnknown = facts.PrinciplesUnknown,
            Topics = [.. facts.Topics.Select(t => Masked(t, "the topics", notes))],
            Text = text,
            Extra = facts.Extra,
        };
        caseStudy = WithHidden(caseStudy, document.Hidden);
        if (CaseStudyReader.Validate(caseStudy) is { } wrong) return new ImportProblem(document.Source.File, document.Source.Place, wrong);
        facts.Origins.Remove("contact");
        var origins = facts.Origins.ToDictionary(o => o.Key, o => _mask.Apply(o.Value).Text, StringComparer.Ordinal);
        return new ImportedCaseStudy(caseStudy, document.Source, origins, [.. contacts.Select(Named).Where(c => c.Length > 0)], [.. notes.Select(n => _mask.Apply(n).Text)]);
    }

    // A name and a job; addresses and numbers are not kept, nor what told that they were taken out.
    private string Named(string contact)
    {
        var text = _mask.Apply(contact).Text;
        while (text.IndexOf(" removed]", StringComparison.Ordinal) is > 0 and var end && text.LastIndexOf('[', end) is >= 0 and var open) text = text.Remove(open, end + 9 - open);
        var parts = Tidy.Line(text).Split(',', ';', '|').Select(p => string.Join(' ', p.Trim(' ', '.').Split(' ').SkipWhile(LeadsToContact.Contains).Reverse().SkipWhile(LeadsToContact.Contains).Reverse()).Trim(' ', '.', '–', '-', '(', ')'));
        return string.Join(", ", parts.Where(p => p.Length > 0));
    }

    private static readonly HashSet<string> LeadsToContact = new("contact contact: contacts for more further information details to find out please call ring phone telephone tel tel: telephone: mobile mobile: email email: e-mail e-mail: on or at by and via the".Split(' '), StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ExportTexts = ["slug", "url", "title", "kind", "leadMember", "status", "textBasis"], ExportLists = ["participatingMembers", "principles", "principlesUnknown", "topics"];

    private ImportItem Exported(SourceDocument document)
    {
        var fields = document.Fields.GroupBy(f => f.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);
        try
        {
            var line = new Dictionary<string, object?>(StringComparer.Ordinal);
            if (fields.TryGetValue("extra", out var extra))
            {
                foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(extra) ?? []) line[name] = value;
            }

            foreach (var name in ExportTexts.Where(fields.ContainsKey)) line[name] = fields[name];
            if (fields.TryGetValue("text", out var text)) line["text"] = text.Replace("\r\n", "\n", StringComparison.Ordinal);
            if (fields.TryGetValue("year", out var year) && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) line["year"] = number;
            foreach (var name in ExportLists.Where(fields.ContainsKey))
                line[name] = fields[name] == "none" ? [] : fields[name].Split("; ", StringSplitOptions.RemoveEmptyEntries);
            foreach (var (_, caseStudy, problem) in CaseStudyReader.ReadLines(new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(line, CoopJson.Options))))
                return caseStudy is null ? new ImportProblem(document.Source.File, document.Source.Place, problem!) : Taken(caseStudy, document.Source);
        }
        catch (JsonException)
        {
            return new ImportProblem(document.Source.File, document.Source.Place, "the column “extra” holds no JSON. Leave it as it was exported.");
        }

        return new ImportProblem(document.Source.File, document.Source.Place, "the row is empty.");
    }

    private string Text(IReadOnlyList<Block> blocks, List<string> contacts, List<string> notes)
    {
        var kept = new List<Block>();
        foreach (var block in blocks)
        {
            // "For more information contact Jo Bloggs on …": who it is stays with staff.
            if (block.Text.Length < 300 && IsContact(block.Text) && _mask.Apply(block.Text).Found.Count > 0) contacts.Add(block.Text);
            else kept.Add(block);
        }

        return Masked(DocumentText.Of(kept), "the text", notes);
    }

    private static readonly string[] ContactWords = ["contact", "for more information", "for further information", "for more details", "to find out more", "find out more", "further information", "if you would like", "email", "e-mail", "tel", "phone", "telephone"];

    private static bool IsContact(string text) => ContactWords.Any(s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase));

    // Menus and notices hide text too; what gives orders where nobody looks was put there for a machine.
    private CaseStudy WithHidden(CaseStudy caseStudy, string hidden)
    {
        if (hidden.Length == 0 || _isOrder?.Invoke(hidden) != true) return caseStudy;
        var extra = new Dictionary<string, JsonElement>(caseStudy.Extra ?? new Dictionary<string, JsonElement>(), StringComparer.Ordinal)
        {
            [TextTrust.HiddenField] = JsonSerializer.SerializeToElement($"Text that the page hides from people gives an order: “{(hidden.Length > 200 ? hidden[..200] + "…" : hidden)}”."),
        };
        return caseStudy with { Extra = extra };
    }

    private string Masked(string text, string where, List<string> notes)
    {
        var (masked, found) = _mask.Apply(text);
        if (found.Count > 0) notes.Add($"Personal data was taken out of {where}: {string.Join(", ", found)}.");
        return masked;
    }

    /// <summary>The blocks of a text that a field holds: HTML, Markdown or plain.</summary>
    private static IReadOnlyList<Block> Blocks(string text) =>
        LooksLikeHtml(text) ? PageFurniture.Without(HtmlReader.ReadPiece(text), null)
        : Tidy.HoldsMarkup(text) ? HtmlReader.ReadPiece(text)
        : MarkdownReader.IsMarkdown(text) ? MarkdownReader.Blocks(text)
        : MarkdownReader.Blocks(text, plain: true);

    /// <summary>A case study that is written as one already: only markup in its text is resolved and personal data masked.</summary>
    private ImportItem Taken(CaseStudy caseStudy, SourcePlace source)
    {
        var notes = new List<string>();
        var text = caseStudy.Text;
        // What is plain stays as it was written, to the letter.
        if (Tidy.HoldsMarkup(text) || MarkdownReader.IsMarkdown(text)) text = DocumentText.Of(Tidy.HoldsMarkup(text) ? HtmlReader.ReadPiece(text) : MarkdownReader.Blocks(text));
        if (string.IsNullOrWhiteSpace(text)) return new ImportProblem(source.File, source.Place, "\"text\" holds markup only, and no words.");
        caseStudy = WithHidden(caseStudy, Tidy.HoldsMarkup(caseStudy.Text) ? HtmlReader.HiddenIn(caseStudy.Text) : "");
        var title = Tidy.HoldsMarkup(caseStudy.Title) ? Tidy.Line(string.Join(' ', HtmlReader.ReadPiece(caseStudy.Title).Select(b => b.Text))) : caseStudy.Title;
        if (title.Length == 0) return new ImportProblem(source.File, source.Place, "\"title\" holds markup only, and no words.");
        (caseStudy, var found) = _mask.Apply(caseStudy with { Title = title, Text = text });
        return new ImportedCaseStudy(caseStudy, source, new Dictionary<string, string>(), [], [.. notes, .. found]);
    }

    private IEnumerable<ImportItem> ReadLines(Stream stream, string name)
    {
        foreach (var (line, caseStudy, problem) in CaseStudyReader.ReadLines(stream))
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"line {line}");
            if (caseStudy is null) yield return new ImportProblem(name, place, problem!, line);
            else yield return Guarded(new SourcePlace(name, place), () => Taken(caseStudy, new SourcePlace(name, place)), line);
        }
    }

    private IEnumerable<ImportItem> ReadJson(byte[] bytes, string name)
    {
        if (TextDecoding.FirstBad(bytes) is >= 0 and var bad) return [new ImportProblem(name, null, string.Create(CultureInfo.InvariantCulture, $"it is not UTF-8 (byte {bad + 1}). Save it as UTF-8."))];
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(bytes.AsMemory(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException e)
        {
            var line = (int)(e.LineNumber ?? 0) + 1;
            return [new ImportProblem(name, string.Create(CultureInfo.InvariantCulture, $"line {line}"), string.Create(CultureInfo.InvariantCulture, $"the JSON breaks at byte {(e.BytePositionInLine ?? 0) + 1} of the line."), line)];
        }

        var root = json.RootElement;
        if (WordPressReader.IsRest(root) || (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root.EnumerateArray().Any(WordPressReader.IsRest)))
            return Each(WordPressReader.ReadRest(root, name), new SourcePlace(name));
        if (root.ValueKind == JsonValueKind.Array) return [new ImportProblem(name, null, "it is a JSON list; write one object a line (JSON lines).")];
        // One case study, written over several lines.
        return ReadLines(new MemoryStream(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(root))), name);
    }

    private IEnumerable<ImportItem> ReadArchive(Stream stream, string name, ReadingOptions options, int depth)
    {
        if (depth > 0) return [new ImportProblem(name, null, "an archive inside an archive is not opened. Unpack it first.")];
        ZipArchive zip;
        try
        {
            zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > ReadingLimits.ArchiveEntries)
                return [new ImportProblem(name, null, $"the archive holds {zip.Entries.Count} files; at most {ReadingLimits.ArchiveEntries} are read. Part it in several.")];
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException)
        {
            return [new ImportProblem(name, null, "the archive is damaged. Pack it again.")];
        }

        return Entries();

        IEnumerable<ImportItem> Entries()
        {
            using (zip)
            {
                long total = 0;
                foreach (var entry in zip.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
                {
                    var inner = $"{name}!{entry.FullName}";
                    if (entry.FullName.EndsWith('/') || entry.Name.StartsWith('.') || entry.FullName.StartsWith("__MACOSX", StringComparison.Ordinal)) continue;
                    if (entry.Length > 1024 * 1024 && entry.Length / Math.Max(1, entry.CompressedLength) > ReadingLimits.ArchiveRatio)
                    {
                        yield return new ImportProblem(inner, null, $"it is packed more than {ReadingLimits.ArchiveRatio} to 1, as bombs are, and was not opened. Give the file itself.");
                        continue;
                    }

                    total += entry.Length;
                    if (total > ReadingLimits.ArchiveBytes)
                    {
                        yield return new ImportProblem(inner, null, $"unpacked, the archive is larger than {ReadingLimits.ArchiveBytes / (1024 * 1024)} MiB; this file and those after it were not read. Part it in several.");
                        yield break;
                    }

                    foreach (var item in ReadEntry(entry, inner)) yield return item;
                }
            }
        }

        IEnumerable<ImportItem> ReadEntry(ZipArchiveEntry entry, string inner)
        {
            byte[] head;
            Stream content;
            ImportProblem? problem = null;
            try
            {
                content = entry.Open();
                head = new byte[(int)Math.Min(4096, entry.Length)];
                var got = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
                head = head[..got];
                content.Dispose();
                content = entry.Open();
            }
            catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
            {
                problem = new ImportProblem(inner, null, "it is damaged, or locked with a password. Pack the archive again, without one.");
                (head, content) = ([], Stream.Null);
            }

            if (problem is not null)
            {
                yield return problem;
                yield break;
            }

            using (content)
            {
                var items = ReadStream(content, entry.Length, KindOf(head, entry.FullName), inner, options, depth + 1).GetEnumerator();
                while (true)
                {
                    ImportItem item;
                    var broken = false;
                    try
                    {
                        if (!items.MoveNext()) yield break;
                        item = items.Current;
                    }
                    catch (Exception e) when (e is InvalidDataException or IOException)
                    {
                        item = new ImportProblem(inner, null, "it is damaged inside the archive. Pack it again.");
                        broken = true;
                    }

                    yield return item;
                    if (broken) yield break;
                }
            }
        }
    }

    private IEnumerable<ImportItem> Each(IEnumerable<(SourceDocument? Document, ImportProblem? Problem)> documents, SourcePlace file)
    {
        foreach (var (document, problem) in documents)
        {
            if (problem is not null) yield return problem;
            else yield return Guarded(document?.Source ?? file, () => Finish(document!));
        }
    }

    private static ImportItem Guarded(SourcePlace source, Func<ImportItem> read, int? line = null)
    {
        try
        {
            return read();
        }
        catch (UnreadableDocumentException e)
        {
            return new ImportProblem(source.File, e.Place ?? source.Place, e.Message, e.Line ?? line);
        }
    }

    private IEnumerable<ImportItem> Guarded(SourcePlace source, Func<IEnumerable<(SourceDocument? Document, ImportProblem? Problem)>> read)
    {
        using var items = Read().GetEnumerator();
        while (true)
        {
            ImportItem item;
            var broken = false;
            try
            {
                if (!items.MoveNext()) yield break;
                item = items.Current;
            }
            catch (UnreadableDocumentException e)
            {
                item = new ImportProblem(source.File, e.Place ?? source.Place, e.Message, e.Line);
                broken = true;
            }

            yield return item;
            if (broken) yield break;
        }

        IEnumerable<ImportItem> Read()
        {
            foreach (var item in Each(read(), source)) yield return item;
        }
    }

    private enum DocumentKind
    {
        Empty, Html, Word, Excel, Pdf, Markdown, Text, JsonLines, Json, Csv, WordPressExport, Xml, Zip, OldOffice, Rtf, OpenDocument, Picture,
    }

    /// <summary>What a file is, by its first bytes; its name decides between texts.</summary>
    private static DocumentKind KindOf(ReadOnlySpan<byte> head, string name, string? contentType = null)
    {
        var extension = Path.GetExtension(name.Split('?', '#')[0]).ToLowerInvariant();
        if (head.IsEmpty) return DocumentKind.Empty;
        if (head.StartsWith("PK"u8)) return extension is ".docx" or ".docm" or ".dotx" ? DocumentKind.Word : extension is ".xlsx" or ".xlsm" ? DocumentKind.Excel : extension is ".odt" or ".ods" ? DocumentKind.OpenDocument
            : Contains(head, "word/"u8) ? DocumentKind.Word : Contains(head, "xl/"u8) ? DocumentKind.Excel : DocumentKind.Zip;
        if (head.IndexOf("%PDF-"u8) is >= 0 and < 1024) return DocumentKind.Pdf;
        if (head.StartsWith("{\\rtf"u8)) return DocumentKind.Rtf;
        if (head.StartsWith(new byte[] { 0xD0, 0xCF, 0x11, 0xE0 })) return DocumentKind.OldOffice;
        if (head.StartsWith(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }) || head.StartsWith(new byte[] { 0xFF, 0xD8, 0xFF }) || head.StartsWith("GIF8"u8) || head.StartsWith("MZ"u8) || head.StartsWith("\u007fELF"u8) || head.StartsWith(new byte[] { 0x1F, 0x8B })) return DocumentKind.Picture;
        switch (extension)
        {
            case ".jsonl" or ".ndjson": return DocumentKind.JsonLines;
            case ".docx": return DocumentKind.Word;
            case ".xlsx": return DocumentKind.Excel;
            case ".pdf": return DocumentKind.Pdf;
        }

        var text = Start(head);
        if (text.StartsWith('{')) return extension == ".json" ? IsOneALine(head) ? DocumentKind.JsonLines : DocumentKind.Json : extension is ".csv" ? DocumentKind.Csv : IsOneALine(head) ? DocumentKind.JsonLines : DocumentKind.Json;
        if (text.StartsWith('[') && (extension == ".json" || (text.Length > 1 && text[1..].TrimStart().StartsWith('{')))) return DocumentKind.Json;
        if (text.Contains("<rss", StringComparison.OrdinalIgnoreCase) || text.Contains("xmlns:wp=", StringComparison.Ordinal)) return DocumentKind.WordPressExport;
        if (extension is ".html" or ".htm" or ".xhtml" || contentType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true || text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.Contains("<html", StringComparison.OrdinalIgnoreCase)) return DocumentKind.Html;
        if (text.StartsWith("<?xml", StringComparison.Ordinal) || extension == ".xml") return text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) ? DocumentKind.WordPressExport : DocumentKind.Xml;
        return extension switch
        {
            ".csv" or ".tsv" => DocumentKind.Csv,
            ".md" or ".markdown" => DocumentKind.Markdown,
            _ => DocumentKind.Text,
        };
    }

    private static bool Contains(ReadOnlySpan<byte> head, ReadOnlySpan<byte> part) => head.IndexOf(part) >= 0;

    // The first line is a whole object: more follow, or it is the only one.
    private static bool IsOneALine(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOfAny((byte)'\n', (byte)'\r');
        return end < 0 ? head.Length == 4096 || head.TrimEnd(" \t"u8) is [.., (byte)'}'] : head[..end].TrimEnd(" \t"u8) is [.., (byte)'}'];
    }

    private static string Start(ReadOnlySpan<byte> head)
    {
        if (head is [0xFF, 0xFE, ..]) return Encoding.Unicode.GetString(head[2..]).TrimStart();
        if (head is [0xFE, 0xFF, ..]) return Encoding.BigEndianUnicode.GetString(head[2..]).TrimStart();
        return Encoding.Latin1.GetString(head is [0xEF, 0xBB, 0xBF, ..] ? head[3..] : head).TrimStart();
    }

    private static bool LooksLikeHtml(string text) =>
        text.AsSpan(0, Math.Min(text.Length, 2000)).TrimStart().StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
        || text.AsSpan(0, Math.Min(text.Length, 4000)).Contains("<html", StringComparison.OrdinalIgnoreCase)
        || text.AsSpan(0, Math.Min(text.Length, 20_000)).Contains("<body", StringComparison.OrdinalIgnoreCase)
        || (text.AsSpan().TrimStart().StartsWith("<") && Tidy.HoldsMarkup(text));

    // The sender's word first, then the page's own.
    private static string? Declared(byte[] bytes, string? contentType)
    {
        if (contentType?.IndexOf("charset=", StringComparison.OrdinalIgnoreCase) is >= 0 and var at) return contentType[(at + 8)..];
        var head = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 2048));
        var meta = head.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return meta < 0 ? null : head.Substring(meta + 8, Math.Min(20, head.Length - meta - 8)).Trim('"', '\'', ' ');
    }

    private static string? Web(string? address) =>
        address is { Length: < 2000 } && Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? address.Trim() : null;

    /// <summary>The name in addresses: given, or the last part of the page's address, or made from the title.</summary>
    internal static string SlugOf(string? given, string? address, string title)
    {
        foreach (var candidate in new[] { given, address is not null && Uri.TryCreate(address, UriKind.Absolute, out var uri) ? Uri.UnescapeDataString(uri.AbsolutePath.Trim('/').Split('/')[^1]) : null, title })
        {
            if (candidate is null) continue;
            var slug = candidate == given && CaseStudyReader.Validate(new CaseStudy { Slug = given, Title = "x", Text = "x" }) is null ? given : Slugged(candidate);
            if (slug.Length > 0 && slug is not ("index" or "default")) return slug;
        }

        return "case-study";
    }

    private static string Slugged(string text)
    {
        var dot = text.LastIndexOf('.');
        if (dot > 0 && Readable.Contains(text[dot..].ToLowerInvariant())) text = text[..dot];
        var slug = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c)) slug.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark || c is '\'' or '’') continue;
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length >= 100) break;
        }

        return slug.ToString().Trim('-');
    }

    private static string Spoken(string fileName)
    {
        var text = Tidy.Line(fileName.Replace('-', ' ').Replace('_', ' '));
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
    }
}
