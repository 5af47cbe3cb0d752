using System.ComponentModel.DataAnnotations;
using CoopAI.Adapters.Qdrant;

namespace CoopAI.Tests.Adapters.Qdrant;

public sealed class QdrantOptionsTests
{
    public static TheoryData<QdrantOptions, string> Wrong => new()
    {
        { new() { Address = new Uri("ftp://host") }, "http or https" },
        { new() { Address = new Uri("qdrant", UriKind.Relative) }, "absolute" },
        { new() { Address = new Uri("http://host:6333/path") }, "host and port only" },
        { new() { Address = new Uri("http://user:secret@host:6333") }, "host and port only" },
        { new() { Address = new Uri("http://qdrant:6333"), ApiKey = "k" }, "in the clear" },
        { new() { ApiKey = "k", ApiKeyFile = "f" }, "not both" },
        { new() { ApiKeyFile = "no-such-file" }, "'no-such-file'" },
        { new() { CertificateAuthorityFile = "no-such.pem" }, "'no-such.pem'" },
        { new() { ReplicationFactor = 1, WriteConsistencyFactor = 2 }, "no write could ever count" },
        { new() { ReadTimeout = TimeSpan.FromSeconds(9) }, "ReadDeadline" },
        { new() { CertificateThumbprint = "ab" }, "CertificateThumbprint" },
        { new() { Alias = "a/b" }, "Alias" },
        { new() { Alias = "" }, "Alias" },
        { new() { BatchPassages = 0 }, "BatchPassages" },
        { new() { MaxRequestBytes = 1 }, "MaxRequestBytes" },
        { new() { ReadTimeout = TimeSpan.Zero }, "ReadTimeout" },
        { new() { BreakDuration = TimeSpan.FromMilliseconds(1) }, "BreakDuration" },
    };

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Validate(new QdrantOptions()));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_that_cannot_work_is_named_with_what_would_be_right(QdrantOptions options, string says) =>
        Assert.Contains(Validate(options), r => r.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void A_key_may_travel_without_tls_to_this_machine_or_when_that_is_allowed()
    {
        Assert.Empty(Validate(new QdrantOptions { Address = new Uri("http://127.0.0.1:6333"), ApiKey = "k" }));
        Assert.Empty(Validate(new QdrantOptions { Address = new Uri("http://qdrant:6333"), ApiKey = "k", AllowApiKeyOverHttp = true }));
        Assert.Empty(Validate(new QdrantOptions { Address = new Uri("https://qdrant.example"), ApiKey = "k" }));
    }

    [Fact]
    public async Task The_key_is_read_from_the_first_line_of_its_file()
    {
        await using var server = InMemoryPassageServer.Start();
        server.Key = "from-file";
        var file = Path.Combine(Path.GetTempPath(), $"coopai-key-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllTextAsync(file, "from-file \nsecond line\n", TestContext.Current.CancellationToken);
            using var connection = QdrantConnection.Create(new QdrantOptions { Address = server.Address, ApiKeyFile = file }, TimeProvider.System);

            Assert.Empty(await new QdrantGate(connection).AliasesAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IReadOnlyList<string> Validate(QdrantOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        // Data annotations ask an object about itself only when its properties are right.
        results.AddRange(options.Validate(new ValidationContext(options)));
        return [.. results.Select(r => r.ErrorMessage!)];
    }
}
