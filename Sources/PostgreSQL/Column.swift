/// The text of one column that is not NULL, lent while it is decoded.
@safe package struct Column: ~Copyable {
    private let memory: UnsafeRawBufferPointer

    init(_ memory: UnsafeRawBufferPointer) {
        unsafe self.memory = memory
    }

    /// The number of bytes.
    package var count: Int { unsafe memory.count }

    /// One byte of the text, counted from zero.
    package subscript(index: Int) -> UInt8 { unsafe memory[index] }

    /// A copy of the bytes.
    package var bytes: [UInt8] { unsafe Array(memory) }

    /// The text; nil when it is not UTF-8, which PostgreSQL does not send.
    package var text: String? { unsafe String(validating: memory, as: UTF8.self) }

    /// A decimal integer.
    package var integer: Int64? {
        guard count > 0, count <= 20 else { return nil }
        let isNegative = self[0] == UInt8(ascii: "-")
        guard !isNegative || count > 1 else { return nil }
        var value: Int64 = 0
        for index in (isNegative ? 1 : 0)..<count {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (shifted, isTooLong) = value.multipliedReportingOverflow(by: 10)
            // Downwards, for the smallest integer has no positive twin.
            let (sum, isTooSmall) = shifted.subtractingReportingOverflow(Int64(digit))
            guard !isTooLong, !isTooSmall else { return nil }
            value = sum
        }
        guard !isNegative else { return value }
        return value == .min ? nil : -value
    }

    /// Lends bytes as if they were a column: the elements of an array are.
    static func lend<Value>(_ bytes: [UInt8], to body: (borrowing Column) -> Value) -> Value {
        unsafe bytes.withUnsafeBytes { memory in unsafe body(Column(memory)) }
    }
}

/// Texts as C wants them: one block of memory, ended by zero bytes.
@safe struct CStrings {
    private var bytes: [UInt8] = []
    /// Where each text starts; negative for none.
    private var starts: [Int] = []

    init() {}

    init(_ texts: [String]) {
        for text in texts { append(text) }
        // libpq's lists end with a null pointer.
        appendNull()
    }

    var count: Int { starts.count }

    mutating func append(_ text: String) {
        starts.append(bytes.count)
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    mutating func appendNull() {
        starts.append(-1)
    }

    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { memory in
            let base = unsafe memory.bindMemory(to: CChar.self).baseAddress
            let pointers = unsafe starts.map { start in
                start < 0 ? nil : unsafe base.map { unsafe $0 + start }
            }
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}
