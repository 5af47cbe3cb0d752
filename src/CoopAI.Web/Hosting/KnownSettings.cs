using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Reading;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Security;
using CoopAI.Web.Transparency;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace CoopAI.Web.Hosting;

/// <summary>Every setting there is. What is none is refused at the start: a misspelt setting would otherwise leave the service as it was, and nobody would know.</summary>
public static class KnownSettings
{
    private static readonly (string Section, Type Type)[] Sections =
    [
        (AnsweringOptions.Section, typeof(AnsweringOptions)),
        (GuidanceChangeOptions.Section, typeof(GuidanceChangeOptions)),
        (LedgerOptions.Section, typeof(LedgerOptions)),
        (ModelOptions.Section, typeof(ModelOptions)),
        (MonitoringOptions.Section, typeof(MonitoringOptions)),
        (QdrantOptions.Section, typeof(QdrantOptions)),
        (RetrievalOptions.Section, typeof(RetrievalOptions)),
        (SignInOptions.Section, typeof(SignInOptions)),
        (TransparencyOptions.Section, typeof(TransparencyOptions)),
        (WebOptions.Section, typeof(WebOptions)),
    ];

    /// <summary>Settings that stand alone, and what the host itself reads.</summary>
    private static readonly string[] Single = ["Data", "RequestTime", "Store", "Urls", "Evaluation:Ranking", "AllowedHosts", "Http_Ports", "Https_Ports", "Environment", "ContentRoot", "ApplicationName", "ForwardedHeaders_Enabled"];

    /// <summary>Sections of the host whose keys are the host's business.</summary>
    private static readonly string[] Open = ["Kestrel", "Logging", "Serilog", "ForwardedHeaders"];

    /// <summary>Variables with the service's prefix that the tests and the containers' file read, not the service.</summary>
    private static readonly string[] Elsewhere = ["CHROMIUM", "QDRANT_URL", "QDRANT_KEY", "QDRANT_REPLICAS", "MUTATIONS", "CHAT_PROVIDER", "CHAT_MODEL", "ORGANISATION", "CONTACT"];

    private static readonly Dictionary<string, Type> Leaves = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Settings with keys of the user's own below them.</summary>
    private static readonly List<string> Maps = [];

    static KnownSettings()
    {
        foreach (var name in Single) Leaves[name] = typeof(string);
        foreach (var (section, type) in Sections) Add(section, type);
    }

    /// <summary>All settings by their full names, such as <c>Retrieval:Top</c>.</summary>
    public static IReadOnlyCollection<string> Names => Leaves.Keys;

    /// <summary>Whether a setting exists; "Section:Key".</summary>
    public static bool Has(string name) => Leaves.ContainsKey(name) || Below(Open, name) || Below(Maps, name);

    /// <summary>What is given by file, environment and arguments, before anything is built on it.</summary>
    /// <param name="args">As for <see cref="CoopWeb.Build"/>.</param>
    /// <exception cref="BadInputException">A setting does not exist or cannot be read as what it should be; the message names it, its place and what would be right.</exception>
    public static void Check(string[] args)
    {
        try
        {
            Check(new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddEnvironmentVariables(CoopServices.EnvironmentPrefix)
                .AddCommandLine(args)
                .Build());
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new BadInputException($"{e.Message} {e.InnerException?.Message}".Trim(), e);
        }
    }

    /// <inheritdoc cref="Check(string[])"/>
    public static void Check(IConfiguration given)
    {
        if (given is not IConfigurationRoot root) return;
        foreach (var provider in root.Providers)
        {
            foreach (var name in NamesOf(provider, null).Order(StringComparer.OrdinalIgnoreCase))
            {
                var isVariable = provider is not (JsonConfigurationProvider or CommandLineConfigurationProvider);
                if (isVariable && Elsewhere.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
                if (!Has(name)) throw new BadInputException($"{Shown(provider, name)} is no setting. {Nearest(provider, name)}");
                if (provider.TryGet(name, out var value) && value is not null && Leaves.TryGetValue(name, out var type) && WhatItMustBe(type, value) is { } right)
                    throw new BadInputException($"{Shown(provider, name)} is \"{value}\"; it must be {right}.");
            }
        }
    }

    private static IEnumerable<string> NamesOf(IConfigurationProvider provider, string? parent)
    {
        foreach (var key in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var name = parent is null ? key : $"{parent}:{key}";
            var below = NamesOf(provider, name).ToList();
            if (below.Count == 0 || (provider.TryGet(name, out var value) && value is not null && below.Count == 0)) yield return name;
            foreach (var each in below) yield return each;
        }
    }

    private static string Shown(IConfigurationProvider provider, string name) => provider switch
    {
        JsonConfigurationProvider json => $"{json.Source.Path}: \"{name}\"",
        CommandLineConfigurationProvider => $"--{name}",
        _ => CoopServices.EnvironmentPrefix + name.Replace(":", "__", StringComparison.Ordinal),
    };

    private static string Nearest(IConfigurationProvider provider, string name)
    {
        var nearest = Leaves.Keys.Select(k => (Name: k, Distance: EditDistance.Between(k.ToUpperInvariant(), name.ToUpperInvariant()))).OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal).First();
        return nearest.Distance <= Math.Max(3, name.Length / 3)
            ? $"Did you mean {Shown(provider, nearest.Name)}?"
            : $"The sections are {string.Join(", ", Sections.Select(s => s.Section))}; the README lists the settings.";
    }

    private static void Add(string prefix, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null))
        {
            var name = $"{prefix}:{property.Name}";
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (kind == typeof(string) || kind == typeof(Uri) || kind.IsValueType) Leaves[name] = kind;
            else if (typeof(System.Collections.IEnumerable).IsAssignableFrom(kind)) Maps.Add(name);
            else Add(name, kind);
        }
    }

    private static bool Below(IEnumerable<string> sections, string name) =>
        sections.Any(s => name.Equals(s, StringComparison.OrdinalIgnoreCase) || name.StartsWith(s + ":", StringComparison.OrdinalIgnoreCase));

    private static string? WhatItMustBe(Type type, string value)
    {
        if (type == typeof(string) || value.Length == 0) return null;
        if (type.IsEnum) return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", Enum.GetNames(type))}";
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return type switch
            {
                _ when type == typeof(bool) => "true or false",
                _ when type == typeof(TimeSpan) => "a time such as 00:01:00",
                _ when type == typeof(DateOnly) => "a day such as 2026-11-29",
                _ when type == typeof(Uri) => "an address",
                _ when type == typeof(int) || type == typeof(long) => "a whole number",
                _ => string.Create(CultureInfo.InvariantCulture, $"a number such as {0.5}"),
            };
        }
    }
}
