/// One field of a cron expression: which numbers it may have, and what they are called.
struct CronField {
    let name: String
    let range: ClosedRange<Int64>
    var names: [String] = []

    static let hour = CronField(name: "hour", range: 0...23)
    static let day = CronField(name: "day of month", range: 1...31)
    static let month = CronField(
        name: "month",
        range: 1...12,
        names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    )
    /// Sunday is 0, and 7 too.
    static let weekday = CronField(
        name: "day of week",
        range: 0...7,
        names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    )

    /// Every number that a list of numbers, ranges and steps names.
    func numbers(in text: String) throws(CronProblem) -> Set<Int64> {
        var numbers: Set<Int64> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            numbers.formUnion(try self.numbers(ofPart: String(part)))
        }
        // As a range, Monday to 7 is Monday to Sunday.
        return self.range == Self.weekday.range ? Set(numbers.map { $0 % 7 }) : numbers
    }

    private func numbers(ofPart part: String) throws(CronProblem) -> Set<Int64> {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let step: Int64
        if halves.count == 2 {
            guard let number = Int64(halves[1]), number >= 1, number <= range.upperBound else {
                throw CronProblem("\(name): \(part) has no step from 1 to \(range.upperBound) after its /")
            }
            step = number
        } else {
            step = 1
        }
        let bounds = try bounds(of: halves[0], hasStep: halves.count == 2)
        return Set(stride(from: bounds.lowerBound, through: bounds.upperBound, by: Int(step)))
    }

    private func bounds(of text: String, hasStep: Bool) throws(CronProblem) -> ClosedRange<Int64> {
        // Sunday twice in a star would make its steps uneven.
        let whole = range == Self.weekday.range ? 0...6 : range
        guard text != "*" else { return whole }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let first = try number(ends[0], isEnd: false)
        guard ends.count == 2 else { return first...(hasStep ? max(first, whole.upperBound) : first) }
        let last = try number(ends[1], isEnd: true)
        guard first <= last else { throw CronProblem("\(name): \(text) ends before it begins") }
        return first...last
    }

    /// One number, by its digits or its name.
    func number(_ text: String) throws(CronProblem) -> Int64 {
        let number = try number(text, isEnd: false)
        return range == Self.weekday.range ? number % 7 : number
    }

    private func number(_ text: String, isEnd: Bool) throws(CronProblem) -> Int64 {
        if let index = names.firstIndex(of: text.uppercased()) {
            let number = Int64(index) + (range.lowerBound == 1 ? 1 : 0)
            return isEnd && range == Self.weekday.range && number == 0 ? 7 : number
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(text),
            range.contains(number)
        else {
            let also = names.isEmpty ? "" : " or \(names[0]) to \(names[names.count - 1])"
            throw CronProblem(
                "\(name): \(text.isEmpty ? "nothing" : text) is not \(range.lowerBound) to \(range.upperBound)\(also)"
            )
        }
        return number
    }
}
