import Console
import Hypertext
import Testing

@Suite struct `A picture of waves over time` {
    private static func picture(waiting seconds: Double) -> String {
        let bars = [
            Gantt.Bar(name: "One", kind: .success, fact: .init(0, 60), words: "Completed"),
            Gantt.Bar(
                name: "Two",
                kind: .running,
                fact: .init(60 + seconds, 120 + seconds),
                words: "Running"
            ),
        ]
        return Gantt(bars: bars, now: 120 + seconds, objective: nil, forecast: nil).html.description
    }

    /// The share of the width that a bar takes, in percent.
    private static func width(_ name: String, in picture: String) throws -> Double {
        let bar = try #require(picture.split(separator: "class=\"bar \(name)\"").dropFirst().first)
        let width = try #require(bar.split(separator: "width=\"").dropFirst().first?.split(separator: "%").first)
        return try #require(Double(String(width)))
    }

    @Test func `is drawn as it was while nobody waited long`() throws {
        let picture = Self.picture(waiting: 20)
        #expect(!picture.contains("drawn short"))
        #expect(abs(try Self.width("success", in: picture) - 60 / (140 * 1.04) * 100) < 0.5)
    }

    @Test func `draws an hour's wait short, and says so`() throws {
        let picture = Self.picture(waiting: 3600)
        #expect(picture.contains("Waited 1h, drawn short"))
        // Without that a minute of an hour would be less than 2 % of the width.
        #expect(try Self.width("success", in: picture) > 15)
        #expect(try Self.width("running", in: picture) > 15)
    }

    @Test func `draws the plan and the target of each line, unless they are far beyond`() {
        func picture(target: Double) -> String {
            let bar = Gantt.Bar(
                name: "One",
                kind: .running,
                fact: .init(0, 60),
                forecast: .init(60, 100),
                planned: .init(0, target),
                target: target,
                words: "Running"
            )
            return Gantt(bars: [bar], now: 60, objective: nil, forecast: 100).html.description
        }
        for word in ["class=\"planned\"", "class=\"due\"", "Target of a wave", "class=\"bar forecast\""] {
            #expect(picture(target: 120).contains(word), "\(word)")
        }
        let far = picture(target: 5000)
        #expect(!far.contains("class=\"planned\"") && !far.contains("class=\"due\""))
    }
}
