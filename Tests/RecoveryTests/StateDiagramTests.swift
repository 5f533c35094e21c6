internal import Foundation
internal import Recovery
internal import Testing

@Suite struct `The state diagrams` {
    private static let heading = """
        # States

        Every state that an execution, a wave, a server, an instance and a clean-up can be in, and the events that lead
        from one to the next. This page is generated: a test tries every event in every state that a few small
        executions can come to, and compares what it sees with this page. After a change of the machine,
        `MUSTER_REGENERATE=1 swift test --filter StateDiagram` writes it anew.

        An arrow is what one event brings about, all that follows from it included: where a wave has no servers, the
        event that begins it also completes it.
        """

    private func diagram(_ title: String, _ text: String, _ arrows: StateWalk.Arrows) -> String {
        let ends = Set(arrows.keys.map(\.to)).subtracting(arrows.keys.map(\.from))
        let starts = Set(arrows.keys.map(\.from)).subtracting(arrows.keys.map(\.to)).subtracting(["[*]"])
        let lines =
            starts.sorted().map { "    [*] --> \($0)" }
            + arrows.keys.sorted().map { arrow in
                "    \(arrow.from) --> \(arrow.to): \(arrows[arrow, default: []].sorted().joined(separator: ", "))"
            } + ends.sorted().map { "    \($0) --> [*]" }
        return "## \(title)\n\n\(text)\n\n```mermaid\nstateDiagram-v2\n\(lines.joined(separator: "\n"))\n```\n"
    }

    private var page: String {
        let walk = StateWalk.all
        return [
            Self.heading + "\n",
            diagram(
                "Execution",
                "An ended execution changes no more but for its clean-up, and when a person has servers of it tried once more or "
                    + "skipped.",
                walk.executions
            ),
            diagram(
                "Wave",
                "A settled wave changes no more unless a person has servers of it tried once more or skipped.",
                walk.waves
            ),
            diagram(
                "Server",
                "A settled server changes no more unless a person has it tried once more or skipped; what becomes of its "
                    + "instance is its own field, below.",
                walk.servers
            ),
            diagram("Instance of a server", "It begins when the instance is known.", walk.instances),
            diagram(
                "Clean-up",
                "`PARTIAL` can be asked for again; an instance that shows up late makes a complete one partial.",
                walk.cleanUps
            ),
        ].joined(separator: "\n")
    }

    @Test func `are those in Docs/States.md`() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "Docs/States.md")
        if ProcessInfo.processInfo.environment["MUSTER_REGENERATE"] == "1" {
            try Data(page.utf8).write(to: file)
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        #expect(written == page, "Docs/States.md is old: MUSTER_REGENERATE=1 writes it anew")
    }

    @Test func `reach every status`() {
        let walk = StateWalk.all
        func reached(_ arrows: StateWalk.Arrows) -> Set<String> { Set(arrows.keys.flatMap { [$0.from, $0.to] }) }
        #expect(reached(walk.executions) == Set(ExecutionStatus.allCases.map(\.rawValue)))
        #expect(reached(walk.waves) == Set(WaveStatus.allCases.map(\.rawValue)))
        #expect(reached(walk.servers) == Set(ServerStatus.allCases.map(\.rawValue)))
        #expect(reached(walk.instances) == Set(InstanceState.allCases.map(\.rawValue) + ["[*]"]))
        #expect(reached(walk.cleanUps) == Set(Execution.CleanUp.State.allCases.map(\.rawValue) + ["[*]"]))
    }

    @Test func `lead out of a settled status by a person's repair alone`() {
        let walk = StateWalk.all
        let executions = ExecutionStatus.allCases.filter(\.isTerminal).map(\.rawValue)
        let waves = WaveStatus.allCases.filter(\.isSettled).map(\.rawValue)
        let servers = ServerStatus.allCases.filter(\.isSettled).map(\.rawValue)
        let repairs: Set = ["retryRequested", "skipRequested"]
        #expect(walk.executions.filter { executions.contains($0.key.from) && !$0.value.isSubset(of: repairs) }.isEmpty)
        #expect(walk.waves.filter { waves.contains($0.key.from) && !$0.value.isSubset(of: repairs) }.isEmpty)
        #expect(walk.servers.filter { servers.contains($0.key.from) && !$0.value.isSubset(of: repairs) }.isEmpty)
        #expect(walk.instances.keys.filter { $0.from == "TERMINATED" } == [])
    }
}
