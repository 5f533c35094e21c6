internal import Ambient
package import Hypertext
internal import Recovery

/// The document around a page: top bar, navigation, breadcrumbs, messages.
///
/// A function, not a superclass.
package enum Layout {
    /// The whole document.
    package static func document(_ page: some ConsolePage, for viewer: Viewer) -> HTML {
        let version = Assets.version
        let preferences = viewer.preferences
        return """
            <!doctype html>
            <html lang="en" data-theme="\(preferences.theme.rawValue)" data-density="\(preferences.density.rawValue)" \
            data-zone="\(preferences.zone.rawValue)" data-shortcuts="\(preferences.hasShortcuts ? "on" : "off")" \
            data-mood="\(page.mood.rawValue)"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(page.mood == .recovery ? "RECOVERY: " : "")\(page.windowTitle) - Muster</title>
            <link rel="icon" href="/assets/\(version)/logo.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/\(version)/app.css">
            <script type="module" src="/assets/\(version)/app.js"></script>
            </head><body data-topics="\(page.topics.joined(separator: ","))" data-now="\(viewer.now.description)" \
            data-version="\(version)"\(attribute: "data-idle-seconds", viewer.idleSeconds)>\(page.mood == .wall ? wall(page, viewer) : shell(page, viewer))</body></html>
            """
    }

    private static func shell(_ page: some ConsolePage, _ viewer: Viewer) -> HTML {
        """
        <a class="skip" href="#main">Skip to the content</a>
        \(topBar(viewer))
        <div class="shell">\(navigation(page.section, viewer))
        <main id="main" tabindex="-1">\(breadcrumbs(page))
        <div id="flashes" class="flashes" role="region" aria-label="Messages"></div>
        <div id="staleness" class="staleness" role="status"></div>
        \(page.heading(for: viewer))
        \(page.content(for: viewer))</main></div>
        <div id="milestones" class="unseen" role="log" aria-live="polite" aria-label="Milestones"></div>
        <div id="alarms" class="unseen" role="alert"></div>
        \(shortcuts(viewer))\(shapes)\(if: viewer.idleSeconds != nil, idle)
        """
    }

    /// Shown two minutes before the session's end; closing it, by whatever key, is being there.
    private static let idle: HTML = """
        <dialog id="idle" aria-labelledby="idle-title"><h2 id="idle-title">Stay signed in?</h2>\
        <p>Nobody has used this console for a while. You will be signed out in two minutes.</p>\
        <button type="button" class="button primary" data-closes>Stay signed in</button></dialog>
        """

    /// What scripts fill in: a message at the top of the page, and what follows the news that one is signed out.
    private static let shapes: HTML = """
        <template id="flash"><div class="flash"><p></p><button type="button" class="icon-button" aria-label="Dismiss">\
        \(icon("close"))</button></div></template><template id="signed-out"><a href="/sign-in" target="_blank">Sign in</a> in \
        another tab; what you typed stays here.</template>
        """

    private static func wall(_ page: some ConsolePage, _ viewer: Viewer) -> HTML {
        "<main id=\"main\">\(page.content(for: viewer))</main>"
    }

    private static func topBar(_ viewer: Viewer) -> HTML {
        """
        <header class="topbar"><button type="button" class="menu" data-menu aria-expanded="false" aria-controls="nav" \
        aria-label="Navigation">\(icon("menu"))</button>
        <a class="brand" href="/" aria-label="Muster, to the dashboard">\(icon("logo"))<span>Muster</span></a>
        <form class="find" role="search" action="/search" method="get"><label class="unseen" for="find">Search plans, \
        groups, servers and executions</label>\(icon("search"))<input id="find" name="q" type="search" \
        placeholder="Search" autocomplete="off" maxlength="128"><kbd aria-hidden="true">/</kbd></form>
        \(TopStatus(active: viewer.activeExecutions).html)
        <span id="live" class="live" data-state="none"></span>
        \(account(viewer))</header>
        """
    }

    /// Who is signed in and what is theirs, or the way in.
    private static func account(_ viewer: Viewer) -> HTML {
        guard !viewer.name.isEmpty else { return "<a href=\"/sign-in\">Sign in</a>" }
        return """
            <details class="account"><summary aria-label="\(viewer.name)">\(icon("person"))<span>\(viewer.name)</span></summary>
            <div class="popover"><p class="quiet">\(viewer.roles.map(\.words).joined(separator: ", "))</p>
            <a href="/settings">Settings</a><a href="/docs/api">API</a>
            <button type="button" class="plain" data-opens="shortcuts">Keyboard shortcuts</button>
            <form method="post" action="/sign-out" data-native><button class="plain">Sign out</button></form></div></details>
            """
    }

    private static func navigation(_ current: Section?, _ viewer: Viewer) -> HTML {
        let groups: [[Section]] = [
            [.dashboard, .approvals, .executions, .coverage],
            [.plans, .schedules, .campaigns, .groups, .servers, .accounts],
            [.notifications, .audit, .gettingStarted, .settings],
        ]
        return """
            <nav id="nav" aria-label="Main"><div class="nav-lists">\(groups.html { group in
                "<ul>\(group.html { item($0, current, viewer) })</ul>"
            })</div></nav>
            """
    }

    private static func item(_ section: Section, _ current: Section?, _ viewer: Viewer) -> HTML {
        // Who may not see any is not led there.
        guard section != .notifications || viewer.may(.manageAccounts) else { return .empty }
        let count: HTML =
            section == .approvals && viewer.needsYou > 0
            ? "<span class=\"count\" id=\"nav-needs-you\">\(viewer.needsYou)</span>" : .empty
        return """
            <li><a href="\(section.link)" data-key="\(section.key)"\(attribute: "aria-current", section == current ? "page" : nil)>\
            <span>\(section.rawValue)</span>\(count)</a></li>
            """
    }

    private static func breadcrumbs(_ page: some ConsolePage) -> HTML {
        guard !page.trail.isEmpty else { return .empty }
        return """
            <nav class="crumbs" aria-label="Breadcrumbs"><ol>\(page.trail.html {
                "<li><a href=\"\($0.link)\">\($0.title)</a></li>"
            })<li aria-current="page">\(page.title)</li></ol></nav>
            """
    }

    private static func shortcuts(_ viewer: Viewer) -> HTML {
        let rows: [(keys: String, what: String)] =
            Section.allCases.map { ("g \($0.key)", "Go to \($0.rawValue)") } + [
                ("/", "Search"), ("?", "This list"), ("j / k", "Next or previous row"), ("Enter", "Open the row"),
                ("[ / ]", "Previous or next wave"), (".", "To the actions"), ("w", "Wallboard"), ("Esc", "Close"),
            ]
        return """
            <dialog id="shortcuts" aria-labelledby="shortcuts-title"><div class="dialog-head">\
            <h2 id="shortcuts-title">Keyboard shortcuts</h2>\(closeButton)</div>
            <p class="quiet">Single keys are \(viewer.preferences.hasShortcuts ? "on" : "off"). \
            <a href="/settings">Change this in the settings</a>. Nothing destructive has a key.</p>
            <dl class="keys">\(rows.html { "<div><dt><kbd>\($0.keys)</kbd></dt><dd>\($0.what)</dd></div>" })</dl></dialog>
            """
    }

    static let closeButton: HTML = """
        <button type="button" class="icon-button" data-closes aria-label="Close">\(icon("close"))</button>
        """
}

/// How many runs go on, in the top bar; patched while the page is open.
package struct TopStatus: Sendable {
    let active: Int

    package init(active: Int) {
        self.active = active
    }

    package var html: HTML {
        guard active > 0 else { return "<span id=\"top-status\" class=\"top-status\"></span>" }
        return """
            <span id="top-status" class="top-status"><a href="/executions?active=true">\(icon("running"))\
            \(active) running</a></span>
            """
    }
}
