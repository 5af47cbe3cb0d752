using System.Text.Json.Nodes;
using CoopAI.Core.Ledger;

namespace CoopAI.Tests.Core.Ledger;

/// <summary>What every ledger keeps, written once: a ledger is held to it by a class that inherits it.</summary>
public abstract class LedgerContract
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>An empty ledger and its reader.</summary>
    protected abstract (ILedger Ledger, ILedgerReader Reader) Create(TimeProvider clock);

    [Fact]
    public void What_was_appended_is_seen_at_once_newest_first_and_the_first_entry_is_the_key()
    {
        var (ledger, reader) = Create(TimeProvider.System);

        var first = ledger.Append(Setting("one"));
        var second = ledger.Append(Setting("two"));

        Assert.Equal((1, 2), (first.Index, second.Index));
        Assert.Equal([LedgerKind.SettingsChange, LedgerKind.SettingsChange, LedgerKind.KeyRotation], reader.List().Select(e => e.Entry.Kind));
        Assert.Equal(["two"], reader.List(take: 1).Select(e => e.Entry.Subject));
        Assert.Equal(["one"], reader.List(LedgerKind.SettingsChange, before: 2).Select(e => e.Entry.Subject));
        Assert.Equal(["one", "two"], reader.All(LedgerKind.SettingsChange).Select(e => e.Entry.Subject));
        Assert.Equal("A. Officer", reader.Entry(2)!.Texts["by"]);
        Assert.Equal(3, reader.Head()!.Size);
    }

    [Fact]
    public void An_answer_is_read_back_with_its_question_in_its_place()
    {
        var (ledger, reader) = Create(TimeProvider.System);

        ledger.Append(Answer("a1"));

        var found = reader.Answer("a1")!;
        Assert.Equal("Which councils set up a land trust?", found.Question);
        Assert.Equal("Which councils set up a land trust?", (string?)found.Record["question"]);
    }

    [Fact]
    public void What_is_not_there_is_null_or_nothing()
    {
        var (_, reader) = Create(TimeProvider.System);

        Assert.Null(reader.Head());
        Assert.Null(reader.Entry(0));
        Assert.Null(reader.Entry(-1));
        Assert.Null(reader.Answer("none"));
        Assert.Null(reader.ReceiptFor(0));
        Assert.Empty(reader.List());
        Assert.Empty(reader.All(subject: "nothing"));
        Assert.Empty(reader.AnswerIds());
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.List(take: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.List(take: ILedgerReader.MaxPage + 1));
    }

    [Fact]
    public void Answers_are_found_by_place_and_by_time_the_end_not_included()
    {
        var clock = new Steps();
        var (ledger, reader) = Create(clock);
        for (var i = 1; i <= 3; i++)
        {
            clock.Now = Start.AddHours(i);
            ledger.Append(Answer($"a{i}"));
        }

        Assert.Equal(["a1", "a2", "a3"], reader.AnswerIds());
        Assert.Equal(["a2"], reader.AnswerIds(2, 3));
        Assert.Equal(["a1", "a2"], reader.AnswersBetween(Start.AddHours(1), Start.AddHours(3)));
    }

    [Fact]
    public void A_draft_that_asks_for_its_place_is_told_the_entry_before_as_signed_and_as_stored()
    {
        var (ledger, reader) = Create(TimeProvider.System);
        ledger.Append(Setting("one"));
        LedgerPlace? place = null;

        var receipt = ledger.Append(p =>
        {
            place = p;
            return Setting("two");
        });

        Assert.Equal(receipt.Index, place!.Index);
        Assert.Equal(Convert.ToHexStringLower(reader.Entry(1)!.Entry.LeafHash()), place.Previous);
        Assert.Equal(place.Previous, place.StoredPrevious);
        Assert.Equal(place.Previous, reader.Entry(2)!.Entry.Previous);
    }

    [Fact]
    public void A_draft_that_throws_leaves_nothing_behind()
    {
        var (ledger, reader) = Create(TimeProvider.System);
        ledger.Append(Setting("one"));

        Assert.Throws<InvalidOperationException>(() => ledger.Append(_ => throw new InvalidOperationException("No.")));

        Assert.Equal(2, reader.Head()!.Size);
        Assert.Equal(2, ledger.Append(Setting("two")).Index);
    }

    [Fact]
    public void Receipts_hold_with_the_ledgers_key_when_given_and_when_asked_for_later()
    {
        var (ledger, reader) = Create(TimeProvider.System);

        var given = ledger.Append(Answer("a1"));
        ledger.Append(Setting("one"));
        var later = reader.ReceiptFor(given.Index)!;

        Assert.Empty(given.Verify(ledger.PublicKey));
        Assert.Empty(later.Verify(ledger.PublicKey));
        Assert.Equal(3, later.Head.Size);
    }

    private static LedgerDraft Setting(string name) => LedgerDraft.SettingsChange(name, "on", "off", "A. Officer", "The corpus is being corrected");

    private static LedgerDraft Answer(string id) => LedgerDraft.Answer(id, "Which councils set up a land trust?", new JsonObject { ["id"] = id, ["question"] = "Which councils set up a land trust?" });

    private sealed class Steps : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
