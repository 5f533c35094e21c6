internal import JSON
package import Recovery

extension Contract {
    static let orphans: [CallDescription] = [
        CallDescription(ListOrphans.self), CallDescription(TerminateOrphan.self),
    ]
}

/// Lists drill instances that no execution owns.
package struct ListOrphans: Call {
    package typealias Answer = Page<OrphanView>
    package static let route = Route.get("/orphans", of: .inventory)
    package static let permission: Permission? = .viewResources
    package static let summary = "List drill instances that no execution owns"
    package static let details = """
        Over all accounts, from the inventory that spokes send every minute: what was launched as a drill in DRS's own \
        console, by another hub, or by an execution that was hidden since. Nothing terminates them by itself. The cost is \
        an estimate: the hours since the launch by the price of the instance's type.
        """
    package static let parameters: [Parameter] =
        [
            .query("accountId", Shapes.accountId, "Only of this account."),
            .query("region", Shapes.region, "Only of this Region."),
        ] + Parameter.paging

    package var accountId: AccountNumber?
    package var region: Region?
    package var limit: Int?
    package var nextToken: String?

    package init(
        accountId: AccountNumber? = nil,
        region: Region? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.accountId = accountId
        self.region = region
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Terminates a drill instance that no execution owns.
package struct TerminateOrphan: Call {
    package typealias Answer = OrphanView
    package static let route = Route.post(
        "/orphans/{recoveryInstanceId}/terminate",
        of: .inventory,
        answering: .accepted
    )
    package static let permission: Permission? = .terminateInstances
    package static let summary = "Terminate a drill instance that no execution owns"
    package static let details =
        "A spoke of its account does it; the orphan is gone from the list with the next inventory."
    package static let parameters = [
        Parameter.path("recoveryInstanceId", Shapes.recoveryInstanceId, "The recovery instance.")
    ]

    package var recoveryInstanceId: String

    package init(recoveryInstanceId: String) {
        self.recoveryInstanceId = recoveryInstanceId
    }
}
