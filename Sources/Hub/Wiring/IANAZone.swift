internal import Ambient
internal import Foundation
internal import Recovery

/// A time zone of the IANA database, as Foundation brings it along.
struct IANAZone: TimeZoneRules {
    private let zone: TimeZone

    /// nil when there is no zone of that name.
    ///
    /// - Parameter name: Such as `Europe/Berlin`; case matters, and abbreviations such as `CET` are none.
    init?(_ name: String) {
        // Foundation also takes abbreviations and offsets, which know no daylight saving.
        guard name == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(name),
            let zone = TimeZone(identifier: name)
        else { return nil }
        self.zone = zone
    }

    func offset(at moment: Instant) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)))
    }
}
