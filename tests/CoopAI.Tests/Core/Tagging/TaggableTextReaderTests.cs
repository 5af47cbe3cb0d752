using CoopAI.Core.Tagging;

namespace CoopAI.Tests.Core.Tagging;

public sealed class TaggableTextReaderTests
{
    private static async Task<ReadText> ReadAsync(string text, string title = "") =>
        await (await TaggingFixture.ReaderAsync()).ReadAsync(new TaggableText(null, title, text), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("")]
    [InlineData("  \n\t ")]
    [InlineData("Residents voted on their budget.")]
    [InlineData("\u0000\u0001")]
    public async Task Texts_of_a_few_words_are_too_short(string text) => Assert.Equal(NothingToTag.TooShort, (await ReadAsync(text)).Nothing);

    [Theory]
    [InlineData("Mae'r cyngor yn gweithio gyda thrigolion i wneud penderfyniadau am y gwasanaethau sydd eu hangen ar y gymuned.")]
    [InlineData("Le conseil travaille avec les habitants pour décider des priorités de la commune et du budget participatif.")]
    [InlineData("Der Rat arbeitet mit den Bürgern zusammen, und die Bürger entscheiden über das Budget für ihre Stadt.")]
    [InlineData("議会は住民と協力して予算を決定し、地域のサービスを一緒に設計しています。 一 二 三 四 五 六 七 八")]
    [InlineData("Το δημοτικό συμβούλιο συνεργάζεται με τους κατοίκους για να αποφασίσει τον προϋπολογισμό της πόλης.")]
    public async Task Other_languages_are_recognised(string text) => Assert.Equal(NothingToTag.OtherLanguage, (await ReadAsync(text)).Nothing);

    [Theory]
    [InlineData("Residents decide local spending priorities through yearly neighbourhood assemblies.")]
    [InlineData("Der Markt, a German café run by residents of the estate, is owned by the people who work in it.")]
    public async Task Short_English_texts_are_not_taken_for_another_language(string text) => Assert.Null((await ReadAsync(text)).Nothing);

    [Fact]
    public async Task The_ten_statements_and_names_alone_leave_nothing()
    {
        var lines = TaggingFixture.Catalogue.Principles.Select(p => $"{p.Name}: “{p.RecognitionKey} something that follows in the published list”.");

        Assert.Equal(NothingToTag.OnlyStatements, (await ReadAsync("Principles met\n" + string.Join("\n", lines))).Nothing);
        Assert.Equal(NothingToTag.OnlyStatements, (await ReadAsync("Principles met: " + string.Join(", ", TaggingFixture.Catalogue.Principles.Select(p => p.Name)) + ".")).Nothing);
    }

    [Fact]
    public async Task Statements_go_and_the_rest_stays()
    {
        var key = TaggingFixture.Catalogue["learning"].RecognitionKey;

        var read = await ReadAsync($"Twelve residents sat on the panel that chose the contractor.\nLearning: {key} of projects. We will share it widely. It won a prize.");

        Assert.Equal(["Twelve residents sat on the panel that chose the contractor.", "It won a prize."], read.Sentences.Select(s => s.Text));
    }

    [Fact]
    public async Task Offsets_count_in_the_text_as_given_and_markup_is_not_shown()
    {
        const string Html = "<html><style>p { color: red }</style><p>Tenants &amp; staff <b>run</b> the housing office together.</p><script>alert('We voted.')</script><p>It opened in 2019 after a long campaign.</p></html>";

        var read = await ReadAsync(Html);

        Assert.Equal(["Tenants & staff run the housing office together.", "It opened in 2019 after a long campaign."], read.Sentences.Select(s => s.Shown));
        Assert.StartsWith("Tenants &amp;", read.Sentences[0].Span!.Value.In(Html), StringComparison.Ordinal);
        Assert.EndsWith("together.", read.Sentences[0].Span!.Value.In(Html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_plain_text_the_sentence_is_the_piece_itself()
    {
        const string Text = "If x < 5 then  the panel votes. Residents & traders share the  cost of the market, 5 > 3.";

        var read = await ReadAsync(Text);

        Assert.All(read.Sentences, s => Assert.Equal(s.Span!.Value.In(Text), s.Shown));
    }

    [Fact]
    public async Task All_of_a_long_text_counts()
    {
        var filler = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"The depot bought {i} sacks of salt and a new shovel for the winter.\n"));
        const string Last = "Residents voted on the participatory budget.";

        var read = await ReadAsync(filler + Last);

        Assert.True(filler.Length > 800_000);
        Assert.Equal(Last, read.Sentences[^1].Text);
        Assert.True(read.Similarities.All(float.IsFinite) && read.Features.All(float.IsFinite));
    }

    [Fact]
    public async Task Hostile_texts_are_read_without_an_error()
    {
        const int Seed = 20261122;
        var random = new Random(Seed);
        const string Pieces = "<>&;\"'-—…\n\r\t\0 .!?aZé漢\uD800\uDC00\u200B</p><script><!--&amp;";
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => Pieces[random.Next(Pieces.Length)]));

            var read = await ReadAsync(text, text);

            Assert.True(read.Sentences.All(s => s.Features.All(float.IsFinite)), $"seed {Seed}, round {i}");
        }
    }
}
