using System.Text;
using CoopAI.Core;
using Microsoft.AspNetCore.Identity;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Names of accounts: 1 to 64 letters, digits or . - _ @, beginning with a letter or digit. Letters are Latin ones, so that no other alphabet can imitate a name.</summary>
internal sealed class AccountNames(AccountStore store) : ILookupNormalizer, IUserValidator<Account>
{
    private const int MaxLength = 64;

    /// <summary>One name however it is written: composed, and without case.</summary>
    public static string Normalize(string name) => name.Normalize(NormalizationForm.FormC).ToUpperInvariant();

    public string? NormalizeName(string? name) => name is null ? null : Normalize(name);

    public string? NormalizeEmail(string? email) => NormalizeName(email);

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user)
    {
        ArgumentNullException.ThrowIfNull(user);
        // Names that were given before a rule existed stay; only a new or changed one is looked at.
        if (store.FindById(user.Id) is { } before && before.Name == user.Name) return Task.FromResult(IdentityResult.Success);
        var like = store.All().FirstOrDefault(a => a.Id != user.Id && Drawn(a.Name) == Drawn(user.Name));
        return Task.FromResult(
            !IsName(user.Name) ? Refuse($"NAME \"{user.Name}\" cannot be used: write 1 to {MaxLength} Latin letters, digits or . - _ @, beginning with a letter or digit.")
            : like is null ? IdentityResult.Success
            : Normalize(like.Name) == Normalize(user.Name) ? Refuse($"There is an account \"{like.Name}\" already.")
            : Refuse($"\"{user.Name}\" looks like \"{like.Name}\", which there is already. Choose a name that nobody can take for it."));
    }

    private static IdentityResult Refuse(string message) => IdentityResult.Failed(new IdentityError { Code = nameof(BadInputException), Description = message });

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxLength && (IsLatin(name[0]) || char.IsAsciiDigit(name[0])) && name.All(c => IsLatin(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_' or '@')
        && name.IsNormalized(NormalizationForm.FormC);

    // Latin with the accents of Europe and Wales; without the letters that are drawn like others of these.
    private static bool IsLatin(char c) => char.IsLetter(c) && c is < '\u0180' or (>= '\u1e00' and < '\u1f00') && c is not ('ı' or 'ĸ' or 'ſ' or 'ª' or 'º' or 'ŉ');

    // What type draws alike.
    private static string Drawn(string name) => Normalize(name).Replace('1', 'L').Replace('I', 'L').Replace('0', 'O');
}
