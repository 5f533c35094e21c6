package import Ambient
internal import Contract
package import Recovery

/// Who looks at a page, and how they want to see it.
package struct Viewer: Sendable, Hashable {
    package var name: String
    package var roles: [Role]
    package var permissions: Set<Permission>
    package var preferences: Preferences
    /// When the page was made.
    package var now: Instant
    /// Executions that have not ended, for the top bar.
    package var activeExecutions: Int
    /// What waits for a person, for the navigation.
    package var needsYou: Int
    /// Seconds after which their session ends if they do nothing; nil where it has no such end.
    package var idleSeconds: Int?

    package init(
        name: String,
        roles: [Role],
        permissions: Set<Permission>,
        preferences: Preferences = Preferences(),
        now: Instant,
        activeExecutions: Int = 0,
        needsYou: Int = 0
    ) {
        self.name = name
        self.roles = roles
        self.permissions = permissions
        self.preferences = preferences
        self.now = now
        self.activeExecutions = activeExecutions
        self.needsYou = needsYou
    }

    /// Whether they may make a call of the API; nil: everybody who is signed in may.
    package func may(_ permission: Permission?) -> Bool {
        permission.map(permissions.contains) ?? true
    }
}

/// How somebody wants the console to look and behave; kept in a cookie, so that the first byte has it already.
package struct Preferences: Sendable, Hashable {
    package enum Theme: String, Sendable, CaseIterable {
        case system, light, dark
    }

    package enum Density: String, Sendable, CaseIterable {
        case comfortable, compact
    }

    package enum Zone: String, Sendable, CaseIterable {
        case utc, local
    }

    /// Rows of a page of a list.
    package enum Rows: String, Sendable, CaseIterable {
        case few = "25"
        case usual = "50"
        case many = "100"
        case most = "200"

        package var number: Int {
            switch self {
            case .few: 25
            case .usual: 50
            case .many: 100
            case .most: 200
            }
        }
    }

    package var theme: Theme
    package var density: Density
    package var zone: Zone
    /// Whether single keys do something (WCAG 2.1.4 asks that they can be turned off).
    package var hasShortcuts: Bool
    package var rows: Rows
    /// Columns that are not shown, as `table~column`.
    package private(set) var hiddenColumns: Set<String> = []
    /// Views of lists; they have a cookie of their own.
    package var views: [SavedView] = []

    package init(
        theme: Theme = .system,
        density: Density = .comfortable,
        zone: Zone = .utc,
        hasShortcuts: Bool = true,
        rows: Rows = .usual
    ) {
        self.theme = theme
        self.density = density
        self.zone = zone
        self.hasShortcuts = hasShortcuts
        self.rows = rows
    }

    /// The cookie that keeps them.
    package static let cookie = "muster_preferences"

    /// Reads the cookie's value; whatever it does not say is the default.
    package init(cookie value: String?) {
        self.init()
        for word in (value ?? "").split(separator: ".").map(String.init) {
            if let theme = Theme(rawValue: word) { self.theme = theme }
            if let density = Density(rawValue: word) { self.density = density }
            if let zone = Zone(rawValue: word) { self.zone = zone }
            if let rows = Rows(rawValue: word) { self.rows = rows }
            if word == "quiet" { hasShortcuts = false }
            if let column = Self.column(in: word) { hiddenColumns.insert(column) }
        }
    }

    /// Columns that one table hides.
    func hidden(in table: String) -> Set<String> {
        Set(hiddenColumns.filter { $0.hasPrefix("\(table)~") }.map { String($0.dropFirst(table.count + 1)) })
    }

    /// Hides these columns of a table and no others of it; false where a name is none.
    package mutating func hide(_ columns: [String], in table: String) -> Bool {
        let names = columns.map { "\(table)~\($0)" }
        guard (names + ["\(table)~a"]).allSatisfy({ Self.column(in: "no~\($0)") != nil }) else { return false }
        let kept = hiddenColumns.filter { !$0.hasPrefix("\(table)~") }.union(names)
        guard kept.count <= Self.mostHidden else { return false }
        hiddenColumns = kept
        return true
    }

    /// Hidden columns that are remembered: all of all tables.
    private static let mostHidden = 60
    /// Letters of a table's or column's name.
    private static let longestName = 24

    /// `no~servers~lag` hides the column `lag` of the table `servers`.
    private static func column(in word: String) -> String? {
        let parts = word.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "no",
            parts.dropFirst().allSatisfy({ part in
                (1...longestName).contains(part.count) && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
            })
        else { return nil }
        return "\(parts[1])~\(parts[2])"
    }

    /// The cookie's value.
    package var cookieValue: String {
        let words = [theme.rawValue, density.rawValue, zone.rawValue, rows.rawValue] + (hasShortcuts ? [] : ["quiet"])
        return (words + hiddenColumns.sorted().map { "no~\($0)" }).joined(separator: ".")
    }
}
