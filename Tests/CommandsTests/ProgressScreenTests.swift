import Ambient
import Commands
import Contract
import JSON
import Recovery
import Testing

@Suite struct `The live view` {
    private func screen(_ width: Int = 100, _ height: Int = 24, unicode: Bool = true) -> ProgressScreen {
        ProgressScreen(width: width, height: height, style: Style(usesColour: false), showsUnicode: unicode)
    }

    private func execution(_ status: ExecutionStatus, _ waves: [JSON]) throws -> ExecutionView {
        try Sample.execution(status, waves: waves).decoded()
    }

    @Test func `has a bar a wave, who waits for whom, what failed, and the times`() throws {
        let execution = try execution(
            .running,
            [
                Sample.wave(0, "Database tier", .completed, [.launched, .launched]),
                Sample.wave(1, "アプリ", .polling, [.launched, .failed, .inProgress, .queued]),
                Sample.wave(2, "Web", .paused, [.pending, .pending]),
            ]
        )
        let lines = screen().lines(for: execution, at: Sample.start + .seconds(131))
        #expect(
            lines == [
                "Drill of Payroll  RUNNING  0:02:11  019a0000-0000-7000-8000-000000000001",
                "  0 Database tier  ████████████████████████████████████████  2/2      COMPLETED  0:02:11",
                "  1 アプリ         ██████████××××××××××▓▓▓▓▓▓▓▓▓▓▒▒▒▒▒▒▒▒▒▒  1/4      POLLING  0:02:11",
                "  2 Web            ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0/2      PAUSED  waits: muster execution resume",
                "    s-11111111111111111 web-1: LAUNCH_FAILED: no capacity",
                "    8 servers: 3 launched, 1 in progress, 1 queued, 2 pending, 1 failed",
                "    recovery time 0:03:12 of 1:00:00, forecast 0:20:00",
            ]
        )
    }

    @Test func `says what a launch waits for, in the hub's own words`() throws {
        let text = "queued: 17 of 20 jobs in use by others"
        let wave = Sample.wave(0, "A", .started, [.queued]).text.replacing(
            #""waitingFor":null"#,
            with: #""waitingFor":{"kind":"QUOTA","detail":"\#(text)","code":"CONCURRENT_JOBS"}"#
        )
        let execution = try execution(.running, [try JSON(parsing: Array(wave.utf8))])
        let lines = screen(120).lines(for: execution, at: Sample.start)
        #expect(lines[1].contains("STARTED  \(text)  0:00:00"), "\(lines)")
    }

    @Test func `is drawn in ASCII where nothing else can be shown`() throws {
        let execution = try execution(.running, [Sample.wave(0, "A", .polling, [.launched, .inProgress])])
        let line = screen(60, unicode: false).lines(for: execution, at: Sample.start)[1]
        #expect(line.contains("###") && line.contains("===") && line.utf8.allSatisfy { $0 < 128 })
    }

    @Test func `fits every terminal`() throws {
        let waves = (0..<200).map { number in
            let status: WaveStatus = number < 90 ? .completed : number == 90 ? .polling : .pending
            let servers: [ServerStatus] = number < 5 ? [.failed] : [.launched, .pending]
            return Sample.wave(number, "Wave with a long name 波 \(number)", status, servers)
        }
        let execution = try execution(.running, waves)
        for width in [20, 37, 80, 132, 300] {
            for height in [8, 12, 24, 60] {
                let lines = screen(width, height).lines(for: execution, at: Sample.start)
                #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "width \(width)")
                #expect(lines.count < max(height, 12), "height \(height)")
                let isShown = lines.contains { $0.contains(" 90 ") }
                #expect(isShown, "the wave that runs, in \(width)×\(height)")
            }
        }
    }
}

@Suite struct `A plain line` {
    @Test func `says when, where, what and the details`() throws {
        let entry: JournalView = try Sample.entry(3, "WAVE_SETTLED", "COMPLETED").decoded()
        let line = JournalLine.text(entry, waves: [0: "Database tier"])
        #expect(line == "\(Sample.start + .seconds(3))".prefix(19) + "Z  wave 0 Database tier  wave settled  COMPLETED")
    }

    @Test func `says how an execution ended, and what stands against it`() throws {
        let waves = [Sample.wave(0, "A", .failed, [.launched, .failed])]
        let execution: ExecutionView = try Sample.execution(.failed, waves: waves).decoded()
        #expect(
            JournalLine.ending(of: execution) == [
                "FAILED: FAIL, 1 of 2 servers launched in 0:12:33", "  Some reason. (SOME_CODE)",
            ]
        )
    }
}
