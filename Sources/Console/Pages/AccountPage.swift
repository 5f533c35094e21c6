internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// One account: who serves it, what it may still do, how its role is set up.
package struct AccountPage: ConsolePage {
    package let account: AccountView
    package let spokes: [SpokeView]
    package let quotas: [QuotaUse]
    package let places: [RegionView]
    /// What its roles may do, where somebody asked for that.
    package let access: AccountValidation?

    package init(
        account: AccountView,
        spokes: [SpokeView],
        quotas: [QuotaUse],
        places: [RegionView],
        access: AccountValidation? = nil
    ) {
        self.access = access
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
        \(Staleness.inventory(of: quotas, at: viewer.now).html(at: viewer.now))\
        \(Card("Summary", KeyValues([
            ("Regions", "\(account.regions.map(\.rawValue).joined(separator: ", "))"),
            ("Owner", "\(account.owner ?? "-")"),
            ("Roles that may serve it", account.spokePrincipals.map { "<span class=\"code\">\($0)</span>" as HTML }.joined(by: "<br>")),
            ("Spokes", spokes.isEmpty ? "None" : spokes.map { "\($0.name) \(Status($0.state).html)" as HTML }.joined(by: "<br>")),
        ]).html).html)\(access.map { AccessResults($0).html })\(capacity(viewer))\(setUp(viewer))\(if: viewer.may(UpdateAccount.permission), dialogs)
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

    private func setUp(_ viewer: Viewer) -> HTML {
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
            \(if: viewer.may(ValidateAccount.permission), """
                <form action="\(Link.account(account.accountId))" method="get" data-native><input type="hidden" name="access" value="check">\
                <button class="button">Check permissions</button></form>
                """)</div></li></ol>
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
