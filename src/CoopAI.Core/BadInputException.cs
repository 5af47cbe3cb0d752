namespace CoopAI.Core;

/// <summary>The person at a door gave something that cannot be used. The message names the input, the place in it and what would be right; it is shown as it is.</summary>
public class BadInputException(string message, Exception? inner = null) : Exception(message, inner);
