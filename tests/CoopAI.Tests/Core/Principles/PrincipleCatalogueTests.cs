using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Principles;
using CoopAI.Tests.Core.Tagging;

namespace CoopAI.Tests.Core.Principles;

public sealed class PrincipleCatalogueTests
{
    private static readonly string Shipped = File.ReadAllText(TaggingFixture.PathOf("prompts", PrincipleCatalogue.FileName));

    [Fact]
    public void The_shipped_file_holds_the_ten_principles_in_the_networks_order()
    {
        var catalogue = PrincipleCatalogue.Parse(Shipped, "principles.yaml");

        Assert.Equal(PrincipleIds.All, catalogue.Principles.Select(p => p.Id));
        Assert.All(catalogue.Principles, p => Assert.NotEmpty(p.StrongCues));
        Assert.Equal(20, catalogue.Principles.SelectMany(p => new[] { p.YesExample, p.NoExample }).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_hash_does_not_depend_on_line_ends()
    {
        var unix = PrincipleCatalogue.Parse(Shipped.ReplaceLineEndings("\n"), "x");
        var windows = PrincipleCatalogue.Parse(Shipped.ReplaceLineEndings("\r\n"), "x");

        Assert.Equal(unix.Hash, windows.Hash);
    }

    [Theory]
    [InlineData("    notWhen: the project is good for people", "    notwhen: the project is good for people", "\"notwhen\" is not known here")]
    [InlineData("    name: Learning", "    name: ''", "\"name\" is missing or empty")]
    [InlineData("    noExample: The scheme helped 300 people last year.\n", "", "\"noExample\" is missing or empty")]
    [InlineData("  - id: learning", "  - id: lerning", "the ten principles must stand here once each")]
    [InlineData("\"{members} & {together}\"", "\"{memberz} & {together}\"", "names the word group {memberz}, which is not defined")]
    [InlineData("\"{members} & {together}\"", "\"{members} & \"", "has an empty part")]
    [InlineData("    recognitionKey: We will support the development of a", "    recognitionKey: We will support", "needs at least 6 words")]
    public void A_mistake_is_reported_with_file_and_line(string right, string wrong, string problem)
    {
        Assert.Contains(right, Shipped, StringComparison.Ordinal);

        var error = Assert.Throws<BadInputException>(() => PrincipleCatalogue.Parse(Shipped.Replace(right, wrong, StringComparison.Ordinal), "principles.yaml"));

        Assert.StartsWith("principles.yaml, line ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just words")]
    [InlineData("principles: [")]
    public void What_is_not_a_mapping_is_refused(string yaml) =>
        Assert.Contains("principles.yaml, line ", Assert.Throws<BadInputException>(() => PrincipleCatalogue.Parse(yaml, "principles.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.yaml", Assert.Throws<BadInputException>(() => PromptFiles.Principles("nowhere.yaml")).Message, StringComparison.Ordinal);
}
