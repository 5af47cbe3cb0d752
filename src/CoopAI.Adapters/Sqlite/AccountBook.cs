using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CoopAI.Core;
using Dapper;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Somebody who may sign in.</summary>
/// <param name="Role">One of <see cref="AccountBook.Roles"/>.</param>
/// <param name="Stamp">Changes with the password and the role: a session with another stamp has ended.</param>
/// <param name="LockedUntil">Null, or a time until which no password is looked at.</param>
public sealed record Account(string Name, string Role, string Stamp, DateTimeOffset Made, DateTimeOffset? LockedUntil);

/// <summary>What came of an attempt to sign in.</summary>
/// <param name="Account">Null: name or password is wrong, or the account is locked.</param>
/// <param name="LockedUntil">Not null: too many wrong passwords.</param>
public sealed record SignInAttempt(Account? Account, DateTimeOffset? LockedUntil);

/// <summary>Accounts with hashed passwords. After <see cref="MaxFailures"/> wrong passwords an account rests for <see cref="LockTime"/>.</summary>
public sealed partial class AccountBook(CoopDatabase database, TimeProvider clock)
{
    public const int MaxFailures = 5;

    public const int MinPassword = 12;

    public const int MaxPassword = 256;

    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);

    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS accounts (
            name TEXT PRIMARY KEY COLLATE NOCASE,
            role TEXT NOT NULL,
            password TEXT NOT NULL,
            stamp TEXT NOT NULL,
            made TEXT NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,
            locked_until TEXT
        );
        """;

    private const string Columns = "name AS Name, role AS Role, stamp AS Stamp, made AS Made, locked_until AS LockedUntil";

    // Derived for a name that does not exist, so that the time of an answer tells nobody which names do.
    private static readonly Lazy<string> NobodysHash = new(() => PasswordHash.Create("nobody"));

    /// <summary>Roles that an account can have.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["officer", "staff", "member", "administrator"];

    private sealed record Row(string Name, string Role, string Stamp, string Made, string? LockedUntil)
    {
        // Dapper needs a constructor whose parameters have SQLite's own types.
        public Account ToAccount(DateTimeOffset now) => new(Name, Role, Stamp, Time(Made), LockedUntil is { } until && Time(until) > now ? Time(until) : null);
    }

    /// <summary>All accounts by name.</summary>
    public IReadOnlyList<Account> All() => database.Read(c => c.Query<Row>($"SELECT {Columns} FROM accounts ORDER BY name").Select(r => r.ToAccount(clock.GetUtcNow())).ToList());

    /// <summary>Null: there is none. Upper and lower case of ASCII letters are one.</summary>
    public Account? Find(string name) => database.Read(c => c.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM accounts WHERE name = @name", new { name }))?.ToAccount(clock.GetUtcNow());

    /// <exception cref="BadInputException">Name, role or password cannot be used, or the name is taken.</exception>
    public void Add(string name, string role, string password)
    {
        if (!NameForm().IsMatch(name)) throw new BadInputException($"NAME \"{name}\" cannot be used: write 1 to 64 letters, digits or . - _ @, beginning with a letter or digit.");
        CheckRole(role);
        CheckPassword(password);
        var hash = PasswordHash.Create(password);
        var added = database.Write((c, t) => c.Execute(
            "INSERT INTO accounts (name, role, password, stamp, made) VALUES (@name, @role, @hash, @stamp, @made) ON CONFLICT DO NOTHING",
            new { name, role, hash, stamp = NewStamp(), made = Text(clock.GetUtcNow()) }, t));
        if (added == 0) throw new BadInputException($"There is an account \"{name}\" already. Change it with coopai users role or coopai users password.");
    }

    /// <summary>Sets another role; sessions of the account end.</summary>
    /// <exception cref="BadInputException">There is no such account or role.</exception>
    public void SetRole(string name, string role)
    {
        CheckRole(role);
        Change(name, "UPDATE accounts SET role = @value, stamp = @stamp WHERE name = @name", role);
    }

    /// <summary>Sets another password; sessions of the account end, and a lock is taken off.</summary>
    /// <exception cref="BadInputException">There is no such account, or the password is too short or too long.</exception>
    public void SetPassword(string name, string password)
    {
        CheckPassword(password);
        Change(name, "UPDATE accounts SET password = @value, stamp = @stamp, failures = 0, locked_until = NULL WHERE name = @name", PasswordHash.Create(password));
    }

    /// <exception cref="BadInputException">There is no such account.</exception>
    public void Remove(string name) => Change(name, "DELETE FROM accounts WHERE name = @name", "");

    /// <summary>Looks at a name and a password.</summary>
    public SignInAttempt SignIn(string name, string password)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length > MaxPassword) return new(null, null);
        var now = clock.GetUtcNow();
        // The failure is counted before the password is looked at, so that many attempts at once cannot pass the limit.
        var (hash, locked) = database.Write((c, t) =>
        {
            var row = c.QuerySingleOrDefault<(string Password, long Failures, string? LockedUntil)>("SELECT password, failures, locked_until FROM accounts WHERE name = @name", new { name }, t);
            if (row.Password is null) return ((string?)null, (DateTimeOffset?)null);
            if (row.LockedUntil is { } until && Time(until) > now) return (row.Password, Time(until));
            // After a rest the count begins anew.
            var failures = (row.LockedUntil is null ? row.Failures : 0) + 1;
            c.Execute(
                "UPDATE accounts SET failures = @failures, locked_until = @until WHERE name = @name",
                new { name, failures, until = failures >= MaxFailures ? Text(now + LockTime) : null }, t);
            return (row.Password, null);
        });
        if (locked is not null) return new(null, locked);
        if (!PasswordHash.Verify(password, hash ?? NobodysHash.Value) || hash is null) return new(null, null);
        database.Write((c, t) => c.Execute("UPDATE accounts SET failures = 0, locked_until = NULL WHERE name = @name AND password = @hash", new { name, hash }, t));
        return new(Find(name), null);
    }

    private void Change(string name, string sql, string value)
    {
        if (database.Write((c, t) => c.Execute(sql, new { name, value, stamp = NewStamp() }, t)) == 0)
            throw new BadInputException($"There is no account \"{name}\". See them with coopai users list.");
    }

    private static void CheckRole(string role)
    {
        if (!Roles.Contains(role)) throw new BadInputException($"--role {role}: it must be one of {string.Join(", ", Roles)}.");
    }

    private static void CheckPassword(string password)
    {
        if (password.Length is < MinPassword or > MaxPassword) throw new BadInputException($"The password has {password.Length} characters; it must have {MinPassword} to {MaxPassword}.");
    }

    private static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameForm();
}
