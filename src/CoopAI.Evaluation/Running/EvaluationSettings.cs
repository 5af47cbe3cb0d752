using System.ComponentModel.DataAnnotations;
using CoopAI.Core;
using CoopAI.Core.Retrieval;
using Microsoft.Extensions.Configuration;

namespace CoopAI.Evaluation.Running;

/// <summary>The product's settings for one evaluation: those of the installation, overlaid by a file.</summary>
/// <param name="Ranking"><c>product</c> (default), or <c>bm25</c> for the plain yardstick.</param>
public sealed record EvaluationSettings(IConfiguration Configuration, RetrievalOptions Retrieval, string Ranking)
{
    public const string ProductRanking = "product";

    public const string Bm25Ranking = "bm25";

    /// <param name="installed">The settings of the installation.</param>
    /// <param name="file">JSON with the sections of <c>appsettings.json</c>, and <c>"Evaluation":{"Ranking":"product|bm25"}</c>; null for none.</param>
    /// <exception cref="BadInputException">The file is no such JSON, or a setting is misspelt or out of range.</exception>
    public static EvaluationSettings Read(IConfiguration installed, FileInfo? file)
    {
        var configuration = installed;
        try
        {
            if (file is not null)
            {
                if (!file.Exists) throw new BadInputException($"{file}: there is no such file.");
                configuration = new ConfigurationBuilder().AddConfiguration(configuration).AddJsonFile(file.FullName).Build();
            }

            var retrieval = configuration.GetSection(RetrievalOptions.Section).Get<RetrievalOptions>(o => o.ErrorOnUnknownConfiguration = true) ?? new RetrievalOptions();
            Validator.ValidateObject(retrieval, new ValidationContext(retrieval), validateAllProperties: true);
            var ranking = configuration["Evaluation:Ranking"] ?? ProductRanking;
            return ranking is ProductRanking or Bm25Ranking
                ? new EvaluationSettings(configuration, retrieval, ranking)
                : throw new BadInputException($"Evaluation:Ranking is \"{ranking}\"; it must be {ProductRanking} or {Bm25Ranking}.");
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException or ValidationException)
        {
            throw new BadInputException($"{file?.ToString() ?? "settings"}: {e.Message} {(e is InvalidDataException ? e.InnerException?.Message : "")}".TrimEnd(), e);
        }
    }
}
