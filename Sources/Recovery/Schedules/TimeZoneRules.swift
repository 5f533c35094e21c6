package import Ambient

/// How far a place's clocks are from UTC, at any moment: what a time zone is to those who reckon with it.
package protocol TimeZoneRules: Sendable {
    /// Seconds east of UTC at a moment.
    func offset(at moment: Instant) -> Int64
}

/// The zone whose clocks show UTC.
package struct UTC: TimeZoneRules {
    package init() {}

    package func offset(at moment: Instant) -> Int64 { 0 }
}

extension TimeZoneRules {
    /// The moment at which this zone's clocks show a time of a day.
    ///
    /// A time that the clocks jump over comes as much later as they jump, so that nothing is left out; one that they show
    /// twice is the first of the two, so that nothing is done twice.
    ///
    /// - Parameters:
    ///   - date: The day there.
    ///   - minute: Minutes since its midnight, as a clock shows them.
    /// - Returns: The moment.
    func moment(of date: CivilDate, minute: Int64) -> Instant {
        let shown = (date.daysSinceEpoch * 1440 + minute) * 60_000
        // Offsets change at most once a day or so: the one before and the one after are those of the days around it.
        let before = offset(at: Instant(milliseconds: shown - 86_400_000))
        let after = offset(at: Instant(milliseconds: shown + 86_400_000))
        let early = Instant(milliseconds: shown - before * 1000)
        let late = Instant(milliseconds: shown - after * 1000)
        if offset(at: early) == before { return offset(at: late) == after ? min(early, late) : early }
        // With the offset before the jump it falls as long after the jump as it would have come into the gap.
        return offset(at: late) == after ? late : early
    }

    /// The day that this zone's calendars show.
    package func date(at moment: Instant) -> CivilDate {
        let shown = moment.milliseconds + offset(at: moment) * 1000
        return CivilDate(daysSinceEpoch: shown >= 0 ? shown / 86_400_000 : (shown - 86_399_999) / 86_400_000)
    }
}
