internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// How somebody wants the console, who they are to the hub, and where they are signed in.
package struct SettingsPage: ConsolePage {
    package let user: CurrentUser
    package let sessions: [SessionView]

    package init(user: CurrentUser, sessions: [SessionView]) {
        self.user = user
        self.sessions = sessions
    }

    package var title: String { "Settings" }
    package var section: Section? { .settings }

    package func content(for viewer: Viewer) -> HTML {
        "<div class=\"stack narrow\">\(preferences(viewer.preferences))\(identity)\(signedIn(viewer))</div>"
    }

    private func preferences(_ preferences: Preferences) -> HTML {
        Card(
            "Preferences",
            note: "Kept in this browser; each change counts at once.",
            """
            <form class="fields" data-preferences><div class="form-error" role="alert" tabindex="-1"></div>\
            \(Field.radios("theme", "Theme", value: preferences.theme.rawValue, options: [
                ("system", "System", "As the machine has it."), ("light", "Light", "Always light."), ("dark", "Dark", "Always dark."),
            ]))\(Field.radios("density", "Density", value: preferences.density.rawValue, options: [
                ("comfortable", "Comfortable", "Room to read."), ("compact", "Compact", "More rows on a screen."),
            ]))\(Field.radios("zone", "Times", value: preferences.zone.rawValue, options: [
                ("utc", "UTC", "The same for everybody in a run."), ("local", "Local", "As this machine's clock."),
            ]))\(Field.radios("shortcuts", "Single-key shortcuts", value: preferences.hasShortcuts ? "on" : "off", options: [
                ("on", "On", "Press ? for the list."), ("off", "Off", "For speech input and other tools."),
            ]))\(Field.select("rows", "Rows of a list", value: preferences.rows.rawValue, options: Preferences.Rows.allCases.map {
                ($0.rawValue, "\($0.number) on a page")
            }))</form>
            """
        ).html
    }

    private var identity: HTML {
        let grants = user.grants.html { grant in
            "<li>\(grant.role.words) <span class=\"quiet\">in \(Self.words(grant.scope))</span></li>"
        }
        return Card(
            "You",
            KeyValues(
                columns: 2,
                [
                    ("Name", "\(user.name)"), ("Subject", "<span class=\"code\">\(user.subject)</span>"),
                    ("Roles", "<ul>\(grants)</ul>"), ("Groups", "\(user.groups.joined(separator: ", "))"),
                    ("Permissions", user.permissions.html { "<span class=\"badge\">\($0.rawValue)</span> " }),
                ]
            ).html
        ).html
    }

    private func signedIn(_ viewer: Viewer) -> HTML {
        let rows = sessions.map { session -> Table.Row in
            let end: HTML =
                session.isCurrent
                ? "This one"
                : """
                <button type="button" class="button small danger" data-opens="revoke" \
                data-path="\(Action(RevokeSession.self, [session.sessionId.description]).path)" \
                data-subject="\(session.userAgent ?? session.sourceAddress)">End</button>
                """
            return Table.Row([
                "\(session.sourceAddress)<span class=\"quiet detail\">\(session.userAgent)</span>",
                Times.moment(session.createdAt), Times.ago(session.lastSeenAt, at: viewer.now),
                Times.moment(session.endsAt), end,
            ])
        }
        return Card(
            "Sessions",
            count: rows.isEmpty ? nil : "\(rows.count)",
            note: "Where you are signed in by a browser.",
            rows.isEmpty
                ? Empty("No sessions", "You came with a token, which is no browser's session.").html
                : Table(
                    "Sessions",
                    columns: [.init("From"), .init("Since"), .init("Last seen"), .init("Ends"), .init("End")],
                    rows: rows
                ).html
        ).html
            + Dialog(
                "revoke",
                "End a session",
                """
                <p>Whoever uses <strong data-subject></strong> is signed out at once.</p>\(CallForm(
                    Action(RevokeSession.self, ["-"]),
                    submit: "End session",
                    .danger,
                    done: "The session is ended."
                ).html)
                """
            ).html
    }

    private static func words(_ scope: CurrentUser.Scope) -> String {
        if scope.allAccounts { return "all accounts" }
        return scope.accountIds.isEmpty ? "no account" : scope.accountIds.map(\.rawValue).joined(separator: ", ")
    }
}
