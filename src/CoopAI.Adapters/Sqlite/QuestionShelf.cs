using System.Globalization;
using Dapper;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Which answers somebody asked for, on their account, so that they find them again: the answer's number and the time, never the question.</summary>
/// <remarks>It is nobody's business but theirs: no page shows one person's list to another, and the record of the service does not hold it. Safe for concurrent use.</remarks>
public sealed class QuestionShelf(CoopDatabase database, TimeProvider clock)
{
    /// <summary>Answers kept for one account; older ones go.</summary>
    public const int Most = 20;

    internal const string Schema = "CREATE TABLE IF NOT EXISTS asked (account TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, answer TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (account, answer)) WITHOUT ROWID;";

    /// <param name="account">Its random number.</param>
    public void Add(string account, string answerId) => database.Write((connection, transaction) =>
    {
        var at = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        connection.Execute("INSERT INTO asked (account, answer, at) VALUES (@account, @answerId, @at) ON CONFLICT DO UPDATE SET at = @at", new { account, answerId, at }, transaction);
        return connection.Execute(
            "DELETE FROM asked WHERE account = @account AND answer NOT IN (SELECT answer FROM asked WHERE account = @account ORDER BY at DESC, answer DESC LIMIT @Most)", new { account, Most }, transaction);
    });

    /// <summary>Numbers of answers, the newest first.</summary>
    public IReadOnlyList<string> Of(string account) =>
        database.Read(c => c.Query<string>("SELECT answer FROM asked WHERE account = @account ORDER BY at DESC, answer DESC", new { account }).ToList());

    /// <summary>Takes the whole list away.</summary>
    public void Clear(string account) => database.Write((connection, transaction) => connection.Execute("DELETE FROM asked WHERE account = @account", new { account }, transaction));
}
