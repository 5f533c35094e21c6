extension Parser {
    /// Reads a number; whole ones that fit 64 bits stay exact.
    mutating func number() throws(JSON.SyntaxError) -> JSON {
        let start = index
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let integerStart = index
        var (magnitude, fits): (UInt64, Bool) = (0, true)
        while let digit = digit() {
            let (product, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
            magnitude = sum
            fits = fits && !overflowed && !carried
        }
        guard index > integerStart else { throw failure("a digit is expected here") }
        guard index == integerStart + 1 || bytes[integerStart] != UInt8(ascii: "0") else {
            throw failure("a number has no leading zeros", at: integerStart)
        }
        if try !fractionAndExponent(), fits, let number = Self.signed(magnitude, isNegative) { return .integer(number) }
        guard let decimal = Double(String(decoding: bytes[start..<index], as: UTF8.self)), decimal.isFinite else {
            throw failure("the number is too large", at: start)
        }
        return .decimal(decimal)
    }

    private static func signed(_ magnitude: UInt64, _ isNegative: Bool) -> Int64? {
        guard isNegative else { return Int64(exactly: magnitude) }
        return magnitude == Int64.min.magnitude ? .min : Int64(exactly: magnitude).map { -$0 }
    }

    private mutating func digit() -> UInt8? {
        guard index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
        index += 1
        return bytes[index - 1] - UInt8(ascii: "0")
    }

    /// Steps over what makes a number not whole, and says whether there was any.
    private mutating func fractionAndExponent() throws(JSON.SyntaxError) -> Bool {
        let start = index
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[index]) { index += 1 }
            try digits()
        }
        return index > start
    }

    private mutating func digits() throws(JSON.SyntaxError) {
        guard digit() != nil else { throw failure("a digit is expected here") }
        while digit() != nil {}
    }
}
