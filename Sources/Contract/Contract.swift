/// Every call of the REST API in one list, which binding, description and tests walk.
package enum Contract {
    package static let calls: [CallDescription] =
        accounts + spokes + users + dashboard + sessions + roleBindings + audit + protectionGroups + inventory
        + recoveryPlans + schedules + executions + executionActions + executionRepairs + executionTrail + wallLinks
        + reports + findings + coverage + diagnosis + notifications + orphans + campaigns
        + campaignReports
}
