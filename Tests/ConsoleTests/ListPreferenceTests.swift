import Console
import Contract
import Hypertext
import Recovery
import Testing

@Suite struct `What somebody keeps of lists` {
    @Test func `comes back from its cookie, with the rest of the preferences`() throws {
        var preferences = Preferences(theme: .dark, rows: .many)
        let (servers, groups) = (
            preferences.hide(["lag", "group"], in: "servers"), preferences.hide(["changed"], in: "groups")
        )
        #expect(servers && groups)
        let back = Preferences(cookie: preferences.cookieValue)
        #expect(back.hiddenColumns == ["servers~lag", "servers~group", "groups~changed"])
        #expect(back.theme == .dark)
        #expect(back.rows == .many)
        // What is chosen for one table is all that it hides, and no other's.
        var again = back
        let isTaken = again.hide(["readiness"], in: "servers")
        #expect(isTaken)
        #expect(again.hiddenColumns == ["servers~readiness", "groups~changed"])
    }

    @Test(arguments: ["a.b", "a~b", "A", "", "ä", String(repeating: "a", count: 25)])
    func `refuses what is no name of a column or table`(name: String) {
        var preferences = Preferences()
        let (column, table) = (preferences.hide([name], in: "servers"), preferences.hide(["lag"], in: name))
        #expect(!column && !table)
        #expect(preferences == Preferences())
        #expect(!Preferences(cookie: "no~servers~\(name).dark").hiddenColumns.contains("servers~\(name)"))
    }

    @Test(
        arguments: [
            ("Mine", "https://example.com/servers"), ("Mine", "//example.com"), ("Mine", "/settings?q=a"),
            ("Mine", "javascript:alert(1)"), ("", "/servers"), ("   ", "/servers"),
            (String(repeating: "a", count: 41), "/servers"),
            ("Mine", "/servers?q=" + String(repeating: "a", count: 600)), ("Mine", "/servers\\@example.com"),
        ]
    )
    func `is a view of a list of ours, or none`(name: String, address: String) {
        #expect(SavedView(name: name, address: address) == nil)
    }

    @Test func `stands beside its list alone, and says which one is shown`() throws {
        let (stalled, other) = try (
            #require(SavedView(name: "Stalled", address: "/servers?state=STALLED")),
            #require(SavedView(name: Sample.hostile.prefix(40).description, address: "/servers?q=%3Cscript%3E"))
        )
        var viewer = Sample.viewer()
        viewer.preferences.views = [
            stalled, other, try #require(SavedView(name: "Elsewhere", address: "/audit?outcome=REFUSED")),
        ]
        let query = ListQuery("/servers", sort: "hostname", filters: [("state", "STALLED")])
        let html = Layout.document(ServersPage(servers: Sample.sourceServers(), query: query), for: viewer)
        let text = html.description
        #expect(html.misplacements == [])
        #expect(text.contains(#"<a href="/servers?state=STALLED" aria-current="page">Stalled</a>"#))
        #expect(!text.contains("Elsewhere"))
        #expect(!text.contains("<script>alert"))
        #expect(text.contains("Remove Stalled"))
    }

    @Test func `leaves columns out, their cells too, and never the first`() {
        var viewer = Sample.viewer()
        let isTaken = viewer.preferences.hide(["server", "lag", "group"], in: "servers")
        #expect(isTaken)
        let page = ServersPage(servers: Sample.sourceServers())
        let (all, some) = (
            Layout.document(page, for: Sample.viewer()).description, Layout.document(page, for: viewer).description
        )
        for title in ["Lag", "Group"] {
            #expect(all.contains("data-label=\"\(title)\""))
            #expect(!some.contains("data-label=\"\(title)\""))
            #expect(!some.contains(">\(title)</th>"))
        }
        // Each cell stays below its own headline.
        for text in [all, some] {
            #expect(text.contains("data-label=\"Replication\"><span class=\"status"))
            #expect(text.contains("data-label=\"Readiness\"><span class=\"status"))
            #expect(text.contains("data-label=\"Account, Region\"><span class=\"id"))
        }
        #expect(some.components(of: "data-row-link") == all.components(of: "data-row-link"))
    }

    @Test func `offers boxes to who may do something with them, on servers of no group`() {
        let servers = Sample.sourceServers()
        let free = servers.count { $0.groupId == nil }
        let (mine, others) = (
            Layout.document(ServersPage(servers: servers), for: Sample.viewer([.admin])).description,
            Layout.document(ServersPage(servers: servers), for: Sample.viewer([.readOnly])).description
        )
        #expect(free > 0)
        #expect(mine.components(of: "data-select value") == free)
        #expect(mine.components(of: "data-select disabled") == servers.count - free)
        #expect(!others.contains("data-select"))
    }
}
