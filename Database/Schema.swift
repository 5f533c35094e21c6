package import PostgreSQL

/// The schema of Muster's database: its migrations and what the hub's role may do, embedded in the program.
///
/// A migration is a file `Migrations/MNNNN-sentence.sql`; it is never changed once it was released, and its line is added
/// to `migrations` below. `Schema.sql` is the result of all of them, for reading; a test compares both.
package enum Schema {
    /// Every migration, in the order in which they are applied.
    package static let migrations: [Migration] = [
        Migration("M0001-accounts-spokes-inventory", PackageResources.M0001_accounts_spokes_inventory_sql),
        Migration("M0002-groups-and-plans", PackageResources.M0002_groups_and_plans_sql),
        Migration("M0003-executions", PackageResources.M0003_executions_sql),
        Migration("M0004-requests-and-audit", PackageResources.M0004_requests_and_audit_sql),
        Migration("M0005-native-recovery-plans", PackageResources.M0005_native_recovery_plans_sql),
        Migration("M0006-role-bindings-and-seals", PackageResources.M0006_role_bindings_and_seals_sql),
        Migration("M0007-readiness", PackageResources.M0007_readiness_sql),
        Migration("M0008-waits-and-recovery-points", PackageResources.M0008_waits_and_recovery_points_sql),
        Migration("M0009-browser-sessions", PackageResources.M0009_browser_sessions_sql),
        Migration("M0010-spokes-lost-and-ends", PackageResources.M0010_spokes_lost_and_ends_sql),
        Migration("M0011-barred-commands", PackageResources.M0011_barred_commands_sql),
        Migration("M0012-wall-links", PackageResources.M0012_wall_links_sql),
        Migration("M0013-schedules", PackageResources.M0013_schedules_sql),
        Migration("M0014-servers-by-hostname", PackageResources.M0014_servers_by_hostname_sql),
        Migration("M0015-drill-reports", PackageResources.M0015_drill_reports_sql),
        Migration("M0016-traces", PackageResources.M0016_traces_sql),
        Migration("M0017-notifications", PackageResources.M0017_notifications_sql),
        Migration("M0018-orphans", PackageResources.M0018_orphans_sql),
        Migration("M0019-campaigns", PackageResources.M0019_campaigns_sql),
    ]

    /// What the owner runs after the migrations, every time: the rights of the role `muster_hub`, where there is one.
    package static let roles = String(decoding: PackageResources.Roles_sql, as: UTF8.self)
}

extension Migration {
    fileprivate init(_ name: String, _ text: [UInt8]) {
        self.init(name: name, sql: String(decoding: text, as: UTF8.self))
    }
}
