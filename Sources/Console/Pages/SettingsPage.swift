package import Contract
package import Hypertext
internal import Recovery

/// How somebody wants the console, who they are to the hub, and where they are signed in.
package struct SettingsPage: ConsolePage {
    package let user: CurrentUser

    package init(user: CurrentUser) {
        self.user = user
    }

    package var title: String { "Settings" }
    package var section: Section? { .settings }

    package func content(for viewer: Viewer) -> HTML {
        "<div class=\"stack narrow\">\(preferences(viewer.preferences))\(identity)</div>"
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
            ]))</form>
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

    private static func words(_ scope: CurrentUser.Scope) -> String {
        if scope.allAccounts { return "all accounts" }
        return scope.accountIds.isEmpty ? "no account" : scope.accountIds.map(\.rawValue).joined(separator: ", ")
    }
}
