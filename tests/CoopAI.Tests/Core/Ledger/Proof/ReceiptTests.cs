using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;

namespace CoopAI.Tests.Core.Ledger.Proof;

public sealed class ReceiptTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly LedgerSigner _signer = LedgerSigner.Create();
    private readonly SetClock _clock = new(Noon);

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Every_receipt_holds_with_the_public_key_alone_also_after_pretty_printing()
    {
        var ledger = Ledger();
        using var key = LedgerPublicKey.FromPem(_signer.Public.Pem);
        for (var i = 0; i < 40; i++)
        {
            var receipt = ledger.Append(LedgerSamples.Answer($"a{i}"));

            Assert.Empty(receipt.Verify(key));
            var printed = receipt.ToJson().ToJsonString(CoopJson.Indented);
            Assert.Empty(Receipt.Parse(Encoding.UTF8.GetBytes(printed), "receipt.json").Verify(key));
            Assert.Empty(Receipt.Parse(Encoding.UTF8.GetBytes($$"""{"id":"a","receipt":{{printed}}}"""), "answer.json").Verify(key));
        }
    }

    [Fact]
    public void A_receipt_is_spelt_the_same_by_every_serialiser_and_still_holds()
    {
        var receipt = Ledger().Append(LedgerSamples.Answer("a"));

        var json = JsonSerializer.SerializeToUtf8Bytes(new { receipt, receipt.Head }, CoopJson.Options);

        Assert.Empty(Receipt.Parse(json, "answer.json").Verify(_signer.Public));
        Assert.Equal(receipt.Head, JsonSerializer.Deserialize<SignedHead>(JsonSerializer.Serialize(receipt.Head)));
        Assert.Empty(JsonSerializer.Deserialize<Receipt>(JsonSerializer.Serialize(receipt))!.Verify(_signer.Public));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Receipt>("{}"));
    }

    [Fact]
    public void Any_changed_character_of_a_receipt_is_found()
    {
        var ledger = Ledger();
        for (var i = 0; i < 4; i++) ledger.Append(LedgerSamples.Answer($"a{i}"));
        var text = ledger.Append(LedgerSamples.Answer("a4")).ToJson().ToJsonString(CoopJson.Options);
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var put in "bA1".Where(c => c != text[at]))
            {
                var changed = new StringBuilder(text) { [at] = put }.ToString();

                Assert.True(IsRefused(changed), $"character {at}: {changed[Math.Max(0, at - 20)..Math.Min(changed.Length, at + 10)]}");
            }
        }
    }

    [Fact]
    public void A_receipt_checked_with_somebody_elses_key_says_so()
    {
        using var other = LedgerSigner.Create();

        var wrong = Assert.Single(Ledger().Append(LedgerSamples.Answer("a")).Verify(other.Public));

        Assert.Contains("but the public key given is", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "not a receipt")]
    [InlineData("""{"index":0,"entry":{"index":0},"proof":[]}""", "\"head\" is missing")]
    [InlineData("""{"entry":{"index":0},"proof":[],"head":{}}""", "\"index\" is missing")]
    [InlineData("""{"index":1,"entry":{"index":0},"proof":[],"head":{}}""", "does not agree")]
    [InlineData("""{"index":0,"entry":{},"proof":[],"head":{}}""", "no index")]
    [InlineData("""{"index":0,"entry":{"index":0},"proof":[null],"head":{}}""", "null")]
    [InlineData("""{"index":0,"entry":{"index":0},"proof":[],"head":{"size":1,"root":"xyz"}}""", "root")]
    public void What_is_no_receipt_is_refused_with_the_reason(string json, string part) =>
        Assert.Contains(part, Assert.Throws<BadInputException>(() => Receipt.Parse(Encoding.UTF8.GetBytes(json), "r.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_question_is_nowhere_in_an_entry_or_record_only_salted_hashes()
    {
        var draft = LedgerSamples.Answer("a");
        var ledger = Ledger();
        var entry = ledger.Append(draft).Entry.GetRawText();

        Assert.DoesNotContain("land trust", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("land trust", draft.Record!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["question", "text1"], draft.Texts.Keys.Order());
        Assert.Equal(LedgerSamples.Record("a").ToJsonString(), LedgerDraft.PutBack(draft.Record, draft.Texts)!.ToJsonString());
    }

    [Fact]
    public void Words_of_the_question_that_a_record_repeats_are_taken_out_too_and_words_of_the_corpus_stay()
    {
        var record = JsonNode.Parse("""
            {"question":"Did anyone lend cargo bikes to Zebedee?","notCovered":["cargo bikes"],"summary":"Nothing was found on cargo bikes.",
             "sources":[{"title":"Cargo bikes in Millford"}],
             "rules":[{"rule":"VG10","target":{"kind":"question"},"explanation":"Checked.","evidence":[{"text":"to Zebedee"}]},
                      {"rule":"VG01","target":{"kind":"sentence"},"explanation":"Checked.","evidence":[{"text":"Northbeck lent them."}]}]}
            """)!.AsObject();

        var draft = LedgerDraft.Answer("a", "Did anyone lend cargo bikes to Zebedee?", record);

        var kept = draft.Record!.ToJsonString();
        Assert.DoesNotContain("Zebedee", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("on cargo bikes", kept, StringComparison.Ordinal);
        Assert.Contains("Cargo bikes in Millford", kept, StringComparison.Ordinal);
        Assert.Contains("Northbeck lent them.", kept, StringComparison.Ordinal);
        Assert.Equal(record.ToJsonString(), LedgerDraft.PutBack(draft.Record, draft.Texts)!.ToJsonString());
    }

    [Fact]
    public void The_same_question_twice_leaves_two_different_hashes()
    {
        var ledger = Ledger();

        var hashes = new[] { "a", "b" }.Select(id => ledger.Append(LedgerSamples.Answer(id)).Entry.GetProperty("texts").GetProperty("question").GetString());

        Assert.Equal(2, hashes.Distinct().Count());
    }

    [Fact]
    public void A_clock_that_goes_back_is_noted_and_changes_no_order()
    {
        var ledger = Ledger();
        ledger.Append(LedgerSamples.Answer("a"));
        _clock.Now = Noon.AddMinutes(-3);

        var entry = ledger.Append(LedgerSamples.Answer("b")).Entry;

        Assert.Equal(180_000, entry.GetProperty("clockWentBackMs").GetInt64());
        Assert.Equal(2, entry.GetProperty("index").GetInt64());
        Assert.False(ledger.Append(LedgerSamples.Answer("c")).Entry.TryGetProperty("clockWentBackMs", out _));
    }

    [Theory]
    [InlineData("Jane Smith", "a1", "not a role")]
    [InlineData("member", "jane@example.org", "subject")]
    [InlineData("member", "", "subject")]
    public void Names_and_addresses_are_kept_out_of_actor_and_subject(string actor, string subject, string part)
    {
        var draft = new LedgerDraft(LedgerKind.Review, actor, subject, []);

        Assert.Contains(part, Assert.Throws<BadInputException>(() => Ledger().Append(draft)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_large_is_refused_with_its_size()
    {
        var draft = new LedgerDraft(LedgerKind.TagDecision, "staff", "s", new() { ["x"] = new string('x', LedgerDraft.MaxPayload) });
        var question = new string('q', LedgerDraft.MaxText + 1);

        Assert.Contains("at most 262,144", Assert.Throws<BadInputException>(() => Ledger().Append(draft)).Message, StringComparison.Ordinal);
        Assert.Contains("20,001", Assert.Throws<BadInputException>(() => Ledger().Append(LedgerSamples.Answer("a", question))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\ud800 half a pair")]
    [InlineData("\u202eright to left\u202c")]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("nul \0 inside")]
    public void Hostile_questions_are_recorded_and_their_receipts_hold(string question) =>
        Assert.Empty(Ledger().Append(LedgerSamples.Answer("a", question)).Verify(_signer.Public));

    [Fact]
    public void A_public_key_file_that_holds_the_private_key_is_refused() =>
        Assert.Contains("private key", Assert.Throws<BadInputException>(() => LedgerPublicKey.FromPem(_signer.ExportPem(), "k.pem")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("nothing")]
    public void What_is_no_key_is_refused_with_its_file_name(string pem) =>
        Assert.Contains("k.pem", Assert.Throws<BadInputException>(() => LedgerPublicKey.FromPem(pem, "k.pem")).Message, StringComparison.Ordinal);

    private MemoryLedger Ledger() => new(_clock, _signer, LedgerSamples.Salt());

    private bool IsRefused(string json)
    {
        try
        {
            return Receipt.Parse(Encoding.UTF8.GetBytes(json), "r").Verify(_signer.Public).Count > 0;
        }
        catch (BadInputException)
        {
            return true;
        }
    }
}
