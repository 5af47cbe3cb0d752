using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class AccountBookTests : IDisposable
{
    private const string Right = "correct horse battery";

    private static readonly AccountChange Root = new("root", "administrator", "A reason.");

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-accounts-").FullName;
    private readonly Clock _clock = new();
    private readonly SqliteLedger _ledger;
    private readonly AccountBook _book;

    public AccountBookTests()
    {
        var database = CoopDatabase.Open(_directory);
        _ledger = new SqliteLedger(database, new LedgerOptions(), _clock);
        _book = AccountServices.Create(database, _ledger, _clock, new ServiceCollection().BuildServiceProvider());
    }

    [Fact]
    public async Task The_right_password_signs_in_whatever_the_case_of_the_name()
    {
        await _book.AddAsync("Ada", "member", Right);

        var account = await _book.CheckAsync("ADA", Right);

        Assert.Equal(("Ada", "member"), (account?.Name, account?.Role));
        Assert.Null(await _book.CheckAsync("Ada", Right + "x"));
        Assert.Null(await _book.CheckAsync("Bob", Right));
    }

    [Fact]
    public async Task The_database_holds_no_password_and_no_secret_of_a_link()
    {
        await _book.AddAsync("Ada", "member", Right);
        var secret = _book.MakeResetLink("Ada", Root);

        foreach (var file in Directory.GetFiles(_directory))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var content = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(Right, content, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, content, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_account_of_an_earlier_version_signs_in_and_its_password_is_hashed_anew()
    {
        var directory = Directory.CreateTempSubdirectory("coopai-earlier-").FullName;
        try
        {
            // As version 3 wrote it: PBKDF2 with HMAC-SHA-256, 600,000 times.
            var salt = new byte[16];
            var hash = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(Right, salt, 600_000, System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
            CoopDatabase.Open(directory).ReleaseFile();
            using (var connection = new SqliteConnection($"Data Source={Path.Combine(directory, CoopDatabase.FileName)};Pooling=false"))
            {
                connection.Open();
                connection.Execute("DROP TABLE user_links; DROP TABLE user_logins; DROP TABLE users; PRAGMA user_version = 3;");
                connection.Execute("CREATE TABLE accounts (name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, password TEXT NOT NULL, stamp TEXT NOT NULL, made TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0, locked_until TEXT)");
                connection.Execute("INSERT INTO accounts (name, role, password, stamp, made) VALUES ('Ada', 'member', @password, 's', '2026-11-22T09:00:00Z')",
                    new { password = $"pbkdf2-sha256$600000${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}" });
            }

            var database = CoopDatabase.Open(directory);
            using var ledger = new SqliteLedger(database, new LedgerOptions(), _clock);
            var book = AccountServices.Create(database, ledger, _clock, new ServiceCollection().BuildServiceProvider());

            Assert.Null(await book.CheckAsync("ada", "quite another password"));
            Assert.Equal("member", (await book.CheckAsync("ada", Right))?.Role);
            Assert.DoesNotContain("pbkdf2", book.Find("ada")!.Password!, StringComparison.Ordinal);
            Assert.NotNull(await book.CheckAsync("ada", Right));
            database.ReleaseFile();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Role_password_sign_out_and_closing_each_change_the_stamp()
    {
        await _book.AddAsync("root", "administrator", Right);
        await _book.AddAsync("Ada", "member", Right);
        var stamps = new HashSet<string> { _book.Find("Ada")!.Stamp };
        await _book.SetRoleAsync("Ada", "staff");
        stamps.Add(_book.Find("Ada")!.Stamp);
        await _book.SetPasswordAsync("Ada", "another long password here");
        stamps.Add(_book.Find("Ada")!.Stamp);
        await _book.EndSessionsAsync(_book.Find("Ada")!.Id);
        stamps.Add(_book.Find("Ada")!.Stamp);
        await _book.SetDisabledAsync("Ada", true, Root);
        stamps.Add(_book.Find("Ada")!.Stamp);

        Assert.Equal(5, stamps.Count);
        Assert.Null(await _book.CheckAsync("Ada", "another long password here"));
        await _book.SetDisabledAsync("Ada", false, Root);
        Assert.Equal("staff", (await _book.CheckAsync("Ada", "another long password here"))?.Role);
    }

    [Theory]
    [InlineData("", "member", Right, "NAME")]
    [InlineData("a b", "member", Right, "NAME")]
    [InlineData("<script>", "member", Right, "NAME")]
    [InlineData("Ada\n", "member", Right, "NAME")]
    [InlineData("аdа", "member", Right, "Latin")]
    [InlineData("Ada", "king", Right, "officer, staff, member, administrator")]
    [InlineData("Ada", "member", "short", "12 to 256")]
    [InlineData("Ada", "member", "123456789012", "guess")]
    public async Task What_cannot_be_used_is_refused_with_what_would_be_right(string name, string role, string password, string said)
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() => _book.AddAsync(name, role, password));

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_book.All());
        Assert.Empty(_ledger.All(LedgerKind.AccountChange));
    }

    [Fact]
    public async Task A_name_is_given_once_and_none_that_looks_like_it()
    {
        await _book.AddAsync("Ali10", "member", Right);

        Assert.Contains("already", (await Assert.ThrowsAsync<BadInputException>(() => _book.AddAsync("ALI10", "staff", Right))).Message, StringComparison.Ordinal);
        Assert.Contains("looks like", (await Assert.ThrowsAsync<BadInputException>(() => _book.AddAsync("AIilO", "staff", Right))).Message, StringComparison.Ordinal);
        Assert.Contains("looks like", (await Assert.ThrowsAsync<BadInputException>(() => _book.AddAsync("A1i10", "staff", Right))).Message, StringComparison.Ordinal);
        await _book.AddAsync("siân.ŵyn@council", "staff", Right);
        Assert.Contains("\"Bob\"", (await Assert.ThrowsAsync<BadInputException>(() => _book.RemoveAsync("Bob"))).Message, StringComparison.Ordinal);
        await _book.RemoveAsync("ALI10");
        Assert.Null(_book.Find("Ali10"));
    }

    [Theory]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("            ")]
    [InlineData("abcabcabcabc")]
    [InlineData("Password2026!")]
    [InlineData("P@ssw0rd2026!!")]
    [InlineData("passwordpassword")]
    [InlineData("qwertyuiop123")]
    [InlineData("asdfghjkl;1234")]
    [InlineData("1q2w3e4r5t6y")]
    [InlineData("Liverpool2024")]
    [InlineData("!!Manchester!!")]
    [InlineData("welcomecouncil1")]
    [InlineData("Summer-Winter-24")]
    [InlineData("adalovelace.1815")]
    [InlineData("coopaicoopai")]
    public void A_password_that_is_guessed_first_is_refused(string password) => Assert.NotNull(AccountPasswords.WhatIsWrong(password, "ada.lovelace"));

    [Theory]
    [InlineData(Right)]
    [InlineData("ticket under nine lamps")]
    [InlineData("ysgol-bara-lawr-heno")]
    [InlineData("vT7#kq9!mZr2x")]
    [InlineData("liverpool grew four hats")]
    public void A_password_that_is_not_guessed_first_is_taken(string password) => Assert.Null(AccountPasswords.WhatIsWrong(password, "ada.lovelace"));

    [Fact]
    public async Task An_invitation_makes_the_first_password_once_and_ends_with_its_time()
    {
        var secret = await _book.InviteAsync("Ada", "member", Root);

        Assert.Null(await _book.CheckAsync("Ada", Right));
        Assert.True(_book.Find("Ada")!.IsInvited);
        await Assert.ThrowsAsync<BadInputException>(() => _book.UseLinkAsync(secret, "short"));
        await _book.UseLinkAsync(secret, Right);
        Assert.NotNull(await _book.CheckAsync("Ada", Right));
        Assert.Null(_book.FindLink(secret));
        Assert.Contains("used already", (await Assert.ThrowsAsync<BadInputException>(() => _book.UseLinkAsync(secret, "another long password here"))).Message, StringComparison.Ordinal);

        var late = await _book.InviteAsync("Bob", "member", Root);
        _clock.Now += AccountBook.InvitationTime;
        Assert.Null(_book.FindLink(late));
        // Somebody who has not come yet is invited again, and the first link ends.
        var (first, second) = (await _book.InviteAsync("Bob", "staff", Root), await _book.InviteAsync("Bob", "staff", Root));
        Assert.Null(_book.FindLink(first));
        Assert.Equal("staff", _book.FindLink(second)?.Account.Role);
        await Assert.ThrowsAsync<BadInputException>(() => _book.InviteAsync("Ada", "member", Root));
    }

    [Fact]
    public async Task A_reset_link_changes_nothing_until_it_is_used_and_works_once_however_often_it_is_sent()
    {
        await _book.AddAsync("Ada", "member", Right);
        var secret = _book.MakeResetLink("Ada", Root);
        Assert.NotNull(await _book.CheckAsync("Ada", Right));

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            try
            {
                await _book.UseLinkAsync(secret, $"another long password {i}");
                return true;
            }
            catch (BadInputException)
            {
                return false;
            }
        })));

        Assert.Single(results, r => r);
        Assert.Null(await _book.CheckAsync("Ada", Right));
    }

    [Fact]
    public async Task The_last_administrator_who_can_sign_in_stays()
    {
        await _book.AddAsync("root", "administrator", Right);
        await _book.InviteAsync("other", "administrator", Root);

        foreach (var change in (Func<Task>[])[() => _book.SetRoleAsync("root", "officer"), () => _book.SetDisabledAsync("root", true, Root), () => _book.RemoveAsync("root")])
            Assert.Contains("last administrator", (await Assert.ThrowsAsync<BadInputException>(change)).Message, StringComparison.Ordinal);

        await _book.AddAsync("second", "administrator", Right);
        await _book.SetRoleAsync("root", "officer");
        Assert.Equal("officer", _book.Find("root")!.Role);
    }

    [Fact]
    public async Task Two_administrators_who_demote_each_other_at_once_leave_one()
    {
        for (var round = 0; round < 5; round++)
        {
            var (a, b) = ($"left{round}", $"right{round}");
            await _book.AddAsync(a, "administrator", Right);
            await _book.AddAsync(b, "administrator", Right);
            foreach (var other in _book.All().Where(x => x.Role == "administrator" && x.Name != a && x.Name != b).ToList()) await _book.SetRoleAsync(other.Name, "officer");

            await Task.WhenAll(new[] { a, b }.Select(name => Task.Run(async () =>
            {
                try
                {
                    await _book.SetRoleAsync(name, "officer");
                }
                catch (BadInputException)
                {
                    // One of the two is told so.
                }
            })));

            Assert.Single(_book.All(), x => x.Role == "administrator");
        }
    }

    [Fact]
    public async Task Every_change_is_an_entry_whose_names_can_be_erased()
    {
        await _book.AddAsync("ada", "member", Right);
        await _book.SetRoleAsync("ada", "staff", Root);
        await _book.SetDisabledAsync("ada", true, Root);
        await _book.RemoveAsync("ada", Root);

        var entries = _ledger.All(LedgerKind.AccountChange);
        Assert.Equal(["added", "role", "disabled", "removed"], entries.Select(e => e.Entry.Payload.GetProperty("change").GetString()));
        Assert.Equal(("member", "staff"), (entries[1].Entry.Payload.GetProperty("from").GetString(), entries[1].Entry.Payload.GetProperty("to").GetString()));
        // As a word: three such letters stand in hashes by chance.
        Assert.All(entries, e => Assert.DoesNotMatch(@"\bada\b", e.Entry.Json.GetRawText()));
        Assert.Equal(("ada", "root", "A reason."), (entries[1].Texts["account"], entries[1].Texts["by"], entries[1].Texts["reason"]));
        Assert.Single(entries.Select(e => e.Entry.Subject).Distinct());
    }

    [Fact]
    public async Task A_second_factor_counts_once_a_code_of_the_app_was_shown_and_recovery_codes_work_once()
    {
        await _book.AddAsync("ada", "member", Right);
        var id = _book.Find("ada")!.Id;
        var (key, address) = await _book.NewAuthenticatorKeyAsync(id);
        Assert.StartsWith("otpauth://totp/CoopAI", address, StringComparison.Ordinal);
        Assert.Equal(key, (await _book.NewAuthenticatorKeyAsync(id)).Key);
        Assert.Null(await _book.ConfirmAuthenticatorAsync(id, "000000x"));
        Assert.False(_book.Find("ada")!.HasSecondFactor);

        var codes = await _book.ConfirmAuthenticatorAsync(id, Totp.Code(key, DateTimeOffset.UtcNow));

        Assert.Equal(AccountBook.RecoveryCodes, codes!.Distinct().Count());
        Assert.True(_book.Find("ada")!.HasSecondFactor);
        Assert.True(await _book.CheckCodeAsync(id, Totp.Code(key, DateTimeOffset.UtcNow)));
        Assert.False(await _book.CheckCodeAsync(id, Totp.Code(key, DateTimeOffset.UtcNow.AddHours(1))));
        // All of them: some have six digits among their letters, as many as a code of the app.
        foreach (var recovery in codes!) Assert.True(await _book.CheckCodeAsync(id, recovery), recovery);
        Assert.False(await _book.CheckCodeAsync(id, codes[0]));
        await _book.RemoveAuthenticatorAsync("ada", Root);
        Assert.False(_book.Find("ada")!.HasSecondFactor);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        CoopDatabase.Open(_directory).ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
