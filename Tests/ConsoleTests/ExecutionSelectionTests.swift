import Console
import Contract
import Hypertext
import Recovery
import Testing

@Suite struct `A run's page by its address` {
    private static func page(_ selection: ExecutionPage.Selection) -> String {
        ExecutionPage(execution: Sample.execution(), events: Sample.events(), selection: selection)
            .content(for: Sample.viewer()).description
    }

    @Test func `gives every event an address, at which it stands still among its neighbours`() {
        let page = Self.page(.init(wave: 1))
        #expect(page.contains("&amp;event=8#e8\" aria-label=\"Event 8\""))
        #expect(!page.contains("Newest events"))
        let around = Self.page(.init(wave: 1, log: .init(around: 8)))
        #expect(around.contains("<li id=\"e8\" class=\"error chosen\">"))
        #expect(around.contains("Newest events"))
    }

    @Test func `keeps what else it says when one thing changes`() {
        let log = ExecutionPage.Selection.Log(wave: 2, isOfProblems: true)
        let page = Self.page(.init(wave: 1, status: .launched, server: Sample.server(3), log: log))
        // The next page of servers, another server, an event: all with the rest as it was.
        for name in ["status=LAUNCHED", "server=\(Sample.server(3).rawValue)", "logWave=2", "log=problems"] {
            #expect(page.contains(name), "\(name)")
        }
        #expect(page.contains("<input type=\"hidden\" name=\"status\" value=\"LAUNCHED\">"))
        #expect(page.contains("<input type=\"hidden\" name=\"logWave\" value=\"2\">"))
    }

    @Test func `leads back to the list without the server`() {
        let selection = ExecutionPage.Selection(wave: 1, server: Sample.server(14))
        let panel = ServerPanel(
            execution: Sample.execution(),
            server: Sample.server(14),
            selection: selection,
            jobLog: [],
            events: []
        )
        let text = panel.html(for: Sample.viewer()).description
        #expect(text.contains("InsufficientInstanceCapacity"))
        #expect(text.contains("?wave=1#servers\">Close</a>"))
        #expect(text.contains("DRS has logged nothing of it yet."))
    }
}

@Suite struct `Preferences of a browser` {
    @Test(arguments: Preferences.Rows.allCases) func `are read as they were written`(rows: Preferences.Rows) {
        let preferences = Preferences(theme: .dark, density: .compact, zone: .local, hasShortcuts: false, rows: rows)
        #expect(Preferences(cookie: preferences.cookieValue) == preferences)
    }

    @Test func `are the usual ones where a cookie says nothing that is known`() {
        #expect(Preferences(cookie: "neon.33.<script>") == Preferences())
        #expect(Preferences(cookie: nil).rows.number == 50)
    }
}

@Suite struct `The servers of a wave, one by one` {
    private static func fragment(_ servers: [SourceServerView], hasMore: Bool = false) -> HTML {
        let wave = Sample.plans()[1].waves[0]
        return WaveServers(servers: servers, wave: wave, hasMore: hasMore).html
    }

    @Test func `have a tick, an impact and a recovery point each`() {
        let text = Self.fragment(Sample.sourceServers()).description
        #expect(text.components(of: "name=\"waves.new.serverIds[]\"") == Sample.sourceServers().count)
        #expect(text.components(of: ".recoverySnapshotId\"") == Sample.sourceServers().count)
    }

    @Test func `let no text become markup`() {
        let fragment = Self.fragment(Sample.sourceServers(Sample.hostile))
        #expect(fragment.misplacements == [])
        #expect(!fragment.description.contains("<script>"))
    }

    @Test func `are sent back as they are where there are too many to show`() {
        let text = Self.fragment(Sample.sourceServers(), hasMore: true).description
        #expect(text.contains("More than 500 servers"))
        #expect(!text.contains("type=\"checkbox\""))
        #expect(Self.fragment([]).description.contains("protection groups first."))
    }
}

@Suite struct `The burn-down` {
    @Test func `falls by each launch, from all servers to those that are left`() {
        let execution = Sample.execution()
        let text = BurnDown(execution: execution, objective: 1620, now: Sample.now).html.description
        let counts = execution.counts
        #expect(text.contains("\(counts.total - counts.launched) of \(counts.total) servers are left"))
        #expect(text.contains("class=\"left\" points=\"0,0 "))
        #expect(BurnDown(execution: Sample.execution(waves: []), objective: 1, now: Sample.now).html.isEmpty)
    }
}
