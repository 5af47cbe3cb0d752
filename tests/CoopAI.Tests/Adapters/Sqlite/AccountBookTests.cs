using CoopAI.Adapters.Sqlite;
using CoopAI.Core;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class AccountBookTests : IDisposable
{
    private const string Right = "correct horse battery";

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-accounts-").FullName;
    private readonly Clock _clock = new();
    private readonly AccountBook _book;

    public AccountBookTests() => _book = new AccountBook(CoopDatabase.Open(_directory), _clock);

    [Fact]
    public void The_right_password_signs_in_whatever_the_case_of_the_name()
    {
        _book.Add("Ada", "member", Right);

        var account = _book.SignIn("ADA", Right).Account;

        Assert.Equal(("Ada", "member"), (account?.Name, account?.Role));
        Assert.Null(_book.SignIn("Ada", Right + "x").Account);
        Assert.Null(_book.SignIn("Bob", Right).Account);
    }

    [Fact]
    public void The_database_holds_no_password()
    {
        _book.Add("Ada", "member", Right);

        foreach (var file in Directory.GetFiles(_directory))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(Right, reader.ReadToEnd(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Five_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour()
    {
        _book.Add("Ada", "member", Right);
        for (var i = 0; i < AccountBook.MaxFailures; i++) Assert.Null(_book.SignIn("Ada", "wrong").LockedUntil);

        Assert.Equal(_clock.Now + AccountBook.LockTime, _book.SignIn("Ada", Right).LockedUntil);
        _clock.Now += AccountBook.LockTime;
        Assert.Null(_book.SignIn("Ada", "wrong").LockedUntil);
        Assert.NotNull(_book.SignIn("Ada", Right).Account);
    }

    [Fact]
    public void A_right_password_begins_the_count_anew()
    {
        _book.Add("Ada", "member", Right);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < AccountBook.MaxFailures - 1; i++) _book.SignIn("Ada", "wrong");
            Assert.NotNull(_book.SignIn("Ada", Right).Account);
        }
    }

    [Fact]
    public void Another_role_or_password_changes_the_stamp()
    {
        _book.Add("Ada", "member", Right);
        var first = _book.Find("Ada")!.Stamp;
        _book.SetRole("Ada", "staff");
        var second = _book.Find("Ada")!.Stamp;
        _book.SetPassword("Ada", "another long password");

        Assert.Equal(3, new HashSet<string> { first, second, _book.Find("Ada")!.Stamp }.Count);
        Assert.Null(_book.SignIn("Ada", Right).Account);
        Assert.Equal("staff", _book.SignIn("Ada", "another long password").Account?.Role);
    }

    [Theory]
    [InlineData("", "member", Right, "NAME")]
    [InlineData("a b", "member", Right, "NAME")]
    [InlineData("<script>", "member", Right, "NAME")]
    [InlineData("Ada\n", "member", Right, "NAME")]
    [InlineData("Ada", "king", Right, "officer, staff, member, administrator")]
    [InlineData("Ada", "member", "short", "12 to 256")]
    public void What_cannot_be_used_is_refused_with_what_would_be_right(string name, string role, string password, string said)
    {
        var refused = Assert.Throws<BadInputException>(() => _book.Add(name, role, password));

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_book.All());
    }

    [Fact]
    public void A_name_is_given_once_and_a_missing_one_is_named()
    {
        _book.Add("Ada", "member", Right);

        Assert.Contains("already", Assert.Throws<BadInputException>(() => _book.Add("ada", "staff", Right)).Message, StringComparison.Ordinal);
        Assert.Contains("\"Bob\"", Assert.Throws<BadInputException>(() => _book.Remove("Bob")).Message, StringComparison.Ordinal);
        _book.Remove("ADA");
        Assert.Null(_book.Find("Ada"));
    }

    public void Dispose()
    {
        CoopDatabase.Open(_directory).ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
