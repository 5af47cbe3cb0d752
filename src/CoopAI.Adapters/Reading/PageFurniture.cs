using System.Text.RegularExpressions;

namespace CoopAI.Adapters.Reading;

/// <summary>Tells the text of a page from what stands around it, by what it says and how it is linked, never by names of classes.</summary>
internal static partial class PageFurniture
{
    private static readonly string[] Cookies =
    [
        "we use cookies", "uses cookies", "use of cookies", "cookie policy", "cookie settings", "cookie preferences", "manage cookies", "accept all", "accept cookies", "reject all", "reject cookies",
        "essential cookies", "analytics cookies", "necessary cookies", "cookies on this site", "cookies to improve", "cookies help us", "store and access personal data", "unique identifiers, on your device",
        "browsing data or unique", "manage preferences", "manage consent", "your privacy choices", "by continuing to browse", "by continuing to use this",
    ];

    private static readonly string[] Share =
    [
        "share this", "share on", "share via", "share:", "tweet this", "email this page", "print this page", "copy link", "follow us", "like us on", "find us on", "connect with us", "share page", "share article", "back to top",
        "skip to content", "skip to main content", "skip to navigation", "toggle navigation", "open menu", "close menu", "search for:", "search this site", "jump to content", "add to favourites",
    ];

    private static readonly string[] Foot =
    [
        "©", "copyright ", "all rights reserved", "privacy policy", "privacy notice", "terms and conditions", "terms of use", "accessibility statement", "registered charity", "registered office", "registered in england", "company number", "company no",
        "charity number", "vat number", "subscribe to our newsletter", "sign up to our newsletter", "sign up for our newsletter", "join our mailing list", "website by", "site by", "web design by", "designed and built by", "powered by wordpress",
        "living wage employer and", "social enterprise mark", "cyber essentials", "disability confident", "modern slavery statement", "sitemap", "site map",
    ];

    // Headings that open lists of other pages.
    private static readonly HashSet<string> Related = new(StringComparer.OrdinalIgnoreCase)
    {
        "related", "related case studies", "related posts", "related articles", "related news", "related content", "related pages", "related projects", "more case studies", "other case studies", "you may also like", "you might also like",
        "you may also be interested in", "latest news", "latest posts", "recent posts", "recent news", "latest tweets", "more like this", "see also", "read next", "read more", "more from this council", "more news", "similar case studies", "popular posts",
        "share this", "share", "share this page", "share this case study", "share this article", "comments", "leave a reply", "leave a comment", "post a comment", "archives", "navigation", "menu", "quick links", "useful links", "newsletter", "subscribe", "follow us", "site map", "in this section",
        "about the network", "about us", "get in touch", "our members", "our partners", "upcoming events", "next event", "join us", "stay connected", "keep in touch", "post navigation", "search",
    };

    private static readonly HashSet<string> Networks = new(StringComparer.OrdinalIgnoreCase)
    {
        "facebook", "twitter", "x", "linkedin", "whatsapp", "email", "e-mail", "print", "pinterest", "tweet", "share", "like", "instagram", "youtube", "reddit", "bluesky", "threads", "mastodon", "telegram", "rss", "save", "link",
        "home", "news", "events", "contact", "contact us", "about", "about us", "login", "log in", "sign in", "search", "menu", "next", "previous", "back", "top", "accept", "reject", "decline", "settings", "ok", "close", "dismiss", "more", "read more", "case studies", "resources", "members", "got it", "i agree", "yes", "no", "necessary", "analytics", "marketing", "english", "cymraeg",
    };

    private static readonly string[] SiteNames =
    [
        "co-operative councils", "cooperative councils", "ccin", "innovation network", "local government association",
    ];

    /// <summary>Whether one block says nothing of the page's subject.</summary>
    public static bool IsFurniture(string text)
    {
        var lower = text.ToLowerInvariant();
        if (Networks.Contains(text.Trim(' ', '.', ':', '»', '›', '>', '←', '→', '|', '•'))) return true;
        // A sentence of a story may speak of cookies, or of a share; furniture is short or says it twice.
        if (Cookies.Count(c => lower.Contains(c, StringComparison.Ordinal)) is var cookies && (cookies > 1 || (cookies == 1 && text.Length < 400))) return true;
        if (text.Length < 200 && Share.Any(s => lower.StartsWith(s, StringComparison.Ordinal))) return true;
        if (OnlyNetworks(text) || IsByline(lower)) return true;
        return IsFoot(lower, text);
    }

    public static bool NamesTheSite(string text) => SiteNames.Any(s => text.Contains(s, StringComparison.OrdinalIgnoreCase)) && text.Length < 70;

    /// <summary>A window's title without the site's name at its end or start.</summary>
    public static string WithoutSite(string title)
    {
        foreach (var mark in new[] { " | ", " – ", " — ", " - ", " » ", " :: ", " · " })
        {
            var at = title.LastIndexOf(mark, StringComparison.Ordinal);
            if (at <= 0) continue;
            var (head, tail) = (title[..at].Trim(), title[(at + mark.Length)..].Trim());
            // Titles hold dashes too; a site's name is short and has no verb to go with.
            if (mark is " | " or " » " or " :: " || NamesTheSite(tail) || CouncilShaped().IsMatch(tail)) return WithoutSite(head);
        }

        return title.Trim();
    }

