package import Ambient
package import PostgreSQL
package import Recovery

/// Events that time brings, kept where every replica sees them.
package enum TimerStatements {
    package static func insert(_ timer: Execution.Timer, of id: Execution.ID) -> Statement {
        let (event, subject) =
            switch timer.alarm {
            case .jobTimedOut(let key): ("JOB_TIMED_OUT", key.text)
            case .pauseExpired(let wave): ("PAUSE_EXPIRED", String(wave))
            case .cleanUpDue: ("CLEAN_UP_DUE", "0")
            }
        return Statement(
            """
            INSERT INTO timer (key, execution_id, fires_at, event)
            VALUES (\(timer.key), \(id), \(timer.firesAt), \("\(event) \(subject)"))
                ON CONFLICT (key) DO UPDATE SET fires_at = excluded.fires_at, event = excluded.event
            """
        )
    }

    /// Executions with a timer that is due.
    package static func due(at now: Instant, limit: Int) -> Query<Execution.ID> {
        Query(
            """
            SELECT execution_id FROM timer WHERE fires_at <= \(now) ORDER BY fires_at LIMIT \(limit)
            """
        ) { row in try row.read() }
    }

    /// Takes an execution's due timers; whoever deletes the row, has it.
    package static func take(of id: Execution.ID, at now: Instant) -> Query<Execution.Timer.Alarm?> {
        Query(
            "DELETE FROM timer WHERE execution_id = \(id) AND fires_at <= \(now) RETURNING event"
        ) { row in
            let parts = try row.read(String.self).split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            return switch parts[0] {
            case "JOB_TIMED_OUT": .jobTimedOut(JobKey(parts[1]))
            case "PAUSE_EXPIRED": Int(parts[1]).map { .pauseExpired(wave: $0) }
            case "CLEAN_UP_DUE": .cleanUpDue
            default: nil
            }
        }
    }

    /// An ended execution owes nothing any more.
    package static func drop(of id: Execution.ID) -> Statement {
        Statement("DELETE FROM timer WHERE execution_id = \(id)")
    }
}
