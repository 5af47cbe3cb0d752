using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Retrieval;

/// <param name="Id">Without white space.</param>
public sealed record Question(string Id, string Text);

/// <summary>Reads questions, <c>{"id","text"}</c> a line. Unknown fields are ignored.</summary>
public static class QuestionReader
{
    /// <exception cref="EvaluationInputException">A field is missing or empty, an id comes twice or has white space, or there is no question.</exception>
    public static IReadOnlyList<Question> Read(string path)
    {
        var questions = new List<Question>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, found) in JsonLines.Read(path))
        {
            var id = JsonLines.Id(path, line, found, "id");
            if (!lines.TryAdd(id, line))
                throw new EvaluationInputException(path, line, $"the id \"{id}\" was used in line {lines[id]} already; ids must be unique.");
            questions.Add(new Question(id, JsonLines.RequiredText(path, line, found, "text")));
        }

        return questions.Count > 0 ? questions : throw new EvaluationInputException(path, null, "there is no question in this file.");
    }
}
