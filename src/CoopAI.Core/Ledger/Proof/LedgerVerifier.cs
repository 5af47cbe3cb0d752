using System.Globalization;
using System.Security.Cryptography;

namespace CoopAI.Core.Ledger.Proof;

/// <summary>Everything stored for a ledger, as it lies in the store: each stream in rising order of its first member.</summary>
/// <param name="Entries">Place, kind and subject by which the store finds the entry, and its bytes.</param>
/// <param name="Heads">Size and bytes.</param>
/// <param name="Nodes">Level, place, hash; in any order.</param>
/// <param name="Records">Place, subject, bytes.</param>
/// <param name="Texts">Place, name, text, salt.</param>
public sealed record LedgerContent(
    IEnumerable<(long Index, string Kind, string? Subject, byte[] Json)> Entries,
    IEnumerable<(long Size, byte[] Json)> Heads,
    IEnumerable<MerkleNode> Nodes,
    IEnumerable<(long Index, string Subject, byte[] Json)> Records,
    IEnumerable<(long Index, string Name, string Text, byte[] Salt)> Texts);

/// <summary>One thing that is wrong.</summary>
/// <param name="What">altered, missing, reordered, added, record, text, head, tree, key, published or database.</param>
/// <param name="Index">Place of the entry concerned; null when none is.</param>
/// <param name="Kind">Kind of that entry, as far as it can be known.</param>
/// <param name="Subject">Answer id, slug or setting of that entry, as far as it can be known.</param>
/// <param name="Message">The finding as a sentence for members.</param>
public sealed record LedgerFinding(string What, long? Index, string? Kind, string? Subject, string Message);

/// <summary>What a check of the whole ledger came to.</summary>
/// <param name="Entries">Entries stored.</param>
/// <param name="Head">The newest head, when it can be read.</param>
/// <param name="Findings">Everything wrong, in order of place; at most <see cref="LedgerVerifier.MaxFindings"/>.</param>
/// <param name="Notes">What is in order but worth knowing: lost keys, clocks that went back, erased texts.</param>
public sealed record LedgerVerification(long Entries, SignedHead? Head, IReadOnlyList<LedgerFinding> Findings, IReadOnlyList<string> Notes)
{
    /// <summary>Nothing is wrong.</summary>
    public bool Sound => Findings.Count == 0;
}

/// <summary>Checks a whole ledger: every entry, record and text against the signed heads, the heads against each other and the keys, and the stored tree.</summary>
/// <remarks>
/// The newest head of each key is checked by its signature. Each head holds the hash of the one before, signature included, so those few
/// signatures vouch for all heads; where that chain is broken, the signatures on both sides of the break are checked and tell which side
/// was altered. Each head names the leaf it added, so every altered entry is named, however many there are. A ledger cut back to an earlier
/// state is sound in itself: that is found only against a head kept elsewhere.
/// </remarks>
public static class LedgerVerifier
{
    /// <summary>Findings listed; a ledger with more is summed up at the end.</summary>
    public const int MaxFindings = 1000;

    /// <summary>Runs the check.</summary>
    /// <param name="content">What is stored.</param>
    /// <param name="trusted">The key that must have signed the newest head; null: the one that the ledger itself names last.</param>
    /// <param name="published">Heads kept elsewhere, which the ledger must contain.</param>
    public static LedgerVerification Verify(LedgerContent content, LedgerPublicKey? trusted = null, IReadOnlyList<SignedHead>? published = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var run = new Run();
        return run.Verify(content, trusted, published ?? []);
    }

    private sealed class Run : IDisposable
    {
        private readonly List<LedgerFinding> _findings = [];
        private readonly List<string> _notes = [];
        private readonly Dictionary<string, LedgerPublicKey> _keys = new(StringComparer.Ordinal);
        private readonly Dictionary<long, (SignedHead Head, string Hash)> _heads = [];
        private readonly Dictionary<string, long> _placeOfLeaf = new(StringComparer.Ordinal);
        private readonly Dictionary<(int, long), byte[]> _tree = [];
        private readonly List<MerkleNode> _storedNodes = [];
        private readonly Dictionary<long, byte[]> _storedLeaves = [];
        private readonly List<long> _unvouched = [];
        private bool _rootsLost;
        private readonly HashSet<long> _erased = [];
        private readonly List<(long Index, string Kind, string? Subject, string Name)> _absentTexts = [];
        private SignedHead? _newest;
        private string? _lastKey;
        private long _clockWentBack;
        private long _unlisted;

