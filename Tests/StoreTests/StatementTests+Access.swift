internal import Ambient
internal import Audit
internal import PostgreSQL
internal import Recovery
internal import Store
internal import TestKit

extension RoleBinding {
    fileprivate static let sample = RoleBinding(
        bindingId: .sample(1),
        kind: .group,
        name: "Night shift",
        role: .recoveryOperator,
        accounts: [Place.sample().accountId],
        description: "",
        createdDate: .sample,
        lastModifiedDate: .sample,
        createdBy: "ada",
        revision: 1
    )
}

extension Examined {
    private static let scope: [AccountNumber]? = [Place.sample().accountId]

    static let bindings: [Examined] = [
        Examined("bindings", RoleBinding.list(RoleBinding.Filter(scope: scope), after: nil, limit: 1), scans: true),
        Examined(
            "bindings after one",
            RoleBinding.list(RoleBinding.Filter(kind: .group, text: "a"), after: ("a", .sample(1)), limit: 1)
        ),
        Examined("bindings all", RoleBinding.all, scans: true),
        Examined("binding", RoleBinding.find(.sample(1), within: scope)),
        Examined("binding lock", RoleBinding.lock(.sample(1))),
        Examined("binding insert", RoleBinding.sample.insert),
        Examined("binding update", RoleBinding.sample.update),
        Examined("binding delete", RoleBinding.delete(.sample(1))),
        Examined("binding accounts", RoleBinding.unknown(among: [Place.sample().accountId])),
    ]

    static let audit: [Examined] = [
        Examined(
            "audit insert",
            AuditEvent(eventId: .sample(1), at: .sample, principal: "ada", action: "CreateAccount").insert
        )
    ]
}
