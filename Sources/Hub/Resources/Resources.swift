package import Conductor
internal import Contract
package import PostgreSQL
internal import Recovery

/// What the calls about accounts, spokes, protection groups, the inventory and recovery plans do.
///
/// One file a noun. Each first asks whether the caller's scope covers the object, then lets the database decide, and at
/// last tells the audit what it changed.
package struct Resources: Sendable {
    let pool: Pool
    let conductor: Conductor

    package init(pool: Pool, conductor: Conductor) {
        self.pool = pool
        self.conductor = conductor
    }

    /// Binds every call of these nouns.
    package func bind(to calls: inout Bindings) {
        bindAccounts(to: &calls)
        bindSpokes(to: &calls)
        bindProtectionGroups(to: &calls)
        bindInventory(to: &calls)
        bindRecoveryPlans(to: &calls)
        bindDashboard(to: &calls)
    }
}
