package import Recovery

extension Contract {
    static let executionTrail: [CallDescription] = [
        CallDescription(ListJobLogs.self), CallDescription(ListExecutionEvents.self),
    ]
}

/// Lists the events of all DRS jobs of an execution, oldest first.
package struct ListJobLogs: Call {
    package typealias Answer = Page<JobLogView>
    package static let route = Route.get("/executions/{executionId}/job-logs", of: .executions)
    package static let permission: Permission? = .viewResources
    package static let summary = "List an execution's job log"
    package static let parameters =
        [
            Parameter.execution,
            .query("sourceServerId", Shapes.serverId, "Only events that DRS logged of this server."),
        ] + Parameter.paging

    package var executionId: Execution.ID
    package var sourceServerId: SourceServerID?
    package var limit: Int?
    package var nextToken: String?

    package init(
        executionId: Execution.ID,
        sourceServerId: SourceServerID? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.executionId = executionId
        self.sourceServerId = sourceServerId
        self.limit = limit
        self.nextToken = nextToken
    }
}

/// Lists an execution's journal, oldest first, or streams it.
package struct ListExecutionEvents: Call {
    package typealias Answer = Page<JournalView>
    package static let route = Route.get("/executions/{executionId}/events", of: .executions)
    package static let permission: Permission? = .viewResources
    package static let summary = "List an execution's journal"
    package static let details = """
        With Accept: text/event-stream a live stream, each event under its sequence number as id, that resumes after \
        Last-Event-ID and ends when the execution and its clean-up have ended; it leaves nothing out.
        """
    package static let parameters =
        [
            Parameter.execution,
            .query("after", Shapes.sequence, "Only events after this sequence number.", as: .integer),
            .query("last", Shapes.pageSize, "Only the last so many events.", as: .integer),
            .query("waveNumber", Shapes.waveNumber, "Only events of this wave.", as: .integer),
            .query("sourceServerId", Shapes.serverId, "Only events about this server."),
            .query("problems", Shapes.flag, "true: only what failed, was refused or took too long.", as: .flag),
        ] + Parameter.paging
    package static let otherTypes = ["text/event-stream"]

    package var executionId: Execution.ID
    package var after: Int?
    package var last: Int?
    package var waveNumber: Int?
    package var sourceServerId: SourceServerID?
    package var problems: Bool?
    package var limit: Int?
    package var nextToken: String?

    package init(
        executionId: Execution.ID,
        after: Int? = nil,
        last: Int? = nil,
        waveNumber: Int? = nil,
        sourceServerId: SourceServerID? = nil,
        problems: Bool? = nil,
        limit: Int? = nil,
        nextToken: String? = nil
    ) {
        self.executionId = executionId
        self.after = after
        self.last = last
        self.waveNumber = waveNumber
        self.sourceServerId = sourceServerId
        self.problems = problems
        self.limit = limit
        self.nextToken = nextToken
    }
}
