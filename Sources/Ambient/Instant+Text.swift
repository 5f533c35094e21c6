extension Instant: CustomStringConvertible, LosslessStringConvertible {
    /// ISO 8601 in UTC with milliseconds, as the REST contract writes every time.
    package var description: String {
        var days = milliseconds / Self.millisecondsOfDay
        var rest = milliseconds % Self.millisecondsOfDay
        if rest < 0 {
            days -= 1
            rest += Self.millisecondsOfDay
        }
        let civil = CivilDate(daysSinceEpoch: days)
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60)
        let (second, fraction) = (rest / 1000 % 60, rest % 1000)
        let date = "\(Self.padded(civil.year, 4))-\(Self.padded(civil.month, 2))-\(Self.padded(civil.day, 2))"
        let time = "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))"
        return "\(date)T\(time).\(Self.padded(fraction, 3))Z"
    }

    /// Reads RFC 3339: any number of decimals, `Z` or a numeric offset; DRS answers both `…Z` and `+00:00`.
    ///
    /// PostgreSQL's own text (`2026-11-26 18:54:40.125+00`) is read too: a blank for `T`, an offset of hours alone.
    package init?(_ text: String) {
        var reader = DigitReader(Array(text.utf8))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), let fraction = reader.fraction(), let offset = reader.offset(),
            reader.isAtEnd, let date = CivilDate(year, month, day), hour < 24, minute < 60, second <= 60
        else { return nil }
        let seconds = hour * 3600 + minute * 60 + second - offset
        milliseconds = date.daysSinceEpoch * Self.millisecondsOfDay + seconds * 1000 + fraction
    }

    private static let millisecondsOfDay: Int64 = 86_400_000

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// Reads fixed-width numbers and marks from the bytes of a date.
private struct DigitReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard index < bytes.count, UInt32(bytes[index]) == mark.value else { return false }
        index += 1
        return true
    }

    private mutating func digit() -> Int64? {
        guard index < bytes.count, (48...57).contains(bytes[index]) else { return nil }
        index += 1
        return Int64(bytes[index - 1] - 48)
    }

    mutating func number(_ width: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// The milliseconds after the decimal point; zero when there is none.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var (value, scale): (Int64, Int64) = (0, 100)
        guard let first = digit() else { return nil }
        value += first * scale
        while let digit = digit() {
            scale /= 10
            value += digit * scale
        }
        return value
    }

    /// The seconds east of UTC.
    mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64 = take("-") ? -1 : 1
        guard sign == -1 || take("+"), let hours = number(2) else { return nil }
        guard !isAtEnd else { return sign * hours * 3600 }
        guard take(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}

extension Instant: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an ISO 8601 time")
        }
        self = instant
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
