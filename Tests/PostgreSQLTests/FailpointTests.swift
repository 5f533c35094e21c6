import Ambient
import Testing

@Suite struct `Places where a test ends the process` {
    @Test func `are off unless the environment says otherwise`() throws {
        for text in [nil, ""] { #expect(throws: Never.self) { try Failpoints(text).pass(.before, "anything") } }
        Failpoints.none.pass(.after, "anything")
    }

    @Test(arguments: ["x", "x:", ":before", "x:during", "x:before:0", "x:before:-1", "x:before:two", "x:after:1:1"])
    func `refuse what names no place`(text: String) {
        #expect(throws: Failpoints.Unreadable.self) { try Failpoints(text) }
    }

    @Test func `that are armed for another place or a later passing do nothing`() throws {
        let failpoints = try Failpoints("commit.Turn.turn:after:3")
        for _ in 0..<5 {
            failpoints.pass(.before, "commit.Turn.turn")
            failpoints.pass(.after, "commit.Turn.other")
        }
        for _ in 0..<2 { failpoints.pass(.after, "commit.Turn.turn") }
    }

    @Test func `pass nothing after what failed`() async throws {
        struct Failed: Error {}
        let failpoints = try Failpoints("call.drs.StartRecovery:after")
        await #expect(throws: Failed.self) { try await failpoints.around("call.drs.StartRecovery") { throw Failed() } }
    }

    @Test func `are named by where they stand`() {
        #expect(Failpoints.commit("Conductor/Recording.swift", "record(_:of:from:)") == "commit.Recording.record")
        #expect(Failpoints.commit("Hub/Agents+Enrolment.swift", "begin(_:)") == "commit.Agents+Enrolment.begin")
        #expect(Failpoints.commit("Store/KeySetStatements.swift", "all") == "commit.KeySetStatements.all")
    }
}
