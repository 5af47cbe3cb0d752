using System.Net;
using System.Text.RegularExpressions;

namespace CoopAI.Web.Tests.Pages;

/// <summary>Sends forms as a browser without scripts would: the page first, its hidden fields back.</summary>
internal static partial class FormPost
{
    /// <summary>The HTML of a page that is found.</summary>
    public static Task<string> GetPageAsync(this HttpClient client, string address) =>
        client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>The hidden fields of the last form of a page that has an anti-forgery token.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> HiddenFieldsAsync(this HttpClient client, string page)
    {
        return HiddenFieldsIn(await client.GetPageAsync(page));
    }

    /// <summary>The hidden fields of the first form whose HTML holds a text, such as a field's name.</summary>
    public static IReadOnlyDictionary<string, string> HiddenFieldsOf(string html, string within)
    {
        var form = html.Split("<form").Skip(1).First(f => f.Contains(within, StringComparison.Ordinal));
        return HiddenFieldsIn(form.Split("</form>")[0]);
    }

    private static Dictionary<string, string> HiddenFieldsIn(string html) =>
        Hidden().Matches(html).Select(m => m.Value).Where(input => Name().IsMatch(input))
            .GroupBy(input => Name().Match(input).Groups[1].Value, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => WebUtility.HtmlDecode(Value().Match(g.Last()).Groups[1].Value), StringComparer.Ordinal);

    /// <summary>Posts fields; a name may stand more than once.</summary>
    public static Task<HttpResponseMessage> PostFormAsync(this HttpClient client, string address, IEnumerable<KeyValuePair<string, string>> hidden, params (string Name, string Value)[] fields) =>
        client.PostAsync(new Uri(address, UriKind.Relative), new FormUrlEncodedContent(hidden.Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))), TestContext.Current.CancellationToken);

    /// <summary>Asks in the way an officer does and returns the answer's address.</summary>
    public static async Task<string> AskAsync(this HttpClient client, string question, params (string Name, string Value)[] fields)
    {
        var hidden = await client.HiddenFieldsAsync("/");
        using var response = await client.PostFormAsync("/", hidden, [("question", question), .. fields]);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();

    [GeneratedRegex(" name=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex(" value=\"([^\"]*)\"")]
    private static partial Regex Value();
}
