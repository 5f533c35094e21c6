internal import ArgumentParser
internal import Contract
internal import Recovery

struct PlanCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a recovery plan.",
        discussion: """
            From the JSON of the API (--file), where groups may be named by name; or, for a simple plan, from flags:

            muster plan create Payroll --wave "Database:payroll-db" --wave "Web:payroll-web,payroll-web-eu"
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "The plan's name; a file has its own.") var name: String?
    @Option(help: "The plan as JSON; - for standard input.", completion: .file()) var file: String?
    @Option(help: "A wave as \"name:group[,group]\", in their order.") var wave: [WaveArgument] = []
    @Option(help: "A wave, counted from 0, before which to pause; repeat for more.") var pauseBefore: [Int] = []
    @Option(help: "SEQUENTIAL (default) or DEPENDENCIES.") var ordering: RecoveryPlan.Ordering?
    @OptionGroup var facts: PlanFacts

    func validate() throws {
        guard (file == nil) != wave.isEmpty else { throw ValidationError("Give the plan by --file or by --wave.") }
        guard file == nil || (name == nil && pauseBefore.isEmpty && ordering == nil && facts.isEmpty) else {
            throw ValidationError("With --file everything stands in the file.")
        }
        guard file != nil || name != nil else { throw ValidationError("The plan's name is missing.") }
        guard pauseBefore.allSatisfy(wave.indices.contains) || file != nil else {
            throw ValidationError("--pause-before names a wave that there is not.")
        }
    }

    func run() async throws {
        try await common.session { session in
            let body =
                if let file { try await session.planBody(in: file) } else { try await body(session) }
            let reply = try await session.client.reply(to: CreateRecoveryPlan(body: body))
            let plan = reply.answer
            session.output.report(
                reply,
                "Created \(plan.planName) with \(counted(plan.totalWaves, "wave")) and "
                    + "\(counted(plan.totalServers, "server")): \(plan.planId)"
            )
        }
    }

    private func body(_ session: Session) async throws -> RecoveryPlanBody {
        var waves: [WaveBody] = []
        for (number, wave) in wave.enumerated() {
            var groups: [ProtectionGroup.ID] = []
            for group in wave.groups { groups.append(try await session.group(group)) }
            waves.append(
                WaveBody(
                    waveNumber: number,
                    name: wave.name,
                    protectionGroupIds: groups,
                    pauseBeforeWave: pauseBefore.contains(number)
                )
            )
        }
        var body = RecoveryPlanBody(planName: name ?? "", ordering: ordering, waves: waves)
        facts.fill(&body)
        return body
    }
}

/// A wave on the command line: `name:group[,group]`.
struct WaveArgument: ExpressibleByArgument, Sendable {
    let name: String
    let groups: [String]

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        name = String(parts[0])
        groups = parts[1].split(separator: ",").map(String.init)
        guard !groups.isEmpty else { return nil }
    }
}
