using CoopAI.Core.Ledger;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Somebody who may sign in.</summary>
/// <remarks>Read from the store and handed back to it whole; <see cref="Version"/> says whether somebody else was faster.</remarks>
public sealed class Account
{
    /// <summary>32 random hexadecimal digits. It stands in the ledger, where a name could not be erased.</summary>
    public required string Id { get; init; }

    /// <summary>As <see cref="AccountNames"/> takes it.</summary>
    public required string Name { get; set; }

    /// <summary>One of <see cref="AccountBook.Roles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>Hash of the password; null: none yet, or only a council account signs in.</summary>
    public string? Password { get; set; }

    /// <summary>Changes with password, role and sign-out: a session with another stamp has ended.</summary>
    public string Stamp { get; set; } = "";

    public DateTimeOffset Made { get; init; }

    /// <summary>Last request of a session, to five minutes; null: never signed in.</summary>
    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Whether the account may sign in no more. What it signed stays on record.</summary>
    public bool Disabled { get; set; }

    /// <summary>Key of the authenticator app, base 32; null: none. Counts once <see cref="HasSecondFactor"/> says that a code of it was shown.</summary>
    public string? AuthenticatorKey { get; set; }

    public bool HasSecondFactor { get; set; }

    /// <summary>SHA-256 of each recovery code not used yet.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; set; } = [];

    /// <summary>Whether an invitation waits to be used.</summary>
    public bool IsInvited { get; init; }

    /// <summary>Whether a council account signs in to this one.</summary>
    public bool HasLogin { get; init; }

    internal string Version { get; set; } = "";

    /// <summary>What the ledger is told in the same transaction as the next write.</summary>
    internal LedgerDraft? Note { get; set; }
}

/// <summary>Who changes an account, and why: both stand in the ledger's erasable texts.</summary>
/// <param name="Role">Of the person who changes: administrator, or the account's own; "service" for the service itself.</param>
public sealed record AccountChange(string Author, string Role, string Reason)
{
    /// <summary>A change by whoever has a shell on the machine.</summary>
    public static AccountChange AtTheShell(string reason) => new("the command line", "administrator", reason);
}

/// <summary>A link that an administrator hands to somebody: it is used once and ends with its time.</summary>
public enum AccountLinkKind
{
    /// <summary>Makes the first password, or joins a council account.</summary>
    Invitation,

    /// <summary>Makes another password.</summary>
    Reset,
}

/// <summary>A link that can be used now.</summary>
public sealed record AccountLink(AccountLinkKind Kind, Account Account, DateTimeOffset Until);
