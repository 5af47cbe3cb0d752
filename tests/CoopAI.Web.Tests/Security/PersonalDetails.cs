using System.Globalization;
using System.Text;

namespace CoopAI.Web.Tests.Security;

/// <summary>A made personal detail.</summary>
/// <param name="Kind">What it is, such as "phone".</param>
/// <param name="Sentence">As somebody would type it.</param>
/// <param name="Needle">What must be found nowhere afterwards.</param>
internal sealed record PersonalDetail(string Kind, string Sentence, string Needle);

/// <summary>Invented details of twelve kinds, the same for the same seed.</summary>
internal static class PersonalDetails
{
    private static readonly string[] FirstNames = ["Aled", "Bronwen", "Callum", "Deepa", "Ewan", "Farah", "Gareth", "Harriet", "Imran", "Jolanta", "Kwame", "Leila"];
    private static readonly string[] LastNames = ["Ashdowne", "Birtwhistle", "Crabtree", "Dhillon", "Entwistle", "Fotheringham", "Gwilliam", "Hargreaves", "Iqbal", "Jablonski", "Kershaw", "Llewellyn"];
    private static readonly string[] Streets = ["Elm Road", "Tanyard Lane", "Chapel Street", "Orchard Avenue", "Mill Close", "Station Road"];
    private static readonly string[] Areas = ["LS", "M", "OL", "BN", "CF", "EH", "SW", "PL"];
    private const string Letters = "ABDEFGHJLNPRSTUWXYZ";

    /// <param name="count">How many; kinds take turns.</param>
    public static IReadOnlyList<PersonalDetail> Make(int seed, int count)
    {
        var random = new Random(seed);
        var made = new HashSet<PersonalDetail>();
        while (made.Count < count) made.Add(Make(random, made.Count));
        return [.. made];
    }

    private static PersonalDetail Make(Random random, int i)
    {
        var name = $"{Pick(random, FirstNames)} {Pick(random, LastNames)}";
        switch (i % 12)
        {
            case 0:
                var mobile = $"07{random.Next(400, 1000)} {random.Next(100000, 1000000)}";
                return new("phone", $"Please ring me on {mobile} about it", mobile);
            case 1:
                var landline = $"01{random.Next(20, 99)}{random.Next(1, 9)} {random.Next(200000, 999999)}";
                return new("phone", $"Her number at home is {landline}", landline);
            case 2:
                var mail = $"{name.Replace(' ', '.').ToLowerInvariant()}{random.Next(10, 99)}@post.example.org";
                return new("email", $"Write to {mail} please", mail);
            case 3:
                var nino = $"{Pick(random, ["AB", "CE", "HJ", "JL", "SN", "TW"])} {random.Next(10, 99)} {random.Next(10, 99)} {random.Next(10, 99)} {Pick(random, ["A", "B", "C", "D"])}";
                return new("nino", $"The National Insurance number is {nino}", nino);
            case 4:
                var nhs = Nhs(random);
                return new("nhs", $"NHS number {nhs} belongs to the tenant", nhs);
            case 5:
                var postcode = $"{Pick(random, Areas)}{random.Next(1, 20)} {random.Next(1, 10)}{Pick(random, Letters)}{Pick(random, Letters)}";
                return new("postcode", $"I live at {random.Next(2, 190)} {Pick(random, Streets)}, {postcode}", postcode);
            case 6:
                var card = Card(random);
                return new("card", $"It was paid with the card {card} last week", card);
            case 7:
                var born = new DateTime(1940 + random.Next(70), 1 + random.Next(12), 1 + random.Next(28)).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
                return new("dob", $"The tenant was born on {born} in this town", born);
            case 8:
                return new("name", $"My name is {name} and I want help", name);
            case 9:
                var home = $"{random.Next(2, 190)} {Pick(random, Streets)}";
                return new("address", $"She lives at {home} with her son", home);
            case 10:
                var account = $"{random.Next(10, 99)}-{random.Next(10, 99)}-{random.Next(10, 99)} {random.Next(10000000, 99999999)}";
                return new("bank", $"Sort code and account are {account} for the refund", account);
            default:
                var car = $"{Pick(random, ["LD", "MA", "YK", "CP"])}{random.Next(10, 24)} {Pick(random, Letters)}{Pick(random, Letters)}{Pick(random, Letters)}";
                return new("vehicle", $"The car with the registration {car} blocks the path", car);
        }
    }

    private static string Nhs(Random random)
    {
        while (true)
        {
            var digits = string.Concat(Enumerable.Range(0, 9).Select(_ => random.Next(10)));
            var check = 11 - (Enumerable.Range(0, 9).Sum(i => (digits[i] - '0') * (10 - i)) % 11);
            if (check == 10) continue;
            digits += check == 11 ? 0 : check;
            return $"{digits[..3]} {digits[3..6]} {digits[6..]}";
        }
    }

    private static string Card(Random random)
    {
        var digits = new StringBuilder("4");
        for (var i = 0; i < 14; i++) digits.Append(random.Next(10));
        var sum = Enumerable.Range(0, 15).Sum(i => (digits[14 - i] - '0') is var d && i % 2 == 0 ? (d > 4 ? (2 * d) - 9 : 2 * d) : d);
        digits.Append((10 - (sum % 10)) % 10);
        return $"{digits.ToString(0, 4)} {digits.ToString(4, 4)} {digits.ToString(8, 4)} {digits.ToString(12, 4)}";
    }

    private static string Pick(Random random, string[] of) => of[random.Next(of.Length)];

    private static char Pick(Random random, string of) => of[random.Next(of.Length)];
}
