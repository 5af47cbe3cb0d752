using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Guidance;

namespace CoopAI.Tests.Core.Guidance;

public class GuidanceEditTests
{
    private static readonly GuidanceFramework Shipped = PromptFiles.Guidance(GuidanceFiles.PathOf("prompts", "guidance"));

    private static readonly GuidanceEdit Add = new("VG12", GuidanceEditKind.AddLine, "words_to_avoid.txt", "avoid", "smart city => town with sensors");

    [Fact]
    public void A_line_is_added_at_the_end_of_its_section_and_makes_another_version()
    {
        var changed = Shipped.With(Add);

        var list = changed.ListsOf(changed.Rule("VG12")).Single(l => l.Section == "avoid");
        Assert.Equal(Add.Line, list.Lines[^1]);
        Assert.Equal([.. list.Lines.SkipLast(1)], Shipped.ListsOf(Shipped.Rule("VG12")).Single(l => l.Section == "avoid").Lines);
        Assert.NotEqual(Shipped.Version, changed.Version);
        Assert.Equal(["words_to_avoid.txt"], changed.FileHashes.Where(f => Shipped.FileHashes[f.Key] != f.Value).Select(f => f.Key));
        Assert.Equal([Add], changed.Edits);
    }

    [Fact]
    public void A_line_that_is_taken_away_again_leaves_the_files_as_they_were()
    {
        var back = Shipped.With(Add).With(Add with { Kind = GuidanceEditKind.RemoveLine });

        Assert.Equal(Shipped.Hash, back.Hash);
        Assert.Equal(2, back.Edits.Count);
    }

    [Fact]
    public void A_soft_rule_is_switched_off_with_its_reason_and_on_again()
    {
        var off = Shipped.With(new("VG12", GuidanceEditKind.SwitchOff, Line: "It said \"too much\": no use."));

        Assert.Equal((false, "It said \"too much\": no use."), (off.Rule("VG12").On, off.Rule("VG12").OffReason));
        Assert.All(off.Rules, r => Assert.Equal(r.Id != "VG12" && Shipped.Rule(r.Id).On, r.On));
        Assert.Equal(Shipped.Hash, off.With(new("VG12", GuidanceEditKind.SwitchOn)).Hash);
    }

    [Fact]
    public void A_hard_rule_stays_on() =>
        Assert.Contains("cannot be switched off", Assert.Throws<BadInputException>(() => Shipped.With(new("VG06", GuidanceEditKind.SwitchOff, Line: "No."))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_edit_that_changes_nothing_is_refused()
    {
        var changed = Shipped.With(Add);

        Assert.Throws<BadInputException>(() => changed.With(Add));
        Assert.Throws<BadInputException>(() => Shipped.With(new("VG12", GuidanceEditKind.SwitchOn)));
    }

    [Fact]
    public void An_edit_whose_place_is_gone_does_not_keep_newer_files_from_loading()
    {
        GuidanceEdit[] old =
        [
            Add with { Section = "gone" }, Add with { File = "gone.txt" }, Add with { Kind = GuidanceEditKind.RemoveLine, Line = "was there once => no more" },
            new("VG99", GuidanceEditKind.SwitchOff, Line: "Gone."),
        ];

        Assert.Equal(Shipped.Hash, PromptFiles.Guidance(GuidanceFiles.PathOf("prompts", "guidance"), old).Hash);
    }

    [Fact]
    public void Edits_come_back_from_an_entry_as_they_were()
    {
        GuidanceEdit[] edits = [Add, new("VG12", GuidanceEditKind.SwitchOff, Line: "For now.")];

        Assert.Equal(edits, GuidanceEdit.FromJson(System.Text.Json.JsonElement.Parse(GuidanceEdit.ToJson(edits).ToJsonString())));
    }
}
