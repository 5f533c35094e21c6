internal import Ambient
internal import Recovery
internal import TestKit
internal import Testing

@Suite struct `The order of reports` {
    private struct Report: Hashable {
        let term: Int
        let sequence: Int
    }

    private func answer(to reports: [(Int, Int)], isLeased: Bool = true) -> ReportOrder.Answer<Report> {
        ReportOrder(term: 3, sequence: 4, isLeased: isLeased)
            .answer(to: reports.map { Report(term: $0, sequence: $1) }) { ($0.term, $0.sequence) }
    }

    @Test func `takes what follows, however it came, and acknowledges the rest again`() {
        let answer = answer(to: [(3, 6), (3, 4), (3, 5), (3, 5), (3, 8)])
        #expect(answer.news.map(\.sequence) == [5, 6])
        #expect(answer.acknowledged == 6)
        #expect(answer.stale.isEmpty)
    }

    @Test func `calls every other term stale`() {
        let answer = answer(to: [(2, 5), (4, 5), (3, 5)])
        #expect(answer.stale == [2, 4])
        #expect(answer.news.map(\.term) == [3])
    }

    @Test func `calls its own term stale where the first report comes after a gap`() {
        let answer = answer(to: [(3, 6), (3, 7)])
        #expect(answer.stale == [3])
        #expect(answer.news.isEmpty)
        #expect(answer.acknowledged == nil)
    }

    @Test func `acknowledges again what ended, and calls stale what was taken back`() {
        #expect(answer(to: [(3, 3), (3, 4)], isLeased: false).acknowledged == 4)
        #expect(answer(to: [(3, 4), (3, 5)], isLeased: false).stale == [3])
    }
}

@Suite struct `The way of a launch` {
    private let start = Duration.seconds(100)

    @Test func `looks once and starts where nothing is unclear`() {
        var course = LaunchCourse(settle: .zero, at: start)
        #expect(course.first == .look)
        #expect(course.looked(isFound: false, at: start) == .send)
    }

    @Test func `looks for as long as told before it starts`() {
        var course = LaunchCourse(settle: .milliseconds(1500), at: start)
        #expect(course.looked(isFound: false, at: start) == .pause(.seconds(1)))
        #expect(course.looked(isFound: false, at: start + .seconds(1)) == .pause(.milliseconds(500)))
        #expect(course.looked(isFound: false, at: start + .milliseconds(1500)) == .send)
    }

    @Test func `follows what it finds`() {
        var course = LaunchCourse(settle: .seconds(5), at: start)
        #expect(course.looked(isFound: true, at: start) == .follow)
    }

    @Test func `starts nothing where it may only look`() {
        var course = LaunchCourse(settle: .zero, mayStart: false, at: start)
        #expect(course.looked(isFound: false, at: start) == .giveBack(.notStarted))
    }

    @Test func `looks again after an unclear start, and once after a conflict`() {
        var course = LaunchCourse(settle: .zero, at: start)
        _ = course.looked(isFound: false, at: start)
        #expect(course.startFailed(.unclear, at: start) == .look)
        #expect(course.looked(isFound: false, at: start + .seconds(4)) == .pause(.seconds(1)))
        #expect(course.looked(isFound: false, at: start + .seconds(5)) == .giveBack(.start))
        _ = course.startFailed(.conflict, at: start)
        #expect(course.looked(isFound: false, at: start) == .giveBack(.start))
    }

    @Test func `gives back what may be taken later, and refuses the rest`() {
        var course = LaunchCourse(settle: .zero, at: start)
        _ = course.looked(isFound: false, at: start)
        #expect(course.startFailed(.passing, at: start) == .giveBack(.start))
        #expect(course.startFailed([], at: start) == .refuse)
    }

    @Test func `does not start what was unclear and could not be looked for`() {
        var course = LaunchCourse(settle: .seconds(5), at: start)
        #expect(course.lookFailed(isTransient: true) == .giveBack(.stillUnclear))
        var clear = LaunchCourse(settle: .zero, at: start)
        #expect(clear.lookFailed(isTransient: true) == .fail)
    }
}
