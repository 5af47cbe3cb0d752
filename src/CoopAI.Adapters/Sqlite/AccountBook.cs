using System.Globalization;
using System.Text.Encodings.Web;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using Microsoft.AspNetCore.Identity;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Who may sign in, and as what: ASP.NET Core Identity over the service's own tables. Every change of an account is an entry of the ledger.</summary>
/// <remarks>Passwords and codes are looked at as often as they are asked for: the door that people come through slows guessing down. Safe for concurrent use.</remarks>
public sealed class AccountBook
{
    public const int MinPassword = 12;

    public const int MaxPassword = 256;

    /// <summary>Recovery codes that somebody gets with an authenticator app.</summary>
    public const int RecoveryCodes = 10;

    /// <summary>How long a link can be used.</summary>
    public static readonly TimeSpan InvitationTime = TimeSpan.FromDays(7), ResetTime = TimeSpan.FromHours(24);

    // Looked at for a name that does not exist or has no password, so that the time of an answer tells nobody which names do.
    private readonly Lazy<string> _nobodysHash;
    private readonly UserManager<Account> _users;
    private readonly AccountStore _store;
    private readonly IPasswordHasher<Account> _hasher;
    private readonly TimeProvider _clock;

    internal AccountBook(UserManager<Account> users, AccountStore store, IPasswordHasher<Account> hasher, TimeProvider clock)
    {
        (_users, _store, _hasher, _clock) = (users, store, hasher, clock);
        _nobodysHash = new(() => hasher.HashPassword(New("nobody", "officer"), "nobody"));
    }

    /// <summary>Roles that an account can have.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["officer", "staff", "member", "administrator"];

    /// <summary>All accounts by name.</summary>
    public IReadOnlyList<Account> All() => _store.All();

    /// <summary>Null: there is none. Upper and lower case are one.</summary>
    public Account? Find(string name) => _store.FindByName(name);

    /// <inheritdoc cref="Find"/>
    public Account? FindById(string id) => _store.FindById(id);

    /// <summary>The account that a council account signs in to; null: none.</summary>
    public Account? FindByLogin(string provider, string subject) => _store.FindByLogin(provider, subject);

    /// <summary>Notes that somebody uses the service.</summary>
    public void Seen(Account account) => _store.Seen(account);

    /// <exception cref="BadInputException">Name, role or password cannot be used, or the name is taken or looks like another.</exception>
    public async Task AddAsync(string name, string role, string password, AccountChange? by = null)
    {
        var account = New(name, role);
        account.Note = Note(account, "added", null, role, by ?? AccountChange.AtTheShell("Made on the command line."));
        Check(await _users.CreateAsync(account, password), account);
    }

    /// <summary>Makes an account without a password, and the link with which its owner makes one.</summary>
    /// <returns>The secret of the link, kept nowhere; it ends after <see cref="InvitationTime"/>.</returns>
    /// <exception cref="BadInputException">Name or role cannot be used, or the name is taken by somebody who has a password already.</exception>
    public async Task<string> InviteAsync(string name, string role, AccountChange by)
    {
        var account = Find(name) is { Password: null, HasLogin: false } waiting ? waiting : null;
        if (account is null)
        {
            account = New(name, role);
            account.Note = Note(account, "added", null, role, by);
            Check(await _users.CreateAsync(account), account);
        }
        else if (account.Role != role)
        {
            await SetRoleAsync(name, role, by);
            account = Find(name)!;
        }

        return _store.AddLink(account, AccountLinkKind.Invitation, _clock.GetUtcNow() + InvitationTime, Note(account, "invited", null, null, by));
    }

    /// <summary>Makes a link with which an account's owner sets another password. Nothing changes until it is used.</summary>
    /// <returns>The secret of the link, kept nowhere; it ends after <see cref="ResetTime"/>.</returns>
    /// <exception cref="BadInputException">There is no such account.</exception>
    public string MakeResetLink(string name, AccountChange by)
    {
        var account = Get(name);
        return _store.AddLink(account, AccountLinkKind.Reset, _clock.GetUtcNow() + ResetTime, Note(account, "reset-link", null, null, by));
    }

    /// <summary>The link of this secret; null: there never was one, it was used, or its time is over.</summary>
    public AccountLink? FindLink(string secret) => _store.FindLink(secret);

    /// <summary>Sets the password that a link is for, and uses it up. Sessions of the account end.</summary>
    /// <exception cref="BadInputException">The link cannot be used any more, or the password is refused; then the link stays.</exception>
    public async Task<Account> UseLinkAsync(string secret, string password)
    {
        var link = _store.FindLink(secret) ?? throw LinkOver();
        var account = link.Account;
        foreach (var validator in _users.PasswordValidators) Check(await validator.ValidateAsync(_users, account, password), account);
        account.Password = _hasher.HashPassword(account, password);
        account.Stamp = AccountStore.NewId();
        account.Note = Note(account, "password", null, null, new(account.Name, account.Role, link.Kind == AccountLinkKind.Invitation ? "Used the invitation." : "Used the link to set another password."));
        Check(_store.UseLink(secret, account, null), account);
        return Find(account.Name)!;
    }

