using System.Net.Http.Json;
using System.Text.Json;
using CoopAI.Core.Principles;

namespace CoopAI.Web.Tests.Api.Tags;

public class GetTagReportTests(ApiFixture api)
{
    [Fact]
    public async Task Each_principle_has_its_figures_with_intervals_and_the_audit_its_sentences()
    {
        var report = await api.Client.GetFromJsonAsync<JsonElement>("/api/tags/report", TestContext.Current.CancellationToken);

        var principles = report.GetProperty("principles").EnumerateArray().ToList();
        Assert.Equal(PrincipleIds.All, principles.Select(p => p.GetProperty("id").GetString()));
        Assert.All(principles, p =>
        {
            var f1 = p.GetProperty("f1");
            Assert.InRange(f1.GetProperty("value").GetDouble(), f1.GetProperty("low").GetDouble(), f1.GetProperty("high").GetDouble());
            Assert.InRange(p.GetProperty("support").GetInt32(), 1, p.GetProperty("known").GetInt32());
        });
        Assert.InRange(report.GetProperty("brier").GetDouble(), 0, 0.2);
        Assert.Equal(10, report.GetProperty("reliability").GetArrayLength());
        Assert.All(report.GetProperty("agreement").EnumerateArray(), a => Assert.InRange(a.GetProperty("readers").GetProperty("alpha").GetDouble(), 0.5, 1));
        Assert.All(report.GetProperty("audit").EnumerateArray(), row => Assert.NotEmpty(row.GetProperty("evidence").EnumerateArray()));
    }
}
