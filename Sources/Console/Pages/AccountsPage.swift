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

/// One account: who serves it, what it may still do, how its role is set up.
package struct AccountPage: ConsolePage {
    package let account: AccountView
    package let spokes: [SpokeView]
    package let quotas: [QuotaUse]
    package let places: [RegionView]

    package init(account: AccountView, spokes: [SpokeView], quotas: [QuotaUse], places: [RegionView]) {
        self.account = account
        self.spokes = spokes
        self.quotas = quotas
        self.places = places
    }

    package var title: String { account.accountName }
    package var section: Section? { .accounts }
    package var trail: [Crumb] { [Crumb("Accounts", "/accounts")] }

    package func heading(for viewer: Viewer) -> HTML {
        let why = viewer.may(UpdateAccount.permission) ? nil : "This needs the permission ManageAccounts."
        let servers: Link = "/servers"
        return Heading(
            title,
            badges: AccountStanding(account.accountId, spokes).html,
            note: "\(account.accountId.rawValue)",
            actions: """
                \(Button("Servers", link: servers.with([("accountId", account.accountId.rawValue)])).html)\
                \(Button("Edit", opens: "edit", disabledBecause: why).html)\
                \(Button("Remove", .danger, opens: "remove", disabledBecause: why).html)
                """
        ).html
    }

    package func content(for viewer: Viewer) -> HTML {
        """
        \(Card("Summary", KeyValues([
            ("Regions", "\(account.regions.map(\.rawValue).joined(separator: ", "))"),
            ("Owner", "\(account.owner ?? "-")"),
            ("Roles that may serve it", account.spokePrincipals.map { "<span class=\"code\">\($0)</span>" as HTML }.joined(by: "<br>")),
            ("Spokes", spokes.isEmpty ? "None" : spokes.map { "\($0.name) \(Status($0.state).html)" as HTML }.joined(by: "<br>")),
        ]).html).html)\(capacity(viewer))\(setUp)\(if: viewer.may(UpdateAccount.permission), dialogs)
        """
    }

    private func capacity(_ viewer: Viewer) -> HTML {
        let rows = places.flatMap { place in
            place.accounts.filter { $0.accountId == account.accountId }.map { state -> Table.Row in
                let use = quotas.first { $0.region == place.region }
                let standing: HTML =
                    state.initialized.map {
                        ($0 ? Status(.success, "Initialised") : Status(.stopped, "Not initialised")).html
                    }
                    ?? Status(.pending, "Not looked yet").html
                return Table.Row([
                    "\(place.region.rawValue)", standing, measure(use?.concurrentJobs), measure(use?.serversInJobs),
                    measure(use?.replicatingServers), measure(use?.totalServers),
                    state.syncedAt.map { Times.ago($0, at: viewer.now) } ?? "-",
                ])
            }
        }
        return Card(
            "Regions and quotas",
            rows.isEmpty
                ? Empty("Nothing known yet", "A spoke reads Regions and quotas when it connects.").html
                : Table(
                    "Regions",
                    columns: [
                        .init("Region"), .init("DRS"), .init("Jobs", .end), .init("Servers in jobs", .end),
                        .init("Replicating", .end), .init("Servers", .end), .init("Inventory read"),
                    ],
                    rows: rows
                ).html
        ).html
    }

    private func measure(_ measure: QuotaUse.Measure?) -> HTML {
        measure.map { "<span class=\"id\">\($0.used) of \($0.limit)</span>" } ?? "-"
    }

    private var setUp: HTML {
        guard let external = account.externalId else { return .empty }
        return Card(
            "Set up the role and the spoke",
            """
            <ol class="steps"><li><div class="what"><h3>Make the role in the account</h3><p>Apply \
            <code>Deploy/CloudFormation/spoke.yaml</code> in \(account.accountId.rawValue) with this external ID:</p>\
            <div class="actions"><code>\(external)</code><button type="button" class="button small" data-copy="\(external)">Copy</button></div></div></li>\
            <li><div class="what"><h3>Name the account in the spoke's configuration</h3><pre tabindex="0">accounts:
              - accountId: "\(account.accountId.rawValue)"
                roleArn: arn:aws:iam::\(account.accountId.rawValue):role/MusterRecovery
                externalId: \(external)</pre></div></li>\
            <li><div class="what"><h3>Check what the role may do</h3><p>Each Region's spoke tries every call that a recovery needs.</p>\
            \(CallForm(Action(ValidateAccount.self, [account.accountId.rawValue]), submit: "Check permissions", .ordinary, done: "The check is done.", isInDialog: false).html)</div></li></ol>
            """
        ).html
    }

    private var dialogs: HTML {
        Dialog(
            "edit",
            "Edit account",
            CallForm(
                Action(UpdateAccount.self, [account.accountId.rawValue]),
                submit: "Save",
                then: "/accounts/{accountId}",
                done: "The account is saved.",
                revision: account.revision,
                fields: AccountFields(account: account).html
            ).html
        ).html
            + Dialog(
                "remove",
                "Remove account",
                """
                <p><strong>\(account.accountName)</strong> is no longer protected: its spokes lose it, its servers leave the \
                inventory.</p>\(Alert(.warning, "Nothing in AWS is changed, but nothing there can be recovered by Muster.").html)\
                \(CallForm(
                    Action(DeleteAccount.self, [account.accountId.rawValue]),
                    submit: "Remove",
                    .danger,
                    then: "/accounts",
                    done: "The account is removed.",
                    revision: account.revision,
                    typed: account.accountName,
                    fields: Field.text("confirm", "Type the account's name to confirm", as: .none, hint: account.accountName, isRequired: true)
                ).html)
                """
            ).html
    }
}