        public LedgerVerification Verify(LedgerContent content, LedgerPublicKey? trusted, IReadOnlyList<SignedHead> published)
        {
            ReadKeys(content);
            ReadHeads(content);
            CheckHeads(trusted);
            foreach (var node in content.Nodes) _storedNodes.Add(node);
            foreach (var node in _storedNodes.Where(n => n.Level == 0)) _storedLeaves[node.Index] = node.Hash;
            var stored = CheckEntries(content);
            CheckTexts();
            CheckTree();
            CheckPublished(published);

            if (_clockWentBack > 0)
                _notes.Add($"The clock stood behind the entry before at {_clockWentBack} of the entries. Their order is sure; their times are what the clock said.");
            if (_erased.Count > 0)
                _notes.Add($"The texts of {_erased.Count} entries were erased, each recorded by an entry of its own.");
            _findings.Sort((a, b) => (a.Index ?? long.MaxValue).CompareTo(b.Index ?? long.MaxValue));
            if (_unlisted > 0)
                _findings.Add(new("more", null, null, null, $"{_unlisted:N0} further findings are not listed."));
            return new(stored, _newest, _findings, _notes);
        }

        public void Dispose()
        {
            foreach (var key in _keys.Values) key.Dispose();
        }

        // The keys come first, since they tell which heads to believe, and the heads tell which entries to believe.
        private void ReadKeys(LedgerContent content)
        {
            foreach (var (_, _, _, json) in content.Entries)
            {
                if (json.AsSpan().IndexOf("\"kind\":\"key-rotation\""u8) < 0) continue;
                try
                {
                    if (KeyRotation.KeyOf(LedgerEntry.Parse(json)) is { } key && !_keys.TryAdd(key.Id, key)) key.Dispose();
                }
                catch (FormatException)
                {
                    // Named when the entries are checked.
                }
            }
        }

        private void ReadHeads(LedgerContent content)
        {
            var expected = 1L;
            foreach (var (size, json) in content.Heads)
            {
                for (; expected < size && expected >= 1; expected++)
                    Found("head", expected - 1, null, null, $"The signed head of size {expected} is missing.");
                expected = size + 1;
                SignedHead head;
                try
                {
                    head = SignedHead.Parse(json);
                }
                catch (FormatException e)
                {
                    Found("head", size - 1, null, null, $"The signed head of size {size} was altered: {e.Message}");
                    continue;
                }
                if (head.Size != size)
                {
                    Found("head", size - 1, null, null, $"The signed head of size {size} was altered: it says size {head.Size}.");
                    continue;
                }
                _heads[size] = (head, Convert.ToHexStringLower(SHA256.HashData(json)));
                _newest = head;
            }
            if (_newest is not null && !_heads[_newest.Size].Hash.Equals(_newest.Hash(), StringComparison.Ordinal))
                Found("head", _newest.Size - 1, null, null, $"The signed head of size {_newest.Size} is not stored in canonical form.");
        }

