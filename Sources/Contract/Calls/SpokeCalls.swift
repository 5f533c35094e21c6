package import Ambient
package import JSON
package import Recovery

extension Contract {
    static let spokes: [CallDescription] = [
        CallDescription(ListSpokes.self), CallDescription(GetSpoke.self), CallDescription(DrainSpoke.self),
    ]
}

/// Lists the spokes that serve accounts in the caller's scope, by name.
package struct ListSpokes: Call {
    package typealias Answer = Page<SpokeView>
    package static let route = Route.get("/spokes", of: .spokes)
    package static let permission: Permission? = .viewResources
    package static let summary = "List spokes"
    package static let parameters: [Parameter] =
        [
            .query("accountId", Shapes.accountId, "Only spokes that serve this account."),
            .query("state", .choice(Spoke.State.self), "Only spokes in this state."),
        ] + Parameter.paging

    package var accountId: AccountNumber?
    package var state: Spoke.State?
    package var limit: Int?
    package var nextToken: String?

    package init(
        accountId: AccountNumber? = nil,
        state: Spoke.State? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.accountId = accountId
        self.state = state
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Shows one spoke.
package struct GetSpoke: Call {
    package typealias Answer = SpokeView
    package static let route = Route.get("/spokes/{spokeId}", of: .spokes)
    package static let permission: Permission? = .viewResources
    package static let summary = "Show a spoke"
    package static let parameters: [Parameter] = [.path("spokeId", Shapes.identifier, "The spoke.")]

    package var spokeId: Identifier<Spoke>

    package init(
        spokeId: Identifier<Spoke>
    ) {
        self.spokeId = spokeId
    }
}

/// Gives a spoke nothing new: it finishes what it has.
package struct DrainSpoke: Call {
    package typealias Answer = SpokeView
    package static let route = Route.post("/spokes/{spokeId}/drain", of: .spokes, answering: .accepted)
    package static let permission: Permission? = .manageAccounts
    package static let summary = "Drain a spoke"
    package static let details = "It finishes what it has and gets nothing new; a new session of it ends the draining."
    package static let parameters: [Parameter] = [.path("spokeId", Shapes.identifier, "The spoke.")]
    package static let bodyShape: Shape? = Shapes.nothing
    package static let isBodyOptional = true

    package var spokeId: Identifier<Spoke>

    package init(
        spokeId: Identifier<Spoke>
    ) {
        self.spokeId = spokeId
    }
}
