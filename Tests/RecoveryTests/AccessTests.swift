import Ambient
import Recovery
import TestKit
import Testing

@Suite struct `What somebody may do` {
    private let here = Place.sample(0).accountId
    private let there = Place.sample(1).accountId

    private func binding(
        _ kind: RoleBinding.Kind,
        _ name: String,
        _ role: Role,
        _ accounts: [AccountNumber]?
    ) -> RoleBinding {
        RoleBinding(
            bindingId: .sample(1),
            kind: kind,
            name: name,
            role: role,
            accounts: accounts,
            description: "",
            createdDate: .sample,
            lastModifiedDate: .sample,
            createdBy: "ada",
            revision: 1
        )
    }

    @Test func `is what the table says while nothing is bound`() {
        for role in Role.allCases {
            let access = Access(of: Standing(principal: "a@b", groups: [role.rawValue, "others"]), under: [])
            #expect(access.grants == [role: .all])
            #expect(access.permissions == role.permissions)
        }
        #expect(Access(of: Standing(principal: "a@b", groups: ["others"]), under: []) == .none)
        #expect(Access(of: Standing(principal: "a@b", clientScopes: ["muster/read"]), under: []).roles == [.readOnly])
    }

    @Test func `is the union of what every name gives`() {
        let bindings = [
            binding(.group, "DRSReadOnly", .readOnly, [here]), binding(.subject, "a@b", .readOnly, [there]),
            binding(.group, "g", .recoveryManager, [here]), binding(.group, "others", .admin, nil),
        ]
        let access = Access(of: Standing(principal: "a@b", groups: ["DRSReadOnly", "g"]), under: bindings)
        #expect(access.view == .accounts([here, there]))
        #expect(access.scope(of: .manageExecution) == .accounts([here]))
        #expect(access.scope(of: .manageAccounts) == .none)
        #expect(!access.may(.manageAccounts))
    }

    @Test func `by name of one kind is not by the same name of another`() {
        let bindings = [binding(.group, "a@b", .admin, nil), binding(.clientScope, "g", .admin, nil)]
        #expect(Access(of: Standing(principal: "a@b", groups: ["g"]), under: bindings) == .none)
    }

    @Test func `that the hub gives by itself no binding takes away`() {
        let standing = Standing(principal: "a@b", groups: ["DRSOrchestrationAdmin"], ownRoles: [.admin])
        let bindings = [binding(.group, "DRSOrchestrationAdmin", .readOnly, [here])]
        #expect(Access(of: standing, under: bindings).scope(of: .manageAccounts) == .all)
    }
}