        private long CheckEntries(LedgerContent content)
        {
            var frontier = new MerkleFrontier();
            var stored = 0L;
            var next = 0L;
            string? before = null;
            using var records = new Cursor<(long Index, string Subject, byte[] Json)>(content.Records, r => r.Index);
            using var texts = new Cursor<(long Index, string Name, string Text, byte[] Salt)>(content.Texts, t => t.Index);

            foreach (var (index, kind, subject, json) in content.Entries)
            {
                stored++;
                if (index < 0)
                {
                    Found("added", index, kind, subject, $"There is an entry at the impossible place {index}{Named(kind, subject)}.");
                    continue;
                }
                if (index >= (_newest?.Size ?? 0))
                {
                    Found("added", index, kind, subject, $"Entry {index}{Named(kind, subject)} is covered by no signed head: it was added by hand, or its head was removed.");
                    while (records.TakeUpTo(index).Found || texts.TakeUpTo(index).Found)
                    {
                        // What lies beside an entry that nobody vouches for needs no finding of its own.
                    }
                    continue;
                }
                for (; next < index; next++)
                    before = Missing(next, frontier, records, texts);

                var leaf = MerkleTree.LeafHash(json);
                var leafText = Convert.ToHexStringLower(leaf);
                var head = _heads.TryGetValue(index + 1, out var h) ? h.Head : null;
                var entry = Read(json, index, kind, subject, out var wrong);
                if (head is not null && head.Leaf != leafText)
                {
                    var elsewhere = _placeOfLeaf.TryGetValue(leafText, out var place) ? place : (long?)null;
                    if (elsewhere is { } j)
                        Found("reordered", index, kind, subject, $"Entry {index}{Named(kind, subject)} was put out of order: at this place now stands entry {j}.");
                    else
                        Found("altered", index, kind, subject, $"Entry {index}{Named(kind, subject)} was altered: its content does not fit the signed head of size {index + 1}.");
                }
                else if (wrong is not null)
                {
                    Found("altered", index, kind, subject, wrong);
                }
                else if (before is not null && entry!.Previous != before)
                {
                    Found("altered", index, kind, subject, $"Entry {index}{Named(kind, subject)} does not name the entry before it: the chain is broken here.");
                }

                if (entry is not null)
                {
                    if (entry.Kind == LedgerKind.KeyRotation) Rotate(entry);
                    if (entry.Kind == LedgerKind.Erasure && entry.Payload.TryGetProperty("entry", out var of) && of.TryGetInt64(out var erased)) _erased.Add(erased);
                    if (entry.Json.TryGetProperty("clockWentBackMs", out _)) _clockWentBack++;
                }
                CheckRecord(index, kind, subject, entry, records);
                CheckTexts(index, kind, subject, entry, texts);
                // The tree is rebuilt from what was signed, so that one altered entry does not make all later heads look wrong.
                if (head is null)
                {
                    _unvouched.Add(index);
                    if (_storedLeaves.TryGetValue(index, out var storedLeaf) && !storedLeaf.AsSpan().SequenceEqual(leaf))
                    {
                        if (wrong is null)
                            Found("altered", index, kind, subject, $"Entry {index}{Named(kind, subject)} was altered: its content does not fit the stored tree, and its signed head is no help.");
                        leaf = storedLeaf;
                    }
                }
                before = head?.Leaf ?? Convert.ToHexStringLower(leaf);
                Grow(frontier, head is null ? leaf : Convert.FromHexString(head.Leaf), head);
                next = index + 1;
            }
            for (; _newest is { } newest && next < newest.Size; next++)
                before = Missing(next, frontier, records, texts);
            while (records.TakeBelow(long.MaxValue) is { Found: true } extra)
                Found("record", extra.Value.Index, null, extra.Value.Subject, $"There is a record for {extra.Value.Subject} at place {extra.Value.Index}, but no such entry.");
            while (texts.TakeBelow(long.MaxValue) is { Found: true } extra)
                Found("text", extra.Value.Index, null, null, $"There is a text at place {extra.Value.Index}, but no such entry.");
            return stored;
        }

        private static LedgerEntry? Read(byte[] json, long index, string kind, string? subject, out string? wrong)
        {
            wrong = null;
            LedgerEntry entry;
            try
            {
                entry = LedgerEntry.Parse(json);
            }
            catch (FormatException e)
            {
                wrong = $"Entry {index}{Named(kind, subject)} cannot be read: {e.Message}";
                return null;
            }
            if (entry.Index != index)
                wrong = $"Entry {index}{Named(kind, subject)} says that it is entry {entry.Index}.";
            else if (LedgerEntry.Word(entry.Kind) != kind || entry.Subject != subject)
                wrong = $"Entry {index} is filed as {Filed(kind, subject)}, but says that it is {Filed(LedgerEntry.Word(entry.Kind), entry.Subject)}.";
            return entry;
        }

        private string? Missing(long index, MerkleFrontier frontier, Cursor<(long Index, string Subject, byte[] Json)> records,
            Cursor<(long Index, string Name, string Text, byte[] Salt)> texts)
        {
            string? subject = null;
            while (records.TakeUpTo(index) is { Found: true } left) subject = left.Value.Subject;
            while (texts.TakeUpTo(index) is { Found: true })
            {
                // Its texts lost their entry; that the entry is missing says it all.
            }
            var kind = subject is null ? null : LedgerEntry.Word(LedgerKind.Answer);
            Found("missing", index, kind, subject, $"Entry {index}{Named(kind, subject)} was removed.");
            var head = _heads.TryGetValue(index + 1, out var h) ? h.Head : null;
            if (head is null) _unvouched.Add(index);
            var leaf = head is not null ? Convert.FromHexString(head.Leaf) : _storedLeaves.TryGetValue(index, out var stored) ? stored : MerkleTree.LeafHash([]);
            Grow(frontier, leaf, head);
            return head?.Leaf;
        }

