namespace CoopAI.Core.Principles;

/// <summary>One of the ten co-operative principles as a tag.</summary>
/// <param name="Id">One of <see cref="PrincipleIds"/>.</param>
/// <param name="Name">As people read it.</param>
/// <param name="RecognitionKey">How the published statement of the principle opens, at least six words.</param>
/// <param name="Description">One sentence: what is at work when the principle is.</param>
/// <param name="TagWhen">What a text must show.</param>
/// <param name="NotWhen">What is not enough.</param>
/// <param name="YesExample">An invented example of a text that shows it, for people.</param>
/// <param name="NoExample">An invented example of a text that comes near and does not.</param>
/// <param name="StrongCues">Phrases that hint strongly; their syntax is explained in <c>prompts/principles.yaml</c>.</param>
/// <param name="WeakCues">Phrases that hint weakly.</param>
public sealed record Principle(
    string Id, string Name, string RecognitionKey, string Description, string TagWhen, string NotWhen, string YesExample, string NoExample,
    IReadOnlyList<string> StrongCues, IReadOnlyList<string> WeakCues);
