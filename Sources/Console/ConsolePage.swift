package import Hypertext

/// One page: its model is its stored properties, and what it shows depends on nothing else but the viewer.
package protocol ConsolePage: Sendable {
    /// The one `h1`.
    var title: String { get }
    /// What tells the window apart from every other; the title unless said.
    var windowTitle: String { get }
    /// Where in the navigation it belongs.
    var section: Section? { get }
    /// The pages above it.
    var trail: [Crumb] { get }
    /// What it wants to be told of while it is open.
    var topics: [String] { get }
    /// The headline's line: title, badges, actions.
    func heading(for viewer: Viewer) -> HTML
    func content(for viewer: Viewer) -> HTML
    /// A word for the style sheet about the whole page.
    var mood: Mood { get }
}

extension ConsolePage {
    package var windowTitle: String { title }
    package var trail: [Crumb] { [] }
    package var topics: [String] { [] }
    package var mood: Mood { .ordinary }
    package func heading(for viewer: Viewer) -> HTML { Heading(title).html }
}

/// How a page as a whole looks.
package enum Mood: String, Sendable {
    case ordinary
    /// A recovery, not a drill: a red edge, so that nobody takes one for the other.
    case recovery
    /// Large, dark and without controls, for a wall.
    case wall
}

/// A page above this one.
package struct Crumb: Sendable, Hashable {
    package let title: String
    package let link: Link

    package init(_ title: String, _ link: Link) {
        self.title = title
        self.link = link
    }
}

/// The sections of the navigation.
package enum Section: String, Sendable, CaseIterable {
    case dashboard = "Dashboard"
    case approvals = "Approvals"
    case executions = "Executions"
    case plans = "Recovery plans"
    case schedules = "Schedules"
    case coverage = "Coverage"
    case campaigns = "Campaigns"
    case groups = "Protection groups"
    case servers = "Servers"
    case accounts = "Accounts"
    case notifications = "Notifications"
    case audit = "Audit"
    case gettingStarted = "Getting started"
    case settings = "Settings"

    package var link: Link {
        switch self {
        case .dashboard: "/"
        case .approvals: "/approvals"
        case .executions: "/executions"
        case .plans: "/recovery-plans"
        case .schedules: "/schedules"
        case .coverage: "/coverage"
        case .campaigns: "/campaigns"
        case .groups: "/protection-groups"
        case .servers: "/servers"
        case .accounts: "/accounts"
        case .notifications: "/notification-targets"
        case .audit: "/audit"
        case .gettingStarted: "/getting-started"
        case .settings: "/settings"
        }
    }

    /// The key that leads there after `g`.
    package var key: String {
        switch self {
        case .dashboard: "d"
        case .approvals: "y"
        case .executions: "e"
        case .plans: "p"
        case .schedules: "c"
        case .coverage: "v"
        case .campaigns: "m"
        case .groups: "g"
        case .servers: "s"
        case .accounts: "a"
        case .notifications: "t"
        case .audit: "l"
        case .gettingStarted: "n"
        case .settings: "o"
        }
    }
}