        private void Grow(MerkleFrontier frontier, byte[] leaf, SignedHead? head)
        {
            foreach (var node in frontier.Append(leaf)) _tree[(node.Level, node.Index)] = node.Hash;
            if (_rootsLost || head is null || Convert.ToHexStringLower(frontier.Root) == head.Root) return;
            // The heads left are all believed and each names its leaf, so only a place without a good head can be at fault.
            _rootsLost = true;
            Found("altered", _unvouched.Count > 0 ? _unvouched[0] : head.Size - 1, null, null,
                _unvouched.Count > 0
                    ? $"The root of the signed head of size {head.Size} does not fit: an entry whose own head is not to be believed was altered ({string.Join(", ", _unvouched.Take(20))})."
                    : $"The root of the signed head of size {head.Size} does not fit the entries up to there.");
        }

        private void CheckRecord(long index, string kind, string? subject, LedgerEntry? entry, Cursor<(long Index, string Subject, byte[] Json)> records)
        {
            while (records.TakeBelow(index) is { Found: true } extra)
                Found("record", extra.Value.Index, null, extra.Value.Subject, $"There is a record for {extra.Value.Subject} at place {extra.Value.Index}, but no such entry.");
            var record = records.TakeUpTo(index);
            if (entry is null) return;
            if (!record.Found)
            {
                if (entry.RecordHash is not null)
                    Found("record", index, kind, subject, $"The record of entry {index}{Named(kind, subject)} was removed.");
            }
            else if (entry.RecordHash is null || Convert.ToHexStringLower(SHA256.HashData(record.Value.Json)) != entry.RecordHash || record.Value.Subject != entry.Subject)
            {
                Found("record", index, kind, subject, $"The record of entry {index}{Named(kind, subject)} was altered: it does not fit the hash in the entry.");
            }
        }

        private void CheckTexts(long index, string kind, string? subject, LedgerEntry? entry, Cursor<(long Index, string Name, string Text, byte[] Salt)> texts)
        {
            while (texts.TakeBelow(index) is { Found: true } extra)
                Found("text", extra.Value.Index, null, null, $"There is a text at place {extra.Value.Index}, but no such entry.");
            var here = new HashSet<string>(StringComparer.Ordinal);
            while (texts.TakeUpTo(index) is { Found: true } text)
            {
                if (entry is null) continue;
                here.Add(text.Value.Name);
                if (!entry.Texts.TryGetValue(text.Value.Name, out var commitment))
                    Found("text", index, kind, subject, $"Beside entry {index}{Named(kind, subject)} lies a text \"{text.Value.Name}\" that the entry does not know.");
                else if (LedgerText.Commit(text.Value.Text, text.Value.Salt) != commitment)
                    Found("text", index, kind, subject, $"The text \"{text.Value.Name}\" of entry {index}{Named(kind, subject)} was altered.");
            }
            foreach (var name in entry?.Texts.Keys.Where(t => !here.Contains(t)) ?? []) _absentTexts.Add((index, kind, subject, name));
        }

        private void CheckTexts()
        {
            foreach (var (index, kind, subject, name) in _absentTexts.Where(t => !_erased.Contains(t.Index)))
                Found("text", index, kind, subject, $"The text \"{name}\" of entry {index}{Named(kind, subject)} was removed, and no entry says that it was erased.");
        }

        private void Rotate(LedgerEntry entry)
        {
            var key = KeyRotation.KeyOf(entry);
            if (key is null)
            {
                Found("key", entry.Index, LedgerEntry.Word(entry.Kind), entry.Subject, $"Entry {entry.Index} names a key that is none.");
                return;
            }
            if (_lastKey is not null && _keys.TryGetValue(_lastKey, out var before))
            {
                if (!KeyRotation.IsEndorsed(entry, before))
                    Found("key", entry.Index, LedgerEntry.Word(entry.Kind), entry.Subject, $"Entry {entry.Index} changes the key without the old key's signature.");
                else if (entry.Payload.TryGetProperty("lost", out var lost) && lost.GetBoolean())
                    _notes.Add($"At entry {entry.Index} the key was changed because the old one was lost: from there on, trust rests on the new key and on heads kept elsewhere.");
            }
            _lastKey = key.Id;
            key.Dispose();
        }

