// Makes prompts/guidance/question-classifiers.json again and prints how it does on voices that the fit has not seen. See README.md here.
using System.Globalization;
using System.Text.Json;
using CoopAI.Adapters.Models;
using CoopAI.Core.Guidance;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Language;
using CoopAI.Core.Vectors;
using CoopAI.TrainGuidance;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length is not (1 or 2) || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tools/train-guidance -- REPOSITORY [FILE with invented questions, one JSON object with \"text\" a line]");
    return 2;
}

var prompts = Path.Combine(args[0], "prompts", "guidance");
var features = new QuestionFeatures(ListFile.Parse("question-words.txt", File.ReadAllText(Path.Combine(prompts, "question-words.txt"))));
var examples = Examples.Read(Path.Combine(args[0], "evals"), args.Length > 1 ? args[1] : null, features);
using var encoder = new OnnxEmbeddingGenerator();
var embeddings = await encoder.GenerateAsync(examples.Select(e => e.Text), EmbeddedQuestion.Options);
var vectors = embeddings.Select(e => e.Vector.ToArray()).ToArray();
var trainer = new ClassifierTrainer(features, examples, vectors);

var withVector = trainer.Held(useVector: true);
var wordsAlone = trainer.Held(useVector: false);
trainer.Report("with the sentence vector", withVector);
trainer.Report("words alone", wordsAlone);

var model = trainer.Fit(encoder.ModelId, withVector, wordsAlone);
File.WriteAllText(Path.Combine(prompts, "question-classifiers.json"), ModelFile.Write(model));
return 0;
