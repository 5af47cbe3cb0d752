using CoopAI.Core;
using CoopAI.Core.Guidance;

namespace CoopAI.Tests.Core.Guidance;

public sealed class ElectionCalendarTests
{
    [Fact]
    public void A_table_is_read_whatever_the_order_of_its_columns()
    {
        var periods = ElectionCalendar.Read("\uFEFFto,Council,from,source\r\n06/05/2027,\"Harrow Vale, Council\",2027-03-23,https://a.example\r\n\r\n# a note\r\n2027-05-06,*,23/3/2027,\r\n");

        Assert.Equal([new("Harrow Vale, Council", new(2027, 3, 23), new(2027, 5, 6), "https://a.example"), new("*", new(2027, 3, 23), new(2027, 5, 6))], periods);
    }

    [Fact]
    public void A_calendar_is_read_and_an_event_of_whole_days_ends_the_day_before()
    {
        const string calendar = """
            BEGIN:VCALENDAR
            BEGIN:VEVENT
            SUMMARY:Millford\, Borough
              Council
            DTSTART;VALUE=DATE:20270323
            DTEND;VALUE=DATE:20270507
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:Northbeck Council
            DTSTART:20270323T080000Z
            DTEND:20270506T220000Z
            END:VEVENT
            END:VCALENDAR
            """;

        Assert.Equal(
            [new("Millford, Borough Council", new(2027, 3, 23), new(2027, 5, 6)), new("Northbeck Council", new(2027, 3, 23), new(2027, 5, 6))],
            ElectionCalendar.Read(calendar));
    }

    [Theory]
    [InlineData("council,from\nA,2027-03-23", "Line 1", "\"to\" is missing")]
    [InlineData("council,from,to\nA,2027-03-23,2027-05-06\nB,soon,2027-05-06", "Line 3", "2027-03-23 or 23/03/2027")]
    [InlineData("council,from,to\nA,2027-05-06,2027-03-23", "Line 2", "before it begins")]
    [InlineData("council,from,to\nA,2027-05-06,2029-03-23", "Line 2", "longer than a year")]
    [InlineData("council,from,to\n,2027-03-23,2027-05-06", "Line 2", "council's name")]
    [InlineData("council,from,to\n", "no period", ".ics")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nDTSTART:soon\nEND:VEVENT", "Event 1", "DTSTART")]
    public void A_wrong_file_is_refused_with_the_place_and_what_would_be_right(string text, string place, string said)
    {
        var refused = Assert.Throws<BadInputException>(() => ElectionCalendar.Read(text));

        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }
}
