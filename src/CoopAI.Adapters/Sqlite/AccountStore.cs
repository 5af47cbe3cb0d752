using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Ledger;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Accounts in the database, as ASP.NET Core Identity asks for them. SQLite answers at once, so every task is done when it comes.</summary>
/// <remarks>A write that changes a role or an account's right to sign in, and its entry in the ledger, are one commit. Safe for concurrent use.</remarks>
internal sealed class AccountStore(CoopDatabase database, SqliteLedger ledger, TimeProvider clock)
    : IUserPasswordStore<Account>, IUserSecurityStampStore<Account>, IUserTwoFactorStore<Account>, IUserAuthenticatorKeyStore<Account>, IUserTwoFactorRecoveryCodeStore<Account>
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS users (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            normalized TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            password TEXT,
            stamp TEXT NOT NULL,
            version TEXT NOT NULL,
            made TEXT NOT NULL,
            last_seen TEXT,
            disabled INTEGER NOT NULL DEFAULT 0,
            authenticator TEXT,
            second_factor INTEGER NOT NULL DEFAULT 0,
            recovery TEXT NOT NULL DEFAULT ''
        );
        CREATE TABLE IF NOT EXISTS user_logins (
            provider TEXT NOT NULL,
            subject TEXT NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            PRIMARY KEY (provider, subject)
        );
        CREATE TABLE IF NOT EXISTS user_links (
            hash TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            until TEXT NOT NULL
        );
        """;

    /// <summary>Code of the error when nobody would be left who can make accounts.</summary>
    public const string LastAdministrator = nameof(LastAdministrator);

    private const string Columns = """
        id AS Id, name AS Name, role AS Role, password AS Password, stamp AS Stamp, version AS Version, made AS Made, last_seen AS LastSeen, disabled AS Disabled,
        authenticator AS Authenticator, second_factor AS SecondFactor, recovery AS Recovery,
        EXISTS (SELECT 1 FROM user_links l WHERE l.user_id = users.id AND l.kind = 'Invitation' AND l.until > @now) AS Invited,
        EXISTS (SELECT 1 FROM user_logins l WHERE l.user_id = users.id) AS Login
        """;

    // Who could make others accounts: with a password or a council account, and not shut out.
    private const string OtherAdministrators = """
        SELECT count(*) FROM users WHERE role = 'administrator' AND disabled = 0 AND id <> @Id
            AND (password IS NOT NULL OR EXISTS (SELECT 1 FROM user_logins l WHERE l.user_id = users.id))
        """;

    /// <summary>Takes the accounts of versions before tables of this form along.</summary>
    internal static void TakeEarlierAccounts(SqliteConnection connection, SqliteTransaction transaction)
    {
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'accounts'", transaction: transaction) == 0) return;
        foreach (var (name, role, password, stamp, made) in connection.Query<(string, string, string, string, string)>("SELECT name, role, password, stamp, made FROM accounts", transaction: transaction).ToList())
        {
            connection.Execute(
                "INSERT INTO users (id, name, normalized, role, password, stamp, version, made) VALUES (@id, @name, @normalized, @role, @password, @stamp, @id, @made) ON CONFLICT DO NOTHING",
                new { id = NewId(), name, normalized = AccountNames.Normalize(name), role, password, stamp, made }, transaction);
        }

        connection.Execute("DROP TABLE accounts", transaction: transaction);
    }

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public IReadOnlyList<Account> All() => database.Read(c => c.Query<Row>($"SELECT {Columns} FROM users ORDER BY normalized", new { now = Now }).Select(r => r.ToAccount()).ToList());

    public Account? FindById(string id) => database.Read(c => Find(c, "id = @value", id));

    public Account? FindByName(string name) => database.Read(c => Find(c, "normalized = @value", AccountNames.Normalize(name)));

    public Account? FindByLogin(string provider, string subject) => database.Read(c =>
        c.QuerySingleOrDefault<string>("SELECT user_id FROM user_logins WHERE provider = @provider AND subject = @subject", new { provider, subject }) is { } id ? Find(c, "id = @value", id) : null);

    /// <summary>Notes that somebody was here; at most every five minutes, so that reading pages writes little.</summary>
    public void Seen(Account account)
    {
        var now = clock.GetUtcNow();
        if (account.LastSeen is { } last && now - last < TimeSpan.FromMinutes(5)) return;
        database.Write((c, t) => c.Execute("UPDATE users SET last_seen = @now WHERE id = @Id", new { account.Id, now = Text(now) }, t));
    }

    /// <summary>Makes a link; those of the same kind that were made for the account before end.</summary>
    /// <returns>The secret of the link, which is kept nowhere.</returns>
    public string AddLink(Account account, AccountLinkKind kind, DateTimeOffset until, LedgerDraft note)
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)).Replace('+', '-').Replace('/', '_');
        Write(note, (c, t) =>
        {
            c.Execute("DELETE FROM user_links WHERE (user_id = @Id AND kind = @kind) OR until <= @now", new { account.Id, kind = kind.ToString(), now = Now }, t);
            c.Execute("INSERT INTO user_links (hash, kind, user_id, until) VALUES (@hash, @kind, @Id, @until)", new { hash = Hash(secret), kind = kind.ToString(), account.Id, until = Text(until) }, t);
            return IdentityResult.Success;
        });
        return secret;
    }

    public AccountLink? FindLink(string secret) => database.Read(c =>
        c.QuerySingleOrDefault<(string Kind, string User, string Until)>("SELECT kind, user_id, until FROM user_links WHERE hash = @hash AND until > @now", new { hash = Hash(secret), now = Now }) is { User: { } user } row
            && Find(c, "id = @value", user) is { Disabled: false } account ? new AccountLink(Enum.Parse<AccountLinkKind>(row.Kind), account, Time(row.Until)) : null);

    /// <summary>Uses a link up: writes the account as it is handed over, and the council account that it joins, if any.</summary>
    public IdentityResult UseLink(string secret, Account account, (string Provider, string Subject)? login) => Write(account.Note, (c, t) =>
        c.Execute("DELETE FROM user_links WHERE hash = @hash AND user_id = @Id AND until > @now", new { hash = Hash(secret), account.Id, now = Now }, t) == 0
            ? Refuse("LinkUsed", "This link was used already, or its time is over. Ask for another.")
            : login is { } l && AddLogin(c, t, account, l) == 0 ? Refuse("LoginTaken", "This council account signs in to another account already.")
            : Update(c, t, account));

    /// <summary>Makes an account that a council account signs in to.</summary>
    public IdentityResult CreateWithLogin(Account account, string provider, string subject) => Write(account.Note, (c, t) =>
        Insert(c, t, account) is { Succeeded: false } failed ? failed : AddLogin(c, t, account, (provider, subject)) == 0 ? Refuse("LoginTaken", "This council account signs in to another account already.") : IdentityResult.Success);

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(Write(user.Note, (c, t) => Insert(c, t, user)));

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(Write(user.Note, (c, t) => Update(c, t, user)));

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(Write(user.Note, (c, t) =>
        IsLastAdministrator(c, t, user, stays: false) ? Refuse(LastAdministrator, "")
        : c.Execute("DELETE FROM users WHERE id = @Id", new { user.Id }, t) == 0 ? Refuse("ConcurrencyFailure", "") : IdentityResult.Success));

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(FindById(userId));

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult(FindByName(normalizedUserName));

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => Done(user.Name = userName!);

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(AccountNames.Normalize(user.Name));

    // Made from the name when it is written.
    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Password);

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Password is not null);

    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken) => Done(user.Password = passwordHash);

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Stamp);

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken) => Done(user.Stamp = stamp);

    public Task<bool> GetTwoFactorEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.HasSecondFactor);

    public Task SetTwoFactorEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) => Done(user.HasSecondFactor = enabled);

    public Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.AuthenticatorKey);

    public Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken) => Done(user.AuthenticatorKey = key);

    public Task<int> CountCodesAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.RecoveryCodes.Count);

    public Task ReplaceCodesAsync(Account user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) => Done(user.RecoveryCodes = [.. recoveryCodes.Select(Hash)]);

    public Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken)
    {
        var left = user.RecoveryCodes.Where(c => c != Hash(code)).ToList();
        var redeemed = left.Count < user.RecoveryCodes.Count;
        user.RecoveryCodes = left;
        return Task.FromResult(redeemed);
    }

    public void Dispose()
    {
        // The manager owns its store; this one holds nothing open.
    }

    private static Task Done<T>(T _) => Task.CompletedTask;

    private static IdentityResult Refuse(string code, string description) => IdentityResult.Failed(new IdentityError { Code = code, Description = description });

    /// <summary>One commit for the change and its entry; a refused change leaves neither.</summary>
    private IdentityResult Write(LedgerDraft? note, Func<SqliteConnection, SqliteTransaction, IdentityResult> work)
    {
        try
        {
            database.Write((c, t) =>
            {
                if (work(c, t) is { Succeeded: false } failed) throw new RefusedException(failed);
                if (note is not null) ledger.Append(c, t, note);
            });
        }
        catch (RefusedException e)
        {
            return e.Result;
        }

        if (note is not null) ledger.SignalPublisher();
        return IdentityResult.Success;
    }

    private static IdentityResult Insert(SqliteConnection c, SqliteTransaction t, Account user)
    {
        user.Version = NewId();
        return c.Execute(
            """
            INSERT INTO users (id, name, normalized, role, password, stamp, version, made, disabled) VALUES (@Id, @Name, @normalized, @Role, @Password, @Stamp, @Version, @made, @Disabled)
            ON CONFLICT DO NOTHING
            """,
            new { user.Id, user.Name, normalized = AccountNames.Normalize(user.Name), user.Role, user.Password, user.Stamp, user.Version, made = Text(user.Made), user.Disabled }, t) == 1
                ? IdentityResult.Success : Refuse("DuplicateUserName", $"There is an account \"{user.Name}\" already.");
    }

    private static IdentityResult Update(SqliteConnection c, SqliteTransaction t, Account user)
    {
        if (IsLastAdministrator(c, t, user, stays: user is { Role: "administrator", Disabled: false })) return Refuse(LastAdministrator, "");
        var (before, next) = (user.Version, NewId());
        var changed = c.Execute(
            """
            UPDATE users SET name = @Name, normalized = @normalized, role = @Role, password = @Password, stamp = @Stamp, version = @next, disabled = @Disabled,
                authenticator = @AuthenticatorKey, second_factor = @HasSecondFactor, recovery = @recovery
            WHERE id = @Id AND version = @before
            """,
            new
            {
                user.Id,
                user.Name,
                normalized = AccountNames.Normalize(user.Name),
                user.Role,
                user.Password,
                user.Stamp,
                user.Disabled,
                user.AuthenticatorKey,
                user.HasSecondFactor,
                recovery = string.Join(' ', user.RecoveryCodes),
                before,
                next,
            }, t);
        if (changed == 0) return Refuse("ConcurrencyFailure", "");
        user.Version = next;
        user.Note = null;
        return IdentityResult.Success;
    }

    private static bool IsLastAdministrator(SqliteConnection c, SqliteTransaction t, Account user, bool stays) =>
        !stays && c.ExecuteScalar<long>("SELECT count(*) FROM users WHERE id = @Id AND role = 'administrator' AND disabled = 0", new { user.Id }, t) == 1
        && c.ExecuteScalar<long>(OtherAdministrators, new { user.Id }, t) == 0;

    private static int AddLogin(SqliteConnection c, SqliteTransaction t, Account account, (string Provider, string Subject) login) => c.Execute(
        "INSERT INTO user_logins (provider, subject, user_id) VALUES (@Provider, @Subject, @Id) ON CONFLICT DO NOTHING", new { login.Provider, login.Subject, account.Id }, t);

    private Account? Find(SqliteConnection c, string where, string value) =>
        c.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM users WHERE {where}", new { value, now = Now })?.ToAccount();

    private string Now => Text(clock.GetUtcNow());

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    // Members, not parameters: SQLite does not tell the type of an expression when there is no row.
    private sealed class Row
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public required string Role { get; init; }

        public string? Password { get; init; }

        public required string Stamp { get; init; }

        public required string Version { get; init; }

        public required string Made { get; init; }

        public string? LastSeen { get; init; }

        public long Disabled { get; init; }

        public string? Authenticator { get; init; }

        public long SecondFactor { get; init; }

        public required string Recovery { get; init; }

        public object? Invited { get; init; }

        public object? Login { get; init; }

        public Account ToAccount() => new()
        {
            Id = Id,
            Name = Name,
            Role = Role,
            Password = Password,
            Stamp = Stamp,
            Version = Version,
            Made = Time(Made),
            LastSeen = LastSeen is null ? null : Time(LastSeen),
            Disabled = Disabled != 0,
            AuthenticatorKey = Authenticator,
            HasSecondFactor = SecondFactor != 0,
            RecoveryCodes = Recovery.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IsInvited = Invited is 1L,
            HasLogin = Login is 1L,
        };
    }

    private sealed class RefusedException(IdentityResult result) : Exception
    {
        public IdentityResult Result => result;
    }
}
