using CoopAI.Adapters;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Reading;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Ledger;
using CoopAI.Core.Monitoring;
using CoopAI.Core.Principles;
using CoopAI.Core.Questions;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Pages;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CoopAI.Web.Hosting;

/// <summary>Puts the parts together, once, for both doors.</summary>
public static class CoopServices
{
    /// <summary>Below the working directory, so that a trial leaves nothing elsewhere.</summary>
    public const string DefaultDataDirectory = ".coopai";

    /// <summary>Environment variables of this product begin with this; a double underscore separates sections: <c>COOPAI_Retrieval__Top</c>.</summary>
    public const string EnvironmentPrefix = "COOPAI_";

    /// <summary>Settings from <c>appsettings.json</c> beside the program, then from the environment.</summary>
    /// <exception cref="BadInputException">The file is not JSON.</exception>
    public static IConfiguration ReadConfiguration()
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .Build();
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"{e.Message} {e.InnerException?.Message}".Trim(), e);
        }
    }

    /// <summary>The services of a run without a host.</summary>
    public static ServiceProvider Build(IConfiguration configuration, string dataDirectory) =>
        new ServiceCollection().AddLogging().AddCoopAI(configuration, dataDirectory).BuildServiceProvider();

    /// <summary>Registers everything that does not belong to one door.</summary>
    /// <param name="dataDirectory">Where the database lies; it is made on first use.</param>
    public static IServiceCollection AddCoopAI(this IServiceCollection services, IConfiguration configuration, string dataDirectory)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(configuration);
        services.AddSingleton(p =>
        {
            var database = CoopDatabase.Open(dataDirectory);
            database.Look = caseStudy => [.. p.GetRequiredService<TextTrust>().Look(caseStudy).Select(d => d.Says)];
            // Whoever writes first brings the ledger along, which binds what is written.
            database.Seal = (connection, transaction) =>
            {
                _ = p.GetRequiredService<SqliteLedger>();
                return database.Seal!(connection, transaction);
            };
            return database;
        });
        services.AddSingleton<CaseStudyLibrary>();
        services.AddSingleton<ICaseStudyLibrary>(p => p.GetRequiredService<CaseStudyLibrary>());
        services.AddSingleton<ICaseStudyHistory, CaseStudyHistory>();
        services.AddSingleton<WebPages>();
        services.AddChecked<WebOptions>(configuration, WebOptions.Section);
        services.AddSingleton(_ => new PersonalDataMask(PromptFiles.Text("guidance", "personal_data.txt")));
        services.AddSingleton<TextTrust>();
        services.AddSingleton(_ => new Signposts(PromptFiles.Text("signposts.txt").ReplaceLineEndings("\n").Split('\n')));
        services.AddSingleton(p => new CaseStudyImporter(p.GetRequiredService<PrincipleCatalogue>().Principles, p.GetRequiredService<PersonalDataMask>(), isOrder: text => p.GetRequiredService<TextTrust>().IsOrder(text)));
        services.AddSingleton<WebReader>();
        services.AddSingleton<CaseStudyDesk>();
        services.AddSingleton<ImportDesk>();
        services.AddChecked<RetrievalOptions>(configuration, RetrievalOptions.Section);
        services.AddChecked<AnsweringOptions>(configuration, AnsweringOptions.Section);

        services.AddModels(configuration);
        services.AddSingleton(p => new PassageChunker(p.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().PieceCounter()));
        services.AddSingleton<CaseStudyIndexer>();
        services.AddPassageStore(configuration);
        services.AddSingleton(p => new SearchCorpus { Renew = ct => p.GetRequiredService<CorpusService>().RefreshAsync(ct) });
        services.AddSingleton(p => new Retriever(
            p.GetRequiredService<SearchCorpus>(), p.GetRequiredService<IPassageStore>(), p.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(),
            p.GetRequiredService<RetrievalOptions>(), p.GetRequiredService<ITagBook>(), p.GetRequiredService<TimeProvider>(), p.GetService<CoopMetrics>() is { } metrics ? metrics.RecordSearch : null));
        services.AddSingleton<CorpusService>();
        services.AddSingleton<TagDecisionStore>();
        services.AddSingleton<ITagDecisions>(p => p.GetRequiredService<TagDecisionStore>());
        services.AddSingleton<TagBook>();
        services.AddSingleton<ITagSuggestions>(p => p.GetRequiredService<TagBook>());
        services.AddSingleton(_ => PromptFiles.Principles());
        services.AddSingleton(new TaggingLabels(ProductFiles.TaggingLabels));
        services.AddSingleton<TrainedTagger>();
        services.AddSingleton<TagMeasures>();
        services.AddSingleton<CorpusTags>();
        services.AddSingleton<TagDesk>();

        services.AddLedger(configuration);
        services.AddSingleton<ReviewBook>();
        services.AddSingleton<PlantedErrors>();
        services.AddSingleton<SettingsBook>();
        services.AddSingleton<OrganisationBook>();
        services.AddSingleton<ElectionBook>();
        services.AddSingleton(p => new ConfiguredRetention(p.GetRequiredService<LedgerOptions>().RetainQuestionsDays));
        services.AddSingleton<RetentionBook>();
        services.AddSingleton<RunningHosts>(p => () =>
        {
            var organisation = p.GetRequiredService<OrganisationBook>().Current;
            return new(organisation.AccountableRole, organisation.Contact, p.GetRequiredService<ElectionBook>().InForce);
        });
        services.AddSingleton<UsageBook>();
        services.AddSingleton<BackUps>();
        services.AddSingleton<IOffSwitch>(provider => provider.GetRequiredService<SettingsBook>());
        services.AddSingleton(p => new GuidanceInForce(PromptFiles.Guidance(edits: SuggestionBook.EditsInForce(p.GetRequiredService<ILedgerReader>()))));
        // Whoever asks gets the one in force; what lives as long as the service asks GuidanceInForce or the runner.
        services.AddTransient(p => p.GetRequiredService<GuidanceInForce>().Current);
        services.AddSingleton<SuggestionBook>();
        services.AddSingleton(p => new GuidanceRunner(
            p.GetRequiredService<GuidanceInForce>(),
            // The grounding rules go by words alone: their weight for a likeness was learned with an encoder that is gone.
            questions: QuestionEncoder.Of(p.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>()),
            clock: p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITagBook>(p => p.GetRequiredService<TagBook>());
        services.AddChecked<GuidanceChangeOptions>(configuration, GuidanceChangeOptions.Section);
        services.AddSingleton<GuidanceOnRecord>();
        services.AddSingleton<FindAnswer>(p => id => p.GetRequiredService<SqliteLedger>().Find(id));
        services.AddCoopKernel();
        services.AddSingleton<SampleBrief>();
        if (configuration.GetSection(ModelOptions.Section).GetValue<ChatProvider>("Chat:Provider") != ChatProvider.None)
            services.AddSingleton(p => new Writer(
                p.GetRequiredService<ModelOptions>().Chat.Model!, PromptFiles.Text("answer.md"), p.GetRequiredService<ModelOptions>().Chat.Timeout));
        return services;
    }
}
