package import Contract
package import Hypertext
internal import Recovery

/// The accounts that Muster protects, and who serves them.
package struct AccountsPage: ConsolePage {
    package let accounts: [AccountView]
    package let spokes: [SpokeView]
    package let query: ListQuery

    package init(
        accounts: [AccountView],
        spokes: [SpokeView],
        query: ListQuery = ListQuery("/accounts", sort: "accountName")
    ) {
        self.accounts = accounts
        self.spokes = spokes
        self.query = query
    }

    package var title: String { "Accounts" }
    package var section: Section? { .accounts }

    package func heading(for viewer: Viewer) -> HTML {
        Heading(
            title,
            count: query.count(accounts.count),
            note: "AWS accounts, each served by a spoke that calls AWS for the hub.",
            actions: Button(
                "Register account",
                .primary,
                opens: "register",
                icon: "plus",
                disabledBecause: viewer.may(CreateAccount.permission)
                    ? nil : "This needs the permission ManageAccounts."
            ).html
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        let list: HTML =
            accounts.isEmpty
            ? (query.isNarrowed
                ? Empty.noMatch("/accounts").html
                : Empty("No accounts", "Register the account whose servers DRS replicates, then start a spoke for it.")
                    .html)
            : Table(
                title,
                columns: [
                    .init("Account", sort: "accountName"), .init("Number", sort: "accountId"), .init("Spoke"),
                    .init("Regions"), .init("Owner"),
                ],
                rows: accounts.map { row($0, viewer) },
                sorting: query.sorting
            ).html
        return """
            <section class="card" aria-label="List">\(Filter("/accounts", search: ("Find accounts", query.text), kept: [("sort", query.keptSort)]).html)\
            \(list)\(query.pagination(accounts.count))</section>\(agents(viewer))\(if: viewer.may(CreateAccount.permission), register)
            """
    }

    private func row(_ account: AccountView, _ viewer: Viewer) -> Table.Row {
        Table.Row([
            "<a href=\"\(Link.account(account.accountId))\" data-row-link>\(account.accountName)</a>",
            "<span class=\"id\">\(account.accountId.rawValue)</span>",
            AccountStanding(account.accountId, spokes).html,
            "\(account.regions.map(\.rawValue).joined(separator: ", "))", "\(account.owner ?? "-")",
        ])
    }

    private func agents(_ viewer: Viewer) -> HTML {
        Card(
            "Spokes",
            count: "\(spokes.count)",
            spokes.isEmpty
                ? Empty(
                    "No spoke has ever connected",
                    "Start one with the account's external ID; see the guide of the account."
                ).html
                : Table(
                    "Spokes",
                    columns: [
                        .init("Spoke"), .init("State"), .init("Accounts"), .init("Principal"), .init("Last seen", .end),
                    ],
                    rows: spokes.map { spoke in
                        Table.Row([
                            "\(spoke.name)<span class=\"quiet detail\">\(spoke.version)</span>",
                            Status(spoke.state).html,
                            spoke.accounts.map {
                                "<a class=\"id\" href=\"\(Link.account($0.accountId))\">\($0.accountId.rawValue)</a>"
                                    as HTML
                            }.joined(by: ", "),
                            "<span class=\"code\">\(spoke.principal)</span>",
                            Times.ago(spoke.lastSeenAt, at: viewer.now),
                        ])
                    }
                ).html
        ).html
    }

    private var register: HTML {
        Dialog(
            "register",
            "Register account",
            CallForm(
                Action(CreateAccount.self),
                submit: "Register",
                then: "/accounts/{accountId}",
                done: "The account is registered. Set up its role and spoke next.",
                fields: AccountFields(account: nil).html
            ).html
        ).html
    }
}

/// Whether somebody serves an account now.
struct AccountStanding: Sendable {
    let account: AccountNumber
    let spokes: [SpokeView]

    init(_ account: AccountNumber, _ spokes: [SpokeView]) {
        self.account = account
        self.spokes = spokes
    }

    var html: HTML {
        let own = spokes.filter { $0.accounts.contains { $0.accountId == account } }
        if own.contains(where: { $0.state == .connected }) { return Status(.success, "Connected").html }
        if own.contains(where: { $0.state == .draining }) { return Status(.warning, "Draining").html }
        return own.isEmpty ? Status(.pending, "Never connected").html : Status(.error, "Lost").html
    }
}

/// The fields of an account.
struct AccountFields: Sendable {
    let account: AccountView?

    var html: HTML {
        """
        <div class="fields">\(if: account == nil, Field.text("accountId", "Account number", hint: "12 digits.", isRequired: true, maximum: 12, pattern: "[0-9]{12}"))\
        \(Field.text("accountName", "Name", value: account?.accountName, isRequired: true))\
        \(Field.area("regions", "Regions", value: account?.regions.map(\.rawValue).joined(separator: "\n"), as: .lines, hint: "One a line, such as us-east-1.", isRequired: true))\
        \(Field.area("spokePrincipals", "Roles that may serve it", value: account?.spokePrincipals.joined(separator: "\n"), as: .lines, hint: "Role ARNs, one a line: a spoke that proves to hold one of them may serve this account.", isRequired: true))\
        \(Field.text("owner", "Owner", value: account?.owner, as: .optional))</div>
        """
    }
}
