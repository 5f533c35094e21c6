/// Reads a stream of server-sent events (WHATWG HTML, "Server-sent events") piece by piece.
package struct ServerSentEvents: Sendable {
    /// One event: its data, and the id that a later stream resumes after.
    package struct Event: Sendable, Hashable {
        package let id: String?
        package let name: String
        package let data: String

        package init(id: String?, name: String, data: String) {
            self.id = id
            self.name = name
            self.data = data
        }
    }

    /// The stream is no stream of events: a line that never ends.
    package struct LineTooLong: Error, Sendable {}

    /// Bytes of one line; a journal event is below 20 KB.
    private static let lineLimit = 1_048_576

    private var line: [UInt8] = []
    private var endsWithReturn = false
    private var id: String?
    private var name = ""
    private var data: [String] = []

    package init() {}

    /// The events that these bytes complete.
    package mutating func receive(_ bytes: some Sequence<UInt8>) throws(LineTooLong) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let followsReturn = endsWithReturn
            endsWithReturn = byte == UInt8(ascii: "\r")
            if byte == UInt8(ascii: "\n"), followsReturn { continue }
            guard byte == UInt8(ascii: "\n") || endsWithReturn else {
                line.append(byte)
                guard line.count <= Self.lineLimit else { throw LineTooLong() }
                continue
            }
            if let event = end() { events.append(event) }
        }
        return events
    }

    /// Takes a whole line; an empty one ends the event.
    private mutating func end() -> Event? {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        guard !text.isEmpty else {
            defer { (name, data) = ("", []) }
            guard !data.isEmpty else { return nil }
            return Event(id: id, name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let field = parts.first, !field.isEmpty else { return nil }
        var value = parts.count == 2 ? parts[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch field {
        case "id": id = String(value)
        case "event": name = String(value)
        case "data": data.append(String(value))
        default: break
        }
        return nil
    }
}
