/// Reads DRS's lag, an ISO 8601 duration such as `P0D` or `P2DT1H32M12.136909S`.
package enum ReplicationLag {
    /// Whole seconds, or nil for what is no such duration.
    ///
    /// Years and months are not read: their length is not known.
    package static func seconds(_ text: String) -> Int? {
        var rest = text[...]
        guard rest.popFirst() == "P", !rest.isEmpty else { return nil }
        var (total, isTime) = (0.0, false)
        while !rest.isEmpty {
            if rest.first == "T" {
                guard !isTime, rest.count > 1 else { return nil }
                isTime = true
                rest = rest.dropFirst()
            }
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard !digits.isEmpty, let number = Double(digits), let unit = rest.dropFirst(digits.count).first,
                let length = length(of: unit, isTime: isTime)
            else { return nil }
            total += number * length
            rest = rest.dropFirst(digits.count + 1)
        }
        // A lag of more than a century is no lag, and would not fit.
        return total < 3.2e9 ? Int(total) : nil
    }

    private static func length(of unit: Character, isTime: Bool) -> Double? {
        switch (unit, isTime) {
        case ("W", false): 604_800
        case ("D", false): 86_400
        case ("H", true): 3_600
        case ("M", true): 60
        case ("S", true): 1
        default: nil
        }
    }
}
