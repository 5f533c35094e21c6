/// Every metric of Muster: its name in `/metrics`, what it counts, its labels.
///
/// `Docs/Metrics.md` is made of this list, and the dashboards may name nothing else; what is not in it is not shown,
/// whatever a library counts. Names, units and types follow Prometheus ("Metric and label naming").
package enum Measure: String, Sendable, CaseIterable {
    // Of every program that runs for long.
    case build = "muster_build_info"

    // Of the hub, by what it answers.
    case requests = "muster_requests_total"
    case requestSeconds = "muster_request_duration_seconds"
    case requestsInFlight = "muster_requests_in_flight"
    case requestsWaiting = "muster_requests_waiting"
    case requestsTurnedAway = "muster_requests_turned_away_total"
    case liveStreams = "muster_live_streams"
    case unsentBytes = "muster_unsent_bytes"
    case readersDropped = "muster_readers_dropped_total"
    case databaseLent = "muster_database_connections_lent"
    case databaseLimit = "muster_database_connections_limit"
    case databaseWaiting = "muster_database_callers_waiting"

    // Of the hub, by what it decides.
    case waveSeconds = "muster_wave_duration_seconds"
    case launchSeconds = "muster_launch_duration_seconds"

    // Of the database: every replica says the same.
    case isDatabaseRead = "muster_database_is_read"
    case executions = "muster_executions"
    case beyondObjective = "muster_executions_beyond_objective"
    case launchesWaiting = "muster_launches_waiting"
    case commands = "muster_commands"
    case spokes = "muster_spokes"
    case heartbeatAge = "muster_spoke_heartbeat_age_seconds"
    case plans = "muster_plans"
    case drillsOverdue = "muster_drills_overdue"
    case serversStalled = "muster_servers_stalled"
    case drillInstances = "muster_drill_instances_left"

    // Of a spoke.
    case awsCalls = "muster_aws_calls_total"
    case awsSeconds = "muster_aws_call_duration_seconds"
    case throttleSeconds = "muster_aws_throttle_wait_seconds_total"

    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    package var kind: Kind {
        switch self {
        case .requests, .requestsTurnedAway, .readersDropped, .awsCalls, .throttleSeconds: .counter
        case .requestSeconds, .waveSeconds, .launchSeconds, .awsSeconds: .histogram
        case .build, .requestsInFlight, .requestsWaiting, .liveStreams, .unsentBytes, .databaseLent, .databaseLimit,
            .databaseWaiting, .isDatabaseRead, .executions, .beyondObjective, .launchesWaiting, .commands, .spokes,
            .heartbeatAge, .plans, .drillsOverdue, .serversStalled, .drillInstances:
            .gauge
        }
    }

    /// The names of its labels, in the order in which they are shown.
    package var labels: [String] {
        switch self {
        case .build: ["version"]
        case .requests: ["route", "method", "status"]
        case .requestSeconds: ["route", "method"]
        case .requestsInFlight, .requestsWaiting, .requestsTurnedAway: ["share"]
        case .databaseLent, .databaseLimit, .databaseWaiting: ["pool"]
        case .waveSeconds: ["type", "status"]
        case .launchSeconds: ["type"]
        case .executions: ["type", "status"]
        case .beyondObjective: ["type", "ended"]
        case .launchesWaiting: ["reason"]
        case .commands: ["kind", "state"]
        case .spokes: ["state"]
        case .heartbeatAge: ["spoke"]
        case .plans: ["readiness"]
        case .awsCalls: ["operation", "outcome"]
        case .awsSeconds, .throttleSeconds: ["operation"]
        case .liveStreams, .unsentBytes, .readersDropped, .isDatabaseRead, .drillsOverdue, .serversStalled,
            .drillInstances:
            []
        }
    }

    /// The upper bounds of a histogram's buckets, in seconds; what is longer is in the last one, `+Inf`.
    package var buckets: [Double] {
        switch self {
        case .requestSeconds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        case .awsSeconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
        // A wave should take 15 minutes at most; a launch takes 5 to 20.
        case .waveSeconds, .launchSeconds: [60, 120, 300, 450, 600, 750, 900, 1200, 1800, 3600, 7200]
        case .build, .requests, .requestsInFlight, .requestsWaiting, .requestsTurnedAway, .liveStreams, .unsentBytes,
            .readersDropped, .databaseLent, .databaseLimit, .databaseWaiting, .isDatabaseRead, .executions,
            .beyondObjective, .launchesWaiting, .commands, .spokes, .heartbeatAge, .plans, .drillsOverdue,
            .serversStalled, .drillInstances, .awsCalls, .throttleSeconds:
            []
        }
    }

    /// One sentence for `# HELP`.
    package var help: String {
        switch self {
        case .build: "1, with the version of the program."
        case .requests: "Requests answered; route and method are the call."
        case .requestSeconds: "From a request's arrival to its answer's head."
        case .requestsInFlight: "Requests that are being answered."
        case .requestsWaiting: "Requests that wait to be begun."
        case .requestsTurnedAway: "Requests that were answered 503 because there was too much to do."
        case .liveStreams: "Live streams that people hold open."
        case .unsentBytes: "Bytes of answers that their readers have not taken yet."
        case .readersDropped: "Connections closed because their reader took nothing."
        case .databaseLent: "Connections to the database in use."
        case .databaseLimit: "Connections to the database at most."
        case .databaseWaiting: "Callers that wait for a connection."
        case .waveSeconds: "From a wave's start to its end, by the execution's type and how the wave ended."
        case .launchSeconds: "From a server's turn to be launched to its being launched, by the execution's type."
        case .isDatabaseRead: "1 where what the database knows could be read for this answer, else 0."
        case .executions: "Executions that are kept, by type and status."
        case .beyondObjective: "Executions that took or take longer than their plan's recovery time objective."
        case .launchesWaiting: "Launches that wait, by what for: CAPACITY, QUOTA, CONFLICT, AWS."
        case .commands: "Commands for spokes that are not done."
        case .spokes: "Spokes: CONNECTED, LOST (no heartbeat), DRAINING."
        case .heartbeatAge: "Time since a spoke was last heard of."
        case .plans: "Recovery plans by readiness."
        case .drillsOverdue: "Recovery plans whose last successful drill is too long ago."
        case .serversStalled: "Source servers whose replication is stalled or disconnected."
        case .drillInstances: "Drill instances that exist though no execution of theirs is under way."
        case .awsCalls:
            "Calls of AWS by operation and outcome: ok, throttled, refused, lost, unclear, notSent, unsigned."
        case .awsSeconds: "An attempt at a call of AWS, from getting credentials to its answer."
        case .throttleSeconds: "Time that calls of AWS waited for their turn."
        }
    }

    /// Which program shows it.
    package var program: String {
        switch self {
        case .build: "both"
        case .awsCalls, .awsSeconds, .throttleSeconds: "spoke"
        case .requests, .requestSeconds, .requestsInFlight, .requestsWaiting, .requestsTurnedAway, .liveStreams,
            .unsentBytes, .readersDropped, .databaseLent, .databaseLimit, .databaseWaiting, .waveSeconds,
            .launchSeconds, .isDatabaseRead, .executions, .beyondObjective, .launchesWaiting, .commands, .spokes,
            .heartbeatAge, .plans, .drillsOverdue, .serversStalled, .drillInstances:
            "hub"
        }
    }
}

extension Measure {
    /// The table of `Docs/Metrics.md`.
    package static var table: String {
        let rows = allCases.map { measure in
            let labels = measure.labels.map { "`\($0)`" }.joined(separator: ", ")
            let cells = ["`\(measure.rawValue)`", measure.kind.rawValue, labels, measure.program, measure.help]
            return "| \(cells.joined(separator: " | ")) |"
        }
        return (["| name | type | labels | of | meaning |", "|---|---|---|---|---|"] + rows).joined(separator: "\n")
    }
}
