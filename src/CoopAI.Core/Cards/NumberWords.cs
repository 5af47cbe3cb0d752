using System.Collections.Frozen;

namespace CoopAI.Core.Cards;

/// <summary>Counts written as words.</summary>
internal static class NumberWords
{
    public static readonly CueList Cues = new("two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, fifteen, twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety, hundred, hundreds, thousand, thousands, million, dozen, dozens");
}
