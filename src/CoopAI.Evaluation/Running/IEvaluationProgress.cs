namespace CoopAI.Evaluation.Running;

/// <summary>Where the long steps of an evaluation are told.</summary>
public interface IEvaluationProgress
{
    /// <summary>Runs one step that reports its share done, 0 to 1.</summary>
    /// <param name="step">What is done, as a phrase such as "Asking 248 questions".</param>
    Task<T> RunAsync<T>(string step, Func<IProgress<double>, Task<T>> work);
}