    /// <summary>Joins a council account to the account that an invitation is for, and uses it up.</summary>
    /// <exception cref="BadInputException">The link cannot be used any more, or the council account signs in to another account.</exception>
    public Account UseLink(string secret, string provider, string subject)
    {
        var link = _store.FindLink(secret) ?? throw LinkOver();
        link.Account.Note = Note(link.Account, "council-account", null, null, new(link.Account.Name, link.Account.Role, "Used the invitation with a council account."));
        Check(_store.UseLink(secret, link.Account, (provider, subject)), link.Account);
        return FindById(link.Account.Id)!;
    }

    /// <summary>Makes an account for somebody whose council account names their role.</summary>
    /// <exception cref="BadInputException">The name cannot be used, is taken, or the council account signs in to another account.</exception>
    public async Task<Account> AddForLoginAsync(string name, string role, string provider, string subject)
    {
        var account = New(name, role);
        foreach (var validator in _users.UserValidators) Check(await validator.ValidateAsync(_users, account), account);
        account.Stamp = AccountStore.NewId();
        account.Note = Note(account, "added", null, role, new("the service", "service", "First sign-in with a council account that names this role."));
        Check(_store.CreateWithLogin(account, provider, subject), account);
        return FindById(account.Id)!;
    }

    /// <summary>Sets another role; sessions of the account end.</summary>
    /// <exception cref="BadInputException">There is no such account or role, or nobody else could administer the service.</exception>
    public async Task SetRoleAsync(string name, string role, AccountChange? by = null)
    {
        CheckRole(role);
        var account = Get(name);
        if (account.Role == role) throw new BadInputException($"{account.Name} is {role} already.");
        account.Note = Note(account, "role", account.Role, role, by ?? AccountChange.AtTheShell("Changed on the command line."));
        account.Role = role;
        Check(await _users.UpdateSecurityStampAsync(account), account);
    }

    /// <summary>Sets another password; sessions of the account end.</summary>
    /// <exception cref="BadInputException">There is no such account, or the password is refused.</exception>
    public async Task SetPasswordAsync(string name, string password, AccountChange? by = null)
    {
        var account = Get(name);
        foreach (var validator in _users.PasswordValidators) Check(await validator.ValidateAsync(_users, account, password), account);
        account.Password = _hasher.HashPassword(account, password);
        account.Note = Note(account, "password", null, null, by ?? AccountChange.AtTheShell("Changed on the command line."));
        Check(await _users.UpdateSecurityStampAsync(account), account);
    }

    /// <summary>Lets an account's owner set another password; sessions of the account end.</summary>
    /// <returns>Whether <paramref name="current"/> is right; else nothing changed.</returns>
    /// <exception cref="BadInputException">The new password is refused.</exception>
    public async Task<bool> ChangePasswordAsync(string name, string current, string next)
    {
        if (await CheckAsync(name, current) is not { } account) return false;
        if (current == next) throw new BadInputException("The new password is the old one. Choose another.");
        await SetPasswordAsync(account.Name, next, new(account.Name, account.Role, "Changed by the account's owner."));
        return true;
    }

    /// <summary>Shuts an account out, or lets it in again; its sessions end.</summary>
    /// <exception cref="BadInputException">There is no such account, or nobody else could administer the service.</exception>
    public async Task SetDisabledAsync(string name, bool disabled, AccountChange by)
    {
        var account = Get(name);
        if (account.Disabled == disabled) throw new BadInputException($"{account.Name} is {(disabled ? "disabled" : "enabled")} already.");
        account.Disabled = disabled;
        account.Note = Note(account, disabled ? "disabled" : "enabled", null, null, by);
        Check(await _users.UpdateSecurityStampAsync(account), account);
    }

    /// <summary>Takes an account away. What it signed stays on record.</summary>
    /// <exception cref="BadInputException">There is no such account, or nobody else could administer the service.</exception>
    public async Task RemoveAsync(string name, AccountChange? by = null)
    {
        var account = Get(name);
        account.Note = Note(account, "removed", account.Role, null, by ?? AccountChange.AtTheShell("Removed on the command line."));
        Check(await _users.DeleteAsync(account), account);
    }