        // From the newest head down. A head that is believed vouches for the one before it; where it does not fit, that one was altered and is
        // believed no more, and the next one down must stand on its own signature.
        private void CheckHeads(LedgerPublicKey? trusted)
        {
            if (_newest is null) return;
            SignedHead? later = null;
            for (var size = _newest.Size; size >= 1; size--)
            {
                if (!_heads.TryGetValue(size, out var at))
                {
                    later = null;
                    continue;
                }
                var linked = later is not null && later.Previous == at.Hash;
                var signed = linked && later!.KeyId == at.Head.KeyId || Signed(at.Head);
                if ((later is null || linked) && signed && (size > 1 || at.Head.Previous is null))
                {
                    later = at.Head;
                    continue;
                }
                _heads.Remove(size);
                later = null;
                Found("head", size - 1, null, null,
                    signed ? $"The signed head of size {size} is not the one that the next head names: it was exchanged or signed a second time."
                    : _keys.ContainsKey(at.Head.KeyId) || trusted?.Id == at.Head.KeyId ? $"The signed head of size {size} was altered: its signature does not fit."
                    : $"The head of size {size} was signed with a key that the ledger does not name ({Receipt.Short(at.Head.KeyId)}).");
            }
            foreach (var (size, (head, _)) in _heads) _placeOfLeaf.TryAdd(head.Leaf, size - 1);
            if (trusted is not null && _newest.KeyId != trusted.Id)
            {
                Found("key", null, null, null,
                    $"The newest head was signed with the key {Receipt.Short(_newest.KeyId)}, but the key to trust is {Receipt.Short(trusted.Id)}. Give the right public key, or find out who signed.");
            }
            if (trusted is null)
                _notes.Add($"Signatures were checked against the keys that the ledger itself names, last {Receipt.Short(_newest.KeyId)}. Compare that id with the one you were given.");

            bool Signed(SignedHead head) =>
                (trusted?.Id == head.KeyId && head.IsSignedBy(trusted)) || (_keys.TryGetValue(head.KeyId, out var key) && head.IsSignedBy(key));
        }

        private void CheckTree()
        {
            var seen = 0;
            foreach (var node in _storedNodes)
            {
                var known = _tree.TryGetValue((node.Level, node.Index), out var hash);
                if (known) seen++;
                if (!known || (!_rootsLost && !node.Hash.AsSpan().SequenceEqual(hash)))
                    Tree(node.Level, node.Index, "was altered");
            }
            if (seen < _tree.Count)
                Found("tree", null, null, null, $"{_tree.Count - seen} nodes of the stored tree were removed. Receipts cannot be made for all entries; the entries themselves are judged above.");

            void Tree(int level, long index, string what)
            {
                if (level is < 0 or > 62 || index < 0 || index > long.MaxValue >> level)
                    Found("tree", null, null, null, $"The stored tree holds an impossible node (level {level}, place {index}).");
                else if (level == 0)
                    Found("tree", index, null, null, $"The stored leaf hash of entry {index} {what}.");
                else
                    Found("tree", index << level, null, null, $"The stored tree {what} above the entries {index << level} to {((index + 1) << level) - 1}.");
            }
        }

        private void CheckPublished(IReadOnlyList<SignedHead> published)
        {
            foreach (var head in published)
            {
                if (_newest is null || head.Size > _newest.Size)
                {
                    Found("published", null, null, null,
                        $"A head of size {head.Size} was published on {head.Time.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}, but the ledger has only {_newest?.Size ?? 0} entries: it was cut back.");
                }
                else if (!_heads.TryGetValue(head.Size, out var own) || own.Hash != head.Hash())
                {
                    Found("published", head.Size - 1, null, null, $"The head of size {head.Size} is not the one that was published: the ledger was rewritten at or before entry {head.Size - 1}.");
                }
            }
        }

        private void Found(string what, long? index, string? kind, string? subject, string message)
        {
            if (_findings.Count < MaxFindings) _findings.Add(new(what, index, kind, subject, message));
            else _unlisted++;
        }

        private static string Named(string? kind, string? subject) => kind is null && subject is null ? "" : $" ({Filed(kind, subject)})";

        private static string Filed(string? kind, string? subject) => subject is null ? kind ?? "unknown" : $"{kind ?? "unknown"} {subject}";
    }

    // Walks a stream in step with the entries.
    private sealed class Cursor<T>(IEnumerable<T> items, Func<T, long> place) : IDisposable
    {
        private readonly IEnumerator<T> _items = items.GetEnumerator();
        private bool _has;
        private bool _begun;

        public (bool Found, T Value) TakeUpTo(long index) => Take(item => place(item) <= index);

        public (bool Found, T Value) TakeBelow(long index) => Take(item => place(item) < index);

        public void Dispose() => _items.Dispose();

        private (bool, T) Take(Func<T, bool> wanted)
        {
            if (!_begun) (_begun, _has) = (true, _items.MoveNext());
            if (!_has || !wanted(_items.Current)) return (false, default!);
            var value = _items.Current;
            _has = _items.MoveNext();
            return (true, value);
        }
    }
}
