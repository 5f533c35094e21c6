extension JSON {
    /// Why bytes are not JSON, and where.
    package struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
        /// A sentence without position, fit to be shown to whoever sent the bytes; it repeats none of them but names.
        package let message: String
        /// The bytes before the mistake.
        package let offset: Int
        /// The line of the mistake, counted from 1.
        package let line: Int
        /// The character of its line, counted from 1.
        package let column: Int

        package var description: String {
            "line \(line), column \(column): \(message)"
        }

        /// Finds line and column of an offset, which is worth the time only once something is wrong.
        init(_ message: String, at offset: Int, in bytes: [UInt8]) {
            let before = bytes.prefix(offset)
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            self.message = message
            self.offset = offset
            line = 1 + before.count { $0 == UInt8(ascii: "\n") }
            // Continuation bytes of UTF-8 (10xxxxxx) start no character.
            column = 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 }
        }
    }
}
