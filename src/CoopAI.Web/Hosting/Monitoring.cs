using System.ComponentModel.DataAnnotations;
using CoopAI.Core.Monitoring;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace CoopAI.Web.Hosting;

/// <summary>Where the service's metrics go.</summary>
public sealed class MonitoringOptions : IValidatableObject
{
    public const string Section = "Monitoring";

    /// <summary>OpenTelemetry collector, for example http://localhost:4317. Default none: nothing leaves the machine; the figures can still be read with dotnet-counters.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Protocol of the collector: "grpc" (default) or "http/protobuf".</summary>
    public string Protocol { get; init; } = "grpc";

    /// <summary>Time between two exports. Default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https")))
            yield return new ValidationResult($"{nameof(OtlpEndpoint)} is \"{endpoint}\"; it must be an absolute address with http or https.", [nameof(OtlpEndpoint)]);
        if (Protocol is not ("grpc" or "http/protobuf"))
            yield return new ValidationResult($"{nameof(Protocol)} is \"{Protocol}\"; it must be grpc or http/protobuf.", [nameof(Protocol)]);
    }
}

/// <summary>Live monitoring: the service's own counts, exported when a collector is configured.</summary>
public static class Monitoring
{
    /// <summary>Adds <see cref="CoopMetrics"/> and, when <c>Monitoring:OtlpEndpoint</c> is set, the exporter.</summary>
    public static IServiceCollection AddCoopMonitoring(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<CoopMetrics>();
        services.AddOptions<MonitoringOptions>()
            .BindConfiguration(MonitoringOptions.Section, o => o.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services.AddHostedService<MetricsExport>();
    }

    /// <summary>Exports for as long as the host runs; what is pending is sent at the end.</summary>
    private sealed class MetricsExport(IOptions<MonitoringOptions> options) : IHostedService, IDisposable
    {
        private MeterProvider? _provider;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (options.Value.OtlpEndpoint is { } endpoint)
            {
                _provider = Sdk.CreateMeterProviderBuilder()
                    .ConfigureResource(resource => resource.AddService("coopai"))
                    .AddMeter(CoopMetrics.MeterName)
                    .AddOtlpExporter((exporter, reader) =>
                    {
                        exporter.Endpoint = endpoint;
                        exporter.Protocol = options.Value.Protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Value.Interval.TotalMilliseconds;
                    })
                    .Build();
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _provider?.Shutdown(timeoutMilliseconds: 2000);
            return Task.CompletedTask;
        }

        public void Dispose() => _provider?.Dispose();
    }
}
