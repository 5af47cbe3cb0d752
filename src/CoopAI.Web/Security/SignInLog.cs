using System.Security.Cryptography;
using System.Text;

namespace CoopAI.Web.Security;

/// <summary>What the log says of sign-ins: the account's number and the sender's address, never a password, a code, or a name that was typed.</summary>
internal static partial class SignInLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account} signed in from {Address} by {Means}")]
    public static partial void SignedIn(ILogger log, string account, string address, string means);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account} signed out")]
    public static partial void SignedOut(ILogger log, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sign-in refused from {Address}: {Why} (name {Name})")]
    public static partial void Refused(ILogger log, string address, string why, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account}: {What}")]
    public static partial void Changed(ILogger log, string account, string what);

    /// <summary>Lets lines about one typed name be seen together without writing what may be a password in the wrong field.</summary>
    public static string Mark(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.Trim().ToUpperInvariant())))[..8];
}
