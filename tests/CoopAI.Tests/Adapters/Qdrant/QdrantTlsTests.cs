using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Retrieval;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>A server that speaks TLS alone, over the stand-in.</summary>
public sealed class QdrantTlsTests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly string _folder = Directory.CreateTempSubdirectory("coopai-tls-").FullName;
    private InMemoryPassageServer _server = null!;

    public ValueTask InitializeAsync()
    {
        _server = InMemoryPassageServer.Start(_certificate);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_certificate_is_trusted_by_its_authority_or_by_its_thumbprint()
    {
        var file = Path.Combine(_folder, "authority.pem");
        await File.WriteAllTextAsync(file, _certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);

        Assert.Null(await FaultAsync(new QdrantOptions { Address = _server.Address, CertificateAuthorityFile = file }));
        Assert.Null(await FaultAsync(new QdrantOptions { Address = _server.Address, CertificateThumbprint = _certificate.GetCertHashString(HashAlgorithmName.SHA256) }));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_a_refusal_that_names_the_settings()
    {
        foreach (var options in new[] { new QdrantOptions { Address = _server.Address, Retries = 0 }, new QdrantOptions { Address = _server.Address, Retries = 0, CertificateThumbprint = new string('A', 64) } })
        {
            var fault = await FaultAsync(options);

            Assert.Equal(PassageStoreFault.Refused, fault?.Fault);
            Assert.Contains("Qdrant:CertificateThumbprint", fault!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Plain_text_to_a_server_with_tls_is_pointed_out()
    {
        var fault = await FaultAsync(new QdrantOptions { Address = new UriBuilder(_server.Address) { Scheme = "http" }.Uri, Retries = 0 });

        Assert.Contains("https where the server has TLS", fault?.Message, StringComparison.Ordinal);
    }

    /// <summary>Null when the server can be spoken to.</summary>
    private static async Task<PassageStoreUnavailableException?> FaultAsync(QdrantOptions options)
    {
        using var connection = QdrantConnection.Create(options, TimeProvider.System);
        return await new QdrantPassageStore(connection, "test", 2).FindFaultAsync(TestContext.Current.CancellationToken);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
