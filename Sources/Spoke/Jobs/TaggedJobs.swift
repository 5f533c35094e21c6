package import AWS
package import Ambient

/// Finds jobs of one account and Region by their tag `muster:command`; those who ask at the same time share a reading.
package final class TaggedJobs: Sendable {
    /// The tag whose value is the command's deterministic key.
    package static let commandTag = "muster:command"
    package static let executionTag = "muster:execution"
    package static let waveTag = "muster:wave"

    private struct State: Sendable {
        /// Readings begun so far.
        var begun = 0
        var isReading = false
        /// The number of the last reading that ended well, since when it read, and what it found by key.
        var ended = 0
        var since: Instant?
        var jobs: [String: DRS.Job] = [:]
        /// The earliest moment that anyone who waits for the next reading asks for.
        var wanted: Instant?
    }

    private enum Turn: Sendable {
        case found(DRS.Job?)
        case read(number: Int, since: Instant?)
        case wait
    }

    private let drs: DRSClient
    private let state = Watched(State())

    package init(drs: DRSClient) {
        self.drs = drs
    }

    /// The job with that key, as a reading shows it that began after this was asked.
    ///
    /// No job with that key can be older than `since`; nil asks for all that DRS still has.
    package func job(key: String, since: Instant?) async throws -> DRS.Job? {
        // A wish that lies before every job takes the place of "everything", so that wishes can be compared.
        let since = since ?? Instant(milliseconds: 0)
        let needed = state.change { state in
            state.wanted = min(state.wanted ?? since, since)
            return state.begun + 1
        }
        while true {
            try await state.when { !$0.isReading || $0.ended >= needed ? true : nil }
            switch state.change({ Self.turn(&$0, needed: needed, key: key, since: since) }) {
            case .found(let job): return job
            case .read(let number, let since): try await read(number, since: since)
            case .wait: continue
            }
        }
    }

    private static func turn(_ state: inout State, needed: Int, key: String, since: Instant) -> Turn {
        if state.ended >= needed, let read = state.since, read <= since { return .found(state.jobs[key]) }
        guard !state.isReading else { return .wait }
        state.isReading = true
        state.begun += 1
        let wanted = min(state.wanted ?? since, since)
        state.wanted = nil
        return .read(number: state.begun, since: wanted)
    }

    private func read(_ number: Int, since: Instant?) async throws {
        do {
            let jobs = try await drs.jobs(since: since.flatMap { $0.milliseconds == 0 ? nil : $0 })
            state.change { state in
                state.isReading = false
                state.ended = number
                state.since = since
                state.jobs = Self.byKey(jobs)
            }
        } catch {
            state.change { $0.isReading = false }
            throw error
        }
    }

    /// The oldest job of each key: should there ever be two, the first is the one that others follow.
    private static func byKey(_ jobs: [DRS.Job]) -> [String: DRS.Job] {
        var found: [String: DRS.Job] = [:]
        for job in jobs {
            guard let key = job.tags?[commandTag] else { continue }
            guard let other = found[key]?.creationDateTime?.instant, let created = job.creationDateTime?.instant,
                other <= created
            else {
                found[key] = job
                continue
            }
        }
        return found
    }
}
