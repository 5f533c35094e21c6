package import Ambient
internal import Synchronization

/// How far this machine's clock is from AWS's, learnt from a refusal.
///
/// A clock that is minutes off would make every signature invalid; the difference is added to the time that is signed.
package final class ClockSkew: Sendable {
    /// Less than this is not what makes a signature invalid (AWS allows 5 minutes at least), and the way takes time.
    private static let tolerance: Duration = .seconds(60)

    private let offset = Mutex(Duration.zero)

    package init() {}

    /// The time to sign with.
    package func corrected(_ instant: Instant) -> Instant {
        offset.withLock { instant + $0 }
    }

    /// Learns from the `Date` header of a refusal; whether the offset changed, so that another attempt makes sense.
    package func learn(fromDate header: String?, at instant: Instant) -> Bool {
        guard let server = header.flatMap(Instant.init(httpDate:)) else { return false }
        return offset.withLock { offset in
            let error = server - (instant + offset)
            guard error > Self.tolerance || error < .zero - Self.tolerance else { return false }
            offset = server - instant
            return true
        }
    }
}

extension Instant {
    /// Reads the date of HTTP's `Date` header (RFC 9110 section 5.6.7, IMF-fixdate; the obsolete forms are not read).
    package init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[0].count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
            let month = months.firstIndex(of: parts[2])
        else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        self.init("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