    /// <summary>Looks at a name and a password. Takes as long for a name that does not exist.</summary>
    /// <returns>The account; null: name or password is wrong, or the account may not sign in. A second factor is not asked for here.</returns>
    public async Task<Account?> CheckAsync(string name, string password)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length > MaxPassword) return null;
        if (name.Length > 200 || Find(name) is not { Password: not null } account)
        {
            _hasher.VerifyHashedPassword(New("nobody", "officer"), _nobodysHash.Value, password);
            return null;
        }

        var right = await _users.CheckPasswordAsync(account, password);
        // Read again: a hash of an earlier version was made anew, and with it the stamp.
        return right && FindById(account.Id) is { Disabled: false } current ? current : null;
    }

    /// <summary>Ends every session of an account.</summary>
    public async Task EndSessionsAsync(string id)
    {
        if (FindById(id) is { } account) await _users.UpdateSecurityStampAsync(account);
    }

    /// <summary>The key for an authenticator app; another one each time until <see cref="ConfirmAuthenticatorAsync"/>.</summary>
    /// <returns>Base 32, and the address that apps read.</returns>
    public async Task<(string Key, string Address)> NewAuthenticatorKeyAsync(string id)
    {
        var account = FindById(id)!;
        if (account.HasSecondFactor) throw new BadInputException("An authenticator app is set up already. Remove it first.");
        account.AuthenticatorKey ??= _users.GenerateNewAuthenticatorKey();
        Check(await _users.UpdateAsync(account), account);
        var label = UrlEncoder.Default.Encode("CoopAI:" + account.Name);
        return (account.AuthenticatorKey, $"otpauth://totp/{label}?secret={account.AuthenticatorKey}&issuer=CoopAI&digits=6");
    }

    /// <summary>Turns the second factor on, once the app has shown a right code.</summary>
    /// <returns>Recovery codes, shown once; null: the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> ConfirmAuthenticatorAsync(string id, string code)
    {
        var account = FindById(id)!;
        if (account.AuthenticatorKey is null || account.HasSecondFactor || !await _users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, Digits(code))) return null;
        account.HasSecondFactor = true;
        account.Note = Note(account, "second-factor", "off", "on", new(account.Name, account.Role, "Set up by the account's owner."));
        // Sets the codes and writes the account, the second factor with it.
        return [.. (await _users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes))!];
    }

    /// <summary>Whether this is a code of the account's app now, or one of its recovery codes, which is then used up.</summary>
    public async Task<bool> CheckCodeAsync(string id, string code)
    {
        var account = FindById(id)!;
        // Six of a recovery code's signs may be digits by chance: only what has no letter comes from the app.
        if (!code.Any(char.IsLetter) && Digits(code) is { Length: 6 } digits) return await _users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, digits);
        return (await _users.RedeemTwoFactorRecoveryCodeAsync(account, code.Trim().ToUpperInvariant())).Succeeded;
    }

    /// <summary>Takes the second factor off, for somebody who lost the app and the codes; sessions end.</summary>
    public async Task RemoveAuthenticatorAsync(string name, AccountChange by)
    {
        var account = Get(name);
        if (!account.HasSecondFactor) throw new BadInputException($"{account.Name} has no authenticator app.");
        (account.HasSecondFactor, account.AuthenticatorKey, account.RecoveryCodes) = (false, null, []);
        account.Note = Note(account, "second-factor", "on", "off", by);
        Check(await _users.UpdateSecurityStampAsync(account), account);
    }

    private static string Digits(string code) => new([.. code.Where(char.IsAsciiDigit).Take(7)]);

    private Account Get(string name) => Find(name) ?? throw new BadInputException($"There is no account \"{name}\". See them with coopai users list.");

    private Account New(string name, string role)
    {
        CheckRole(role);
        return new() { Id = AccountStore.NewId(), Name = name, Role = role, Made = _clock.GetUtcNow() };
    }

    private static void CheckRole(string role)
    {
        if (!Roles.Contains(role)) throw new BadInputException($"--role {role}: it must be one of {string.Join(", ", Roles)}.");
    }

    private static BadInputException LinkOver() => new("This link was used already, or its time is over. Ask for another.");

    private static LedgerDraft Note(Account account, string change, string? from, string? to, AccountChange by) =>
        LedgerDraft.AccountChange(account.Id, account.Name, change, from, to, by.Role, by.Author, by.Reason);

    private static void Check(IdentityResult result, Account account)
    {
        if (result.Succeeded) return;
        var error = result.Errors.First();
        throw new BadInputException(error.Code switch
        {
            AccountStore.LastAdministrator => $"{account.Name} is the last administrator who can sign in: nobody could make accounts any more. Make another administrator first.",
            "ConcurrencyFailure" => $"Somebody else changed the account {account.Name} at the same moment. Look at it again, then repeat what is still needed.",
            _ => error.Description,
        });
    }
}
