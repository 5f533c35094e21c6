import Console
import Hypertext
import Testing

@Suite struct `A picture of waves over time` {
    private static func picture(waiting seconds: Double) -> String {
        let bars = [
            Gantt.Bar(name: "One", kind: .success, start: 0, end: 60, isForecast: false, words: "Completed"),
            Gantt.Bar(
                name: "Two",
                kind: .running,
                start: 60 + seconds,
                end: 120 + seconds,
                isForecast: false,
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
}
