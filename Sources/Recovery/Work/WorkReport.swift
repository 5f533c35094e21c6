/// What a spoke says of a launch or a termination: the part of its reports that decides anything.
package enum WorkReport: Sendable, Hashable {
    /// DRS has the job: started now, or found by its tag.
    case jobAccepted(jobId: String)
    /// DRS said no for now.
    case deferred(Problem)
    case servers([ServerReport])
    /// DRS shows the job COMPLETED and its log is stored.
    case jobEnded
    case instances([InstanceReport])
    /// Nothing more comes.
    case done
    /// It cannot be done, and trying again would not help; nothing more comes.
    case failed(Problem)

    package struct Problem: Sendable, Hashable {
        package var code: String
        package var text: String
        /// The call may have been performed all the same.
        package var isUnclear: Bool
        /// It was looked for, and there is none: what was unclear before is clear.
        package var isSettled: Bool { code == Self.notStarted }
        /// The code of a launch that was to be looked for only, and of which there is no job.
        package static let notStarted = "NOT_STARTED"
        /// What AWS asked for with Retry-After.
        package var retryAfterSeconds: Int?

        package init(code: String, text: String, isUnclear: Bool = false, retryAfterSeconds: Int? = nil) {
            self.code = code
            self.text = text
            self.isUnclear = isUnclear
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// What becomes of the command.
    package enum Fate: Sendable, Hashable {
        /// The spoke goes on with it.
        case goesOn
        /// It waits for capacity again.
        case waits(Problem)
        case done
        case failed(Problem)
    }

    /// What a report means: for the execution, and for the command with that deterministic key.
    package func meaning(forKey key: String, isLaunch: Bool) -> (event: Execution.Event, fate: Fate) {
        let job = JobKey(key)
        switch self {
        case .jobAccepted(let jobId): return (.jobAccepted(job, jobId: jobId), .goesOn)
        case .deferred(let problem):
            return (.launchDeferred(job, code: problem.code, text: problem.text), .waits(problem))
        case .servers(let servers): return (.serversReported(job, servers), .goesOn)
        case .jobEnded: return (.jobEnded(job), .goesOn)
        case .instances(let instances): return (.instancesReported(instances), .goesOn)
        case .done: return (isLaunch ? .jobEnded(job) : .terminationEnded(key: key, problem: nil), .done)
        case .failed(let problem):
            let said = "\(problem.code): \(problem.text)"
            return (
                isLaunch
                    ? .launchRefused(job, code: problem.code, text: problem.text)
                    : .terminationEnded(key: key, problem: said),
                .failed(problem)
            )
        }
    }
}