    /// <summary>The blocks of the page's text: what stands before its heading and is no text, notices, buttons, lists of other pages and the foot are gone.</summary>
    public static IReadOnlyList<Block> Without(IReadOnlyList<Block> blocks, string? title)
    {
        var start = title is null ? -1 : FindTitle(blocks, title);
        var kept = new List<Block>();
        var skipping = 0;
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            if (i == start) continue;
            if (block.Kind == BlockKind.Heading)
            {
                if (Related.Contains(block.Text.TrimEnd(':', '.', '…')))
                {
                    skipping = block.Level;
                    continue;
                }

                if (skipping > 0 && block.Level > skipping) continue;
                // Titles of the other pages are often headings of the same level, and links.
                if (skipping > 0 && (block.LinkShare > 0.8 || !FollowedByText(blocks, i))) continue;
                skipping = 0;
            }

            if (skipping > 0) continue;
            if (IsFurniture(block.Text)) continue;
            // Menus, tags and breadcrumbs: short and nothing but links. A label's value may be a link too.
            if (block.LinkShare > 0.9 && block.Text.Length < 100 && block.Kind is not BlockKind.Row && !FollowsLabel(kept)) continue;
            if (block.Links > 2 && block.LinkShare > 0.7 && !block.Text.Contains(". ", StringComparison.Ordinal) && !FactFinder.StartsWithLabel(block.Text)) continue;
            if (i < start && (block.Text.Length < 80 || IsCrumbs(block.Text)) && !FactFinder.StartsWithLabel(block.Text) && !FollowsLabel(kept)) continue;
            if (IsCrumbs(block.Text)) continue;
            kept.Add(block);
        }

        return kept;
    }

    private static int FindTitle(IReadOnlyList<Block> blocks, string title)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            if ((blocks[i].Kind == BlockKind.Heading || (blocks[i].IsStrong && i < 3)) && string.Equals(blocks[i].Text, title, StringComparison.OrdinalIgnoreCase)) return i;
        }

        return -1;
    }

    private static bool FollowsLabel(List<Block> kept) => kept.Count > 0 && (FactFinder.IsLabel(kept[^1].Text) || (kept[^1].LinkShare > 0.9 && kept[^1].Kind == BlockKind.ListItem));

    private static bool FollowedByText(IReadOnlyList<Block> blocks, int heading)
    {
        for (var i = heading + 1; i < blocks.Count && blocks[i].Kind != BlockKind.Heading; i++)
        {
            if (blocks[i].Text.Length > 120 && blocks[i].LinkShare < 0.5 && !IsFurniture(blocks[i].Text)) return true;
        }

        return false;
    }

    private static bool IsCrumbs(string text) =>
        text.Length < 160 && text.StartsWith("Home", StringComparison.OrdinalIgnoreCase) && text.AsSpan().IndexOfAny("»›>/→") is > 0 and < 12;

    private static bool IsFoot(string lower, string text)
    {
        if (text.Length > 400) return false;
        var marks = Foot.Count(f => lower.Contains(f, StringComparison.Ordinal));
        if (marks > 1 || (marks == 1 && (text.Length < 90 || lower.StartsWith('©') || lower.StartsWith("copyright", StringComparison.Ordinal)))) return true;
        // The foot of the Network's pages and of its members'.
        return (lower.StartsWith("part of the co-operative councils", StringComparison.Ordinal) || lower.StartsWith("the co-operative councils' innovation network is", StringComparison.Ordinal)
            || lower.StartsWith("the co-operative councils’ innovation network is", StringComparison.Ordinal)) && lower.Contains("network", StringComparison.Ordinal) && text.Length < 350;
    }

    private static readonly string[] Bylines = ["published ", "posted ", "last updated", "updated ", "page last ", "last modified", "first published", "date published", "written by ", "reading time"];

    // "Published on 4 May 2022 by the press office": when the page was made, not what it tells.
    private static bool IsByline(string lower) =>
        lower.Length < 90 && !lower.EndsWith('.') && Bylines.Any(b => lower.StartsWith(b, StringComparison.Ordinal)) && (lower.Any(char.IsDigit) || lower.StartsWith("written by", StringComparison.Ordinal));

    private static bool OnlyNetworks(string text)
    {
        if (text.Length > 120) return false;
        var words = text.Split([' ', ',', '|', '•', '·', '/'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && words.All(w => Networks.Contains(w)) && words.Count(w => Networks.Contains(w)) > 1;
    }

    [GeneratedRegex(@"^(?:[A-Z][\w'’&-]* ){0,6}(?:Council|Network|Authority|Partnership|CCIN)$", RegexOptions.NonBacktracking)]
    private static partial Regex CouncilShaped();
}
