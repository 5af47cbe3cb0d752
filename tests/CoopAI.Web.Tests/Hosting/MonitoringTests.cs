using System.Net;
using System.Net.Sockets;
using CoopAI.Core.Monitoring;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Tests.Hosting;

public sealed class MonitoringTests
{
    private static IHost Host(params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value)));
        builder.Services.AddCoopMonitoring();
        return builder.Build();
    }

    [Theory]
    [InlineData("Monitoring:OtlpEndpoint", "ftp://collector", "http or https")]
    [InlineData("Monitoring:OtlpEndpoint", "collector", "http or https")]
    [InlineData("Monitoring:Protocol", "smoke", "grpc or http/protobuf")]
    [InlineData("Monitoring:Interval", "00:00:00", "Interval")]
    [InlineData("Monitoring:Endpoint", "http://localhost", "Endpoint")]
    public async Task A_wrong_or_misspelt_setting_stops_the_host_at_start(string key, string value, string expected)
    {
        using var host = Host((key, value));

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.True(refusal is OptionsValidationException or InvalidOperationException, refusal.ToString());
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_collector_the_host_starts_and_counts_for_itself()
    {
        using var host = Host();

        await host.StartAsync(TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<CoopMetrics>().RecordFeedback("agree", null);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_configured_collector_is_sent_what_was_counted()
    {
        var ct = TestContext.Current.CancellationToken;
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var port = ((IPEndPoint)collector.LocalEndpoint).Port;
        using var host = Host(("Monitoring:OtlpEndpoint", $"http://127.0.0.1:{port}/v1/metrics"), ("Monitoring:Protocol", "http/protobuf"), ("Monitoring:Interval", "00:00:01"));
        await host.StartAsync(ct);

        host.Services.GetRequiredService<CoopMetrics>().RecordFeedback("disagree", "VG05");
        using var connection = await collector.AcceptTcpClientAsync(ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), ct);
        var received = new MemoryStream();
        var buffer = new byte[8192];
        while (!System.Text.Encoding.UTF8.GetString(received.ToArray()).Contains("coopai.feedback", StringComparison.Ordinal))
        {
            var count = await connection.GetStream().ReadAsync(buffer, ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), ct);
            Assert.True(count > 0, "The exporter closed the connection before it named the counter.");
            received.Write(buffer, 0, count);
        }

        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), ct);
        await host.StopAsync(ct);
    }
}
