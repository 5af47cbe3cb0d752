using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace CoopAI.Web.Tests.Pages.Coverage;

[Collection(BrowserTests.Name)]
public sealed partial class CoverageTests(BrowserFixture service)
{
    [Fact]
    public async Task Each_number_opens_a_list_of_just_as_many()
    {
        var html = await service.Client.GetPageAsync("/coverage");
        var cells = Cell().Matches(html).Select(m => (Address: WebUtility.HtmlDecode(m.Groups[1].Value), Count: m.Groups[2].Value)).ToList();
        var totals = Total().Matches(html).Select(m => (Address: WebUtility.HtmlDecode(m.Groups[1].Value), Count: m.Groups[2].Value)).ToList();

        Assert.NotEmpty(cells);
        Assert.Equal(10, totals.Count);
        // Every ninth: cells of all columns and many rows.
        foreach (var (address, count) in totals.Concat(cells.Where((_, i) => i % 9 == 0)))
        {
            var list = await service.Client.GetPageAsync(address);
            Assert.True(list.Split("id=\"results\">")[1].Split(' ')[0] == count, $"{address} should list {count}");
        }
    }

    [Fact]
    public async Task At_most_five_thin_spots_are_named()
    {
        var thin = (await service.Client.GetPageAsync("/coverage")).Split("id=\"thin\"")[1].Split("<h2")[0];

        Assert.InRange(Regex.Count(thin, "<li>"), 0, 5);
    }

    [GeneratedRegex("<td class=\"govuk-table__cell app-heat[^>]*>\\s*<a class=\"govuk-link\" href=\"([^\"]+)\">(\\d+)<")]
    private static partial Regex Cell();

    [GeneratedRegex("href=\"(/case-studies\\?principle=[a-z-]+)\">[^<]+</a></th>\\s*<td[^>]*>(\\d+)<")]
    private static partial Regex Total();
}
