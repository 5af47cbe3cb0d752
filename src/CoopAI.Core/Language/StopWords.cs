using System.Collections.Frozen;

namespace CoopAI.Core.Language;

/// <summary>English function words: they carry grammar, not a topic.</summary>
public static class StopWords
{
    private static readonly FrozenSet<string> All = (
        "a about above after again all also am an and any are arent as at be because been before being below between both but by " +
        "can cant could couldnt did didnt do does doesnt doing dont down during each either else ever every few for from further get gets " +
        "got had hadnt has hasnt have havent having he her here hers herself him himself his how however i if im in into is isnt it its itself ive " +
        "just let like may me might mine more most much must mustnt my myself no nor not now of off on once one only or other our ours " +
        "ourselves out over own per please rather same shall she should shouldnt so some such than that the their theirs them themselves then " +
        "there these they theyre theyve this those through to too under until up upon us very via was wasnt we were werent weve what when where whether which while " +
        "who whom whose why will with within without would wouldnt you youre your yours yourself yourselves youve")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether <paramref name="word"/> (lower case, apostrophes dropped) is a function word.</summary>
    public static bool Contains(string word) => All.Contains(word);
}
