using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance.Rules.Protection;

public sealed class ScopeCheckerTests
{
    [Theory]
    [InlineData("Write me a poem about bins")]
    [InlineData("Please draft a press release about our new hub")]
    [InlineData("What is 12 * 9?")]
    [InlineData("Translate this into Welsh")]
    [InlineData("Can you write a song for the mayor?")]
    [InlineData("tell me a joke")]
    public void Another_task_is_out_of_scope(string text)
    {
        var outcome = GuidanceFiles.Run(Stage.Question, text, "VG21");

        Assert.True(outcome.OutOfScope);
        Assert.Contains("This service finds precedents", outcome.Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("How did councils write a new constitution with residents?")]
    [InlineData("Draft local plans: who involved young people?")]
    [InlineData("Councils that wrote off council tax debt")]
    [InlineData("Play streets and play areas run by neighbours")]
    [InlineData("Create jobs with local employers")]
    [InlineData("Prepare for a community asset transfer: what have others learnt?")]
    [InlineData("Translate services for refugees: what have councils done?")]
    [InlineData("Can you write a cabinet report on community wealth building?")]
    [InlineData("Draft a contract for a community cafe: which councils have one?")]
    [InlineData("Write a letter to tenants about repairs: what have other councils said in theirs?")]
    public void A_request_for_precedents_is_in_scope(string text) => Assert.Empty(GuidanceFiles.Run(Stage.Question, text, "VG21").BlockedBy);
}
