using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class CoopDatabaseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-test-").FullName;

    private string File => Path.Combine(_directory, CoopDatabase.FileName);

    [Fact]
    public void Several_that_open_a_new_database_at_once_all_get_it()
    {
        for (var i = 0; i < 20; i++)
        {
            var directory = Path.Combine(_directory, $"new-{i}");
            Assert.Null(Record.Exception(() => Parallel.For(0, 4, _ => CoopDatabase.Open(directory))));
        }
    }

    [Fact]
    public void What_was_saved_is_read_back_to_the_last_bit_that_is_kept()
    {
        var library = new CaseStudyLibrary(CoopDatabase.Open(_directory));
        var item = Item("a", "First one. Second one.");

        library.Save([item], "model", "test", DateTimeOffset.UnixEpoch);

        var read = Assert.Single(library.Load());
        Assert.Equal(item.CaseStudy.ContentHash, read.CaseStudy.ContentHash);
        Assert.Equal(item.Passages, read.Passages);
        Assert.Equal(item.Sentences, read.Sentences);
        Assert.Equal(item.TitleEmbedding.ToArray(), read.TitleEmbedding.ToArray());
        Assert.Equal(item.PassageEmbeddings.Select(e => e.ToArray()), read.PassageEmbeddings.Select(e => e.ToArray()));
        Assert.Equal(item.SentenceEmbeddings.Codes.ToArray(), read.SentenceEmbeddings.Codes.ToArray());
        Assert.Equal(item.SentenceEmbeddings.Scales.ToArray(), read.SentenceEmbeddings.Scales.ToArray());
        Assert.Equal(("model", 2), library.GetModel());
        Assert.Equal(DateTimeOffset.UnixEpoch, library.GetOrigin("a")!.Value.At);
    }

    [Fact]
    public void A_change_counts_up_and_stays_pending_until_the_store_has_it()
    {
        var library = new CaseStudyLibrary(CoopDatabase.Open(_directory));

        library.Save([Item("a", "One.")], "model", "test", DateTimeOffset.UnixEpoch);
        library.Delete(["b"]);

        Assert.Equal(2, library.GetVersion());
        Assert.Equal(["a", "b"], library.GetPending());
        library.ClearPending(["a", "b"]);
        Assert.Empty(library.GetPending());
    }

    [Fact]
    public void Sentence_vectors_of_the_first_version_of_the_tables_are_converted_once()
    {
        var item = Item("a", "First one. Second one.");
        var database = CoopDatabase.Open(_directory);
        new CaseStudyLibrary(database).Save([item], "model", "test", DateTimeOffset.UnixEpoch);
        // As version 1 kept them: the same row with two float16 a sentence in the place of scales and codes.
        var sentences = item.Sentences.Select((_, i) => Vector(i + 0.3f).ToArray().Select(f => (Half)f).ToArray()).ToList();
        database.Write((c, t) =>
        {
            var now = c.QuerySingle<byte[]>("SELECT vectors FROM case_studies", transaction: t);
            byte[] then = [.. now.AsSpan(0, now.Length - (sentences.Count * (4 + 2))), .. sentences.SelectMany(s => s.SelectMany(BitConverter.GetBytes))];
            c.Execute("UPDATE case_studies SET vectors = @then", new { then }, t);
            return c.Execute("PRAGMA user_version = 1", transaction: t);
        });
        SqliteConnection.ClearAllPools();

        var upgraded = Assert.Single(new CaseStudyLibrary(CoopDatabase.Open(_directory)).Load());

        Assert.Equal(item.SentenceEmbeddings.Codes.ToArray(), upgraded.SentenceEmbeddings.Codes.ToArray());
        Assert.Equal(item.PassageEmbeddings.Select(e => e.ToArray()), upgraded.PassageEmbeddings.Select(e => e.ToArray()));
        Assert.Equal(CoopDatabase.SchemaVersion, CoopDatabase.Open(_directory).Read(c => c.ExecuteScalar<long>("PRAGMA user_version")));
    }

    [Theory]
    [InlineData("UPDATE case_studies SET json = substr(json, 1, 9) WHERE slug = 'b'")]
    [InlineData("UPDATE case_studies SET vectors = substr(vectors, 1, 40) WHERE slug = 'b'")]
    [InlineData("UPDATE case_studies SET vectors = x'' WHERE slug = 'b'")]
    [InlineData("UPDATE case_studies SET vectors = x'FFFFFF7FFFFFFF7F' WHERE slug = 'b'")]
    public void A_damaged_case_study_is_named(string damage)
    {
        var database = CoopDatabase.Open(_directory);
        var library = new CaseStudyLibrary(database);
        library.Save([Item("a", "One."), Item("b", "Two."), Item("c", "Three.")], "model", "test", DateTimeOffset.UnixEpoch);
        database.Write((c, t) => c.Execute(damage, transaction: t));

        var refusal = Assert.Throws<BadInputException>(() => library.Load());

        Assert.Contains("case study b is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        CoopDatabase.Open(_directory).Write((c, t) => c.Execute("PRAGMA user_version = 99", transaction: t));
        SqliteConnection.ClearAllPools();
        var before = System.IO.File.ReadAllBytes(File);

        var refusal = Assert.Throws<BadInputException>(() => CoopDatabase.Open(_directory));

        Assert.Contains("newer CoopAI", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Theory]
    [InlineData("this is not a database, but it is long enough to look like one to a hasty reader of its head")]
    [InlineData("SQLite format 3\0 damaged beyond its head: the rest is noise noise noise noise noise noise noise noise noise noise")]
    public void A_damaged_file_is_refused_and_left_as_it_is(string content)
    {
        System.IO.File.WriteAllText(File, content);

        var refusal = Assert.Throws<BadInputException>(() => CoopDatabase.Open(_directory));

        Assert.Contains("damaged or not a database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(content, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            connection.Execute("CREATE TABLE theirs (x)");
        }

        Assert.Contains("another program", Assert.Throws<BadInputException>(() => CoopDatabase.Open(_directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_directory_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(_directory, "file");
        System.IO.File.WriteAllText(file, "");

        Assert.Contains("--data", Assert.Throws<BadInputException>(() => CoopDatabase.Open(Path.Combine(file, "below"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_writers_wait_for_each_other_and_lose_nothing()
    {
        var (one, two) = (CoopDatabase.Open(_directory), CoopDatabase.Open(_directory));
        one.Write((c, t) => c.Execute("CREATE TABLE counts (n INTEGER); INSERT INTO counts VALUES (0)", transaction: t));

        await Task.WhenAll(new[] { one, two, one, two }.Select(d => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++)
                d.Write((c, t) => c.Execute("UPDATE counts SET n = @n", new { n = c.ExecuteScalar<long>("SELECT n FROM counts", transaction: t) + 1 }, t));
        }, TestContext.Current.CancellationToken)));

        Assert.Equal(100, one.Read(c => c.ExecuteScalar<long>("SELECT n FROM counts")));
    }

    [Fact]
    public void A_transaction_that_throws_leaves_nothing()
    {
        var library = new CaseStudyLibrary(CoopDatabase.Open(_directory));
        var broken = Item("b", "Two.") with { CaseStudy = new CaseStudy { Slug = null!, Title = "B", Text = "Two." } };

        Assert.ThrowsAny<Exception>(() => library.Save([Item("a", "One."), broken], "model", "test", DateTimeOffset.UnixEpoch));

        Assert.Empty(library.GetHashes());
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    private static IndexedCaseStudy Item(string slug, string text)
    {
        var caseStudy = new CaseStudy { Slug = slug, Title = slug, Text = text };
        var passages = new PassageChunker().Chunk(caseStudy);
        var sentences = Sentences.Split(text);
        return new IndexedCaseStudy(
            caseStudy, passages, [.. passages.Select(p => Vector(p.Ordinal))], sentences, QuantizedVectors.Of([.. sentences.Select((_, i) => Vector(i + 0.3f))], 2), Vector(0.1f), Vector(0.2f));
    }

    private static ReadOnlyMemory<float> Vector(float seed) => new[] { MathF.Sin(seed), MathF.Cos(seed) };
}
