internal import Ambient
internal import ArgumentParser
internal import Contract

/// Has the hub look at itself, and compares its version and clock with those here.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Have the hub check database, issuers, clocks, spokes and rights, and say what to do.",
        discussion: """
            Ends with 1 where something is wrong. Where the hub does not answer at all, muster-hub doctor on its own \
            machine says why.
            """
    )

    @OptionGroup var common: CommonOptions

    /// A clock may be so wrong: tokens are judged with 60 s of leeway.
    private static let leeway = Duration.seconds(60)

    func run() async throws {
        try await common.session { session in
            let reply = try await session.client.reply(to: GetDiagnosis())
            var diagnosis = reply.answer
            diagnosis.findings.insert(Self.version(of: diagnosis.version), at: 0)
            diagnosis.findings.append(Self.clock(of: diagnosis.examinedAt, at: session.client.ambient.now))
            session.output.show(HubClient.Reply(answer: diagnosis, document: reply.document))
            guard !diagnosis.isWrong else { throw Ending(status: .failed) }
        }
    }

    private static func version(of hub: String) -> DiagnosisView.Finding {
        guard hub != MusterVersion.text else {
            return .init(state: .good, subject: "this program", detail: "version \(hub), as the hub", remedy: nil)
        }
        return .init(
            state: .doubtful,
            subject: "this program",
            detail: "version \(MusterVersion.text), and the hub is \(hub)",
            remedy: "Use the hub's: what only the newer one of the two knows cannot be asked for, or is not shown."
        )
    }

    private static func clock(of hub: Instant, at now: Instant) -> DiagnosisView.Finding {
        let apart = hub < now ? now - hub : hub - now
        guard apart > leeway else {
            return .init(state: .good, subject: "this machine's clock", detail: "as the hub has it", remedy: nil)
        }
        return .init(
            state: .doubtful,
            subject: "this machine's clock",
            detail: "\(Int64(apart.seconds)) s from the hub's",
            remedy: "Let both keep time by NTP; what is shown as so long ago is wrong by as much."
        )
    }
}

extension DiagnosisView: Detailed {
    var isWrong: Bool { findings.contains { $0.state == .wrong } }

    var quiet: String { isWrong ? "WRONG" : "GOOD" }

    var sections: [Section] {
        let fields = findings.flatMap { finding -> [(name: String, value: Table.Cell)] in
            let (mark, tone): (String, Tone) =
                switch finding.state {
                case .good: ("ok", .good)
                case .doubtful: ("look", .warning)
                case .wrong: ("WRONG", .bad)
                }
            let lines = [(name: mark, value: Table.Cell("\(finding.subject): \(finding.detail)", tone))]
            return lines + (finding.remedy.map { [(name: "", value: Table.Cell("→ \($0)"))] } ?? [])
        }
        return [.fields(fields)]
    }
}
