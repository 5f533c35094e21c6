package import Ambient
internal import OpenSSL

/// A mail as it goes over the line (RFC 5322): plain text in UTF-8, in Base64, so that no line is too long for any server
/// and none begins with a full stop.
package struct MailMessage: Sendable, Hashable {
    package var from: String
    package var to: [String]
    package var subject: String
    package var text: String
    package var at: Instant
    /// What names it everywhere; the same when it is sent again.
    package var messageId: String

    package init(from: String, to: [String], subject: String, text: String, at: Instant, messageId: String) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.at = at
        self.messageId = messageId
    }

    /// Header and body, with CRLF at the end of each line.
    package var bytes: [UInt8] {
        let encoded = Base64.encode(Array(text.replacing("\n", with: "\r\n").utf8))
        var lines = [
            "Date: \(Self.date(at))", "From: Muster <\(from)>", "To: \(to.joined(separator: ",\r\n "))",
            "Subject: \(Self.header(subject))", "Message-ID: <\(messageId)>", "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
        ]
        var rest = Substring(encoded)
        while !rest.isEmpty {
            lines.append(String(rest.prefix(Self.lineLength)))
            rest = rest.dropFirst(Self.lineLength)
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// Characters of a line in Base64 (RFC 2045 section 6.8).
    private static let lineLength = 76
    /// Bytes of text in one encoded word: in Base64, with its frame and the header's name, it fits a line of 76 characters
    /// (RFC 2047 section 2).
    private static let wordBytes = 39
    /// Characters of a subject that needs no encoding and fits a line of 76 with the header's name.
    private static let plainLength = 66

    /// A header's text: as it is where it is short and plain, else in encoded words; never with an end of line of its own.
    static func header(_ text: String) -> String {
        let isPlain = text.utf8.count <= plainLength && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        if isPlain, !text.contains("=?") { return text }
        var words: [String] = []
        var word: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar).utf8)
            if word.count + bytes.count > wordBytes {
                words.append("=?utf-8?B?\(Base64.encode(word))?=")
                word = []
            }
            word += bytes
        }
        if !word.isEmpty { words.append("=?utf-8?B?\(Base64.encode(word))?=") }
        return words.joined(separator: "\r\n ")
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// RFC 5322 section 3.3.
    static func date(_ moment: Instant) -> String {
        let seconds = moment.milliseconds / 1000
        let date = CivilDate(daysSinceEpoch: seconds / 86_400)
        let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return "\(days[Int(date.weekday)]), \(date.day) \(months[Int(date.month) - 1]) \(date.year) \(time) +0000"
    }
}
