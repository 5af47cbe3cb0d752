using System.Security.Cryptography;
using System.Text;

namespace CoopAI.Web.Pages;

/// <summary>Lets one form have one effect, however often it is sent: a second sending gets the result of the first.</summary>
/// <remarks>Safe for concurrent use. Remembers the last <see cref="Kept"/> forms of this process; a failure is forgotten at once.</remarks>
public sealed class OnceOnly
{
    public const int Kept = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<string>> _results = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>A token for a form that is about to be shown.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether a text has the form of a token.</summary>
    public static bool IsToken(string? text) => text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower);

    /// <param name="token">As the form brought it back; null or empty: nothing is remembered.</param>
    /// <param name="content">What the form says. The same form with other content is another one: the reader went back and changed it.</param>
    public async Task<string> RunAsync(string? token, string content, Func<Task<string>> work)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(work);
        if (string.IsNullOrEmpty(token)) return await work();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{token}\n{content}")));
        Task<string> running;
        lock (_lock)
        {
            if (!_results.TryGetValue(key, out running!))
            {
                // On a thread of its own: a long piece of work must not hold up other forms at this lock.
                _results[key] = running = Task.Run(work);
                _order.Enqueue(key);
                if (_order.Count > Kept) _results.Remove(_order.Dequeue());
            }
        }

        try
        {
            return await running;
        }
        catch
        {
            lock (_lock) _results.Remove(key);
            throw;
        }
    }
}
