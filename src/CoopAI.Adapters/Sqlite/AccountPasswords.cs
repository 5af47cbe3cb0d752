using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CoopAI.Core;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Passwords: how they are kept, and which are refused.</summary>
/// <remarks>
/// Kept as ASP.NET Core Identity does it: PBKDF2 with HMAC-SHA-512, as often as OWASP's password storage cheat sheet asks. Hashes of earlier
/// versions of this service (PBKDF2 with HMAC-SHA-256) are still read, and made anew at the next sign-in.
/// </remarks>
internal sealed class AccountPasswords : IPasswordHasher<Account>, IPasswordValidator<Account>
{
    public const int Iterations = 210_000;

    private const string Earlier = "pbkdf2-sha256";

    private static readonly string[] Runs = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

    private static readonly Lazy<FrozenSet<string>> Common = new(ReadCommon);

    private readonly PasswordHasher<Account> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    public string HashPassword(Account user, string password) => _hasher.HashPassword(user, Composed(password));

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
    {
        if (hashedPassword.Split('$') is not [Earlier, var iterations, var salt, var hash]) return _hasher.VerifyHashedPassword(user, hashedPassword, Composed(providedPassword));
        var expected = Convert.FromBase64String(hash);
        var derived = Rfc2898DeriveBytes.Pbkdf2(Composed(providedPassword), Convert.FromBase64String(salt), int.Parse(iterations, CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, expected.Length);
        return CryptographicOperations.FixedTimeEquals(derived, expected) ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Failed;
    }

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(WhatIsWrong(password ?? "", user.Name) is { } wrong ? IdentityResult.Failed(new IdentityError { Code = nameof(BadInputException), Description = wrong }) : IdentityResult.Success);

    /// <summary>Why a password is refused; null: it is not.</summary>
    internal static string? WhatIsWrong(string password, string accountName)
    {
        if (password.Length is < AccountBook.MinPassword or > AccountBook.MaxPassword)
            return $"The password has {password.Length} characters; it must have {AccountBook.MinPassword} to {AccountBook.MaxPassword}.";
        return IsGuessable(password, accountName)
            ? "This password is one of the first that somebody would guess: a common word, a name, a row of the keyboard or one thing over and over. Three or four words that have nothing to do with each other are good."
            : null;
    }

    private static bool IsGuessable(string password, string accountName)
    {
        var whole = new string([.. password.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Where(c => !char.IsWhiteSpace(c))]);
        if (whole.Length == 0 || whole.Distinct().Count() < 4 || IsRepeated(whole) || IsWords(whole, accountName)) return true;
        // Digits and signs before and behind are what rules for passwords made people add.
        var core = whole.Trim([.. whole.Where(c => !char.IsLetter(c))]);
        return core.Length == 0 || new[] { core, whole }.Select(AsLetters).Any(text => IsWords(text, accountName));
    }

    // One or two common words, or one of them over and over.
    private static bool IsWords(string text, string accountName)
    {
        text = new([.. text.Where(char.IsLetterOrDigit)]);
        if (IsRepeated(text) || IsOfRuns(text)) return true;
        var letters = text.TrimEnd([.. "0123456789"]).TrimStart([.. "0123456789"]);
        return new[] { text, letters }.Any(t => IsCommon(t, accountName) || Enumerable.Range(1, Math.Max(0, t.Length - 1)).Any(i => IsCommon(t[..i], accountName) && IsCommon(t[i..], accountName)));
    }

    private static bool IsCommon(string text, string accountName)
    {
        var part = text.Trim([.. "0123456789"]);
        var name = new string([.. accountName.ToLowerInvariant().Where(char.IsLetterOrDigit)]);
        return part.Length == 0 || Common.Value.Contains(part) || Common.Value.Contains(text) || (name.Length >= 3 && part == name);
    }

    private static bool IsRepeated(string text) => Enumerable.Range(1, text.Length / 2).Any(n => text.Length % n == 0 && n <= 4 && text.Chunk(n).All(part => part.AsSpan().SequenceEqual(text.AsSpan(0, n))))
        || (text.Length % 2 == 0 && text[..(text.Length / 2)] == text[(text.Length / 2)..] && Common.Value.Contains(text[..(text.Length / 2)]))
        || (text.Length % 3 == 0 && text.Length > 0 && text.Chunk(text.Length / 3).All(part => part.AsSpan().SequenceEqual(text.AsSpan(0, text.Length / 3))) && Common.Value.Contains(text[..(text.Length / 3)]));

    // Rows of the keyboard, the alphabet and numbers, forwards or backwards, in stretches of four or more.
    private static bool IsOfRuns(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var length = 0;
            foreach (var run in Runs.SelectMany(r => new[] { r, new string([.. r.Reverse()]) }))
            {
                var n = 0;
                while (at + n < text.Length && run.Contains(text[at..(at + n + 1)], StringComparison.Ordinal)) n++;
                length = Math.Max(length, n);
            }

            if (length < 4) return false;
            at += length;
        }

        return text.Length > 0;
    }

    private static string AsLetters(string text) => new([.. text.Select(c => c switch
    {
        '0' => 'o', '1' or '!' or '|' => 'i', '3' or '€' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' or '+' => 't', '8' => 'b', '9' => 'g', _ => c,
    })]);

    // The same letters, however a keyboard puts them together.
    private static string Composed(string password) => password.Normalize(NormalizationForm.FormC);

    private static FrozenSet<string> ReadCommon()
    {
        using var stream = typeof(AccountPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToFrozenSet(StringComparer.Ordinal);
    }
}
