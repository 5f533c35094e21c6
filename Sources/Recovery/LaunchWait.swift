/// What a queued launch waits for, with its figures.
package struct LaunchWait: Sendable, Hashable {
    /// What kind of thing ends the wait; the journal speaks when it changes, not at every look.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Room under DRS's quotas.
        case quota = "QUOTA"
        /// Something else that uses a server of it.
        case conflict = "CONFLICT"
        /// AWS, or a spoke's way to it, for any other reason.
        case aws = "AWS"
    }

    /// Labels of ours, beside AWS's codes.
    package enum Reason: String, Sendable, CaseIterable {
        case concurrentJobs = "CONCURRENT_JOBS"
        case serversInJobs = "SERVERS_IN_JOBS"
        case recoveryFirst = "RECOVERY_FIRST"
        case othersFirst = "OTHERS_FIRST"
        case nativePlan = "NATIVE_PLAN"
    }

    /// A quota in numbers: how much of it is in use, by whom, and how much this launch needs.
    package struct Use: Sendable, Hashable {
        package var limit: Int
        package var byOthers: Int
        /// By the same execution.
        package var byThis: Int
        package var needed: Int

        package init(limit: Int, byOthers: Int, byThis: Int, needed: Int) {
            self.limit = limit
            self.byOthers = byOthers
            self.byThis = byThis
            self.needed = needed
        }
    }

    package var kind: Kind
    /// `Reason`, or AWS's code.
    package var code: String
    /// For a person, one line: `queued: 17 of 20 jobs in use by others`.
    package var text: String
    package var use: Use?

    package init(_ kind: Kind, code: String, text: String, use: Use? = nil) {
        self.kind = kind
        self.code = code
        self.text = text
        self.use = use
    }

    /// What DRS said when it did not take a job, or a spoke when it could not ask.
    package init(refusedWith code: String, _ text: String) {
        let kind: Kind =
            switch code {
            case "ServiceQuotaExceededException": .quota
            case "ConflictException": .conflict
            default: .aws
            }
        self.init(kind, code: code, text: text)
    }

    /// Something that uses servers of the launch.
    package init(for conflict: Conflict) {
        let servers = conflict.serverIds.prefix(3).map(\.rawValue).joined(separator: ", ")
        let more = conflict.serverIds.count > 3 ? " and \(conflict.serverIds.count - 3) more" : ""
        self.init(
            .conflict,
            code: conflict.kind.rawValue,
            text: "queued: \(conflict), which is \(conflict.status), uses \(servers)\(more)"
        )
    }
}

extension LaunchWait {
    static func jobs(_ use: Use) -> LaunchWait {
        LaunchWait(.quota, code: Reason.concurrentJobs.rawValue, text: "queued: \(use.words("jobs"))", use: use)
    }

    static func servers(_ use: Use) -> LaunchWait {
        let text = "queued: \(use.words("servers")); this job needs \(use.needed)"
        return LaunchWait(.quota, code: Reason.serversInJobs.rawValue, text: text, use: use)
    }

    static let recoveryFirst = LaunchWait(
        .quota,
        code: Reason.recoveryFirst.rawValue,
        text: "queued: a recovery waits for room and goes before drills"
    )
    static let othersFirst = LaunchWait(
        .quota,
        code: Reason.othersFirst.rawValue,
        text: "queued: another job waits for room, and it is that one's turn"
    )
}

extension LaunchWait.Use {
    /// `17 of 20 jobs in use by others, 3 by this execution`.
    fileprivate func words(_ noun: String) -> String {
        switch (byOthers, byThis) {
        case (0, _): "\(byThis) of \(limit) \(noun) in use by this execution"
        case (_, 0): "\(byOthers) of \(limit) \(noun) in use by others"
        case (_, _): "\(byOthers) of \(limit) \(noun) in use by others, \(byThis) by this execution"
        }
    }
}
