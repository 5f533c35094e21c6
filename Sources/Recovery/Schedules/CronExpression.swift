package import Ambient

/// When something happens again and again: five fields, as cron has them.
///
/// ```
/// minute  hour  day of month  month  day of week
/// 30      22    *             *      SAT#1          the first Saturday of each month at 22:30
/// 0       6     L             MAR,JUN,SEP,DEC  *    the last day of each quarter at 6:00
/// 15      */6   *             *      MON-FRI        at 0:15, 6:15, 12:15 and 18:15 on working days
/// ```
/// A field is `*`, numbers, ranges and steps in a list; months and days of the week have their English names too, and
/// Sunday is 0 or 7. `L` is a month's last day, `SAT#1` its first Saturday, `FRI#L` its last Friday. Where both day
/// fields say something, a day that fits either is meant (POSIX, crontab).
///
/// The minute is one number: nothing is started more than once an hour, so that a slip of the pen does not fill an
/// account with drills.
package struct CronExpression: Sendable, Hashable {
    /// As it was written.
    package let text: String
    let minute: Int64
    let hours: Set<Int64>
    let months: Set<Int64>
    let days: Days
    let weekdays: Weekdays

    /// Which days of a month.
    struct Days: Sendable, Hashable {
        var numbers: Set<Int64> = []
        var hasLast = false
        var isAny = false
    }

    /// Which days of the week, some of them only once a month.
    struct Weekdays: Sendable, Hashable {
        var numbers: Set<Int64> = []
        /// Of a month's first, second, … such day; 0: of its last.
        var ordinals: Set<Ordinal> = []
        var isAny = false
    }

    struct Ordinal: Sendable, Hashable {
        var weekday: Int64
        var number: Int64
    }

    /// - Throws: `CronProblem`, which says what is wrong and where.
    package init(_ text: String) throws(CronProblem) {
        let fields = text.split(separator: " ").map(String.init)
        guard fields.count == 5 else {
            throw CronProblem("\(fields.count) fields instead of five: minute hour day-of-month month day-of-week")
        }
        guard let minute = Int64(fields[0]), (0...59).contains(minute) else {
            throw CronProblem("the minute is one number from 0 to 59, for nothing starts more than once an hour")
        }
        self.text = fields.joined(separator: " ")
        self.minute = minute
        hours = try CronField.hour.numbers(in: fields[1])
        months = try CronField.month.numbers(in: fields[3])
        days = try Self.days(fields[2])
        weekdays = try Self.weekdays(fields[4])
        guard canHappen else { throw CronProblem("no month that is named has such a day") }
    }

    private static func days(_ text: String) throws(CronProblem) -> Days {
        guard text != "*" else { return Days(isAny: true) }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let rest = parts.filter { $0.uppercased() != "L" }
        var days = Days(hasLast: rest.count < parts.count)
        if !rest.isEmpty { days.numbers = try CronField.day.numbers(in: rest.joined(separator: ",")) }
        return days
    }

    private static func weekdays(_ text: String) throws(CronProblem) -> Weekdays {
        guard text != "*" else { return Weekdays(isAny: true) }
        var weekdays = Weekdays()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let mark = part.firstIndex(of: "#") else {
                weekdays.numbers.formUnion(try CronField.weekday.numbers(in: String(part)))
                continue
            }
            let weekday = try CronField.weekday.number(String(part[..<mark]))
            let ordinal = part[part.index(after: mark)...].uppercased()
            guard let number = ordinal == "L" ? 0 : Int64(ordinal).flatMap({ (1...5).contains($0) ? $0 : nil }) else {
                throw CronProblem("\(part): after # stands 1 to 5, or L for the last")
            }
            weekdays.ordinals.insert(Ordinal(weekday: weekday, number: number))
        }
        return weekdays
    }

    /// A leap year after the next and every weekday of February 29 lie within 40 years, but for century years.
    private var canHappen: Bool {
        guard days.isAny || !weekdays.isAny || days.hasLast else {
            return days.numbers.contains { day in
                months.contains { month in CivilDate(2000, month, day) != nil }
            }
        }
        return true
    }

    /// Whether it happens on a day.
    package func includes(_ date: CivilDate) -> Bool {
        guard months.contains(date.month) else { return false }
        switch (days.isAny, weekdays.isAny) {
        case (true, true): return true
        case (false, true): return includesDay(date)
        case (true, false): return includesWeekday(date)
        case (false, false): return includesDay(date) || includesWeekday(date)
        }
    }

    private func includesDay(_ date: CivilDate) -> Bool {
        days.numbers.contains(date.day) || (days.hasLast && date.day == date.daysInMonth)
    }

    private func includesWeekday(_ date: CivilDate) -> Bool {
        let weekday = date.weekday
        if weekdays.numbers.contains(weekday) { return true }
        return weekdays.ordinals.contains { ordinal in
            guard ordinal.weekday == weekday else { return false }
            return ordinal.number == 0 ? date.day + 7 > date.daysInMonth : (date.day - 1) / 7 + 1 == ordinal.number
        }
    }

    /// Days looked at: February 29 is at most eight years away, the fifth of some weekday in it at most forty.
    private static let horizon: Int64 = 366 * 41

    /// The first moment after another at which it happens.
    ///
    /// - Parameters:
    ///   - moment: The moment before.
    ///   - zone: Whose clocks count.
    /// - Returns: nil when there is none within 41 years.
    package func next(after moment: Instant, in zone: some TimeZoneRules) -> Instant? {
        // Where clocks jump at midnight, a time of the day before may come after one of this day.
        let first = zone.date(at: moment).daysSinceEpoch - 1
        for day in first..<(first + Self.horizon) {
            let date = CivilDate(daysSinceEpoch: day)
            guard includes(date) else { continue }
            let moments = hours.map { zone.moment(of: date, minute: $0 * 60 + minute) }.filter { $0 > moment }
            if let next = moments.min() { return next }
        }
        return nil
    }

    /// The next moments at which it happens, in their order.
    package func next(_ count: Int, after moment: Instant, in zone: some TimeZoneRules) -> [Instant] {
        var moments: [Instant] = []
        while moments.count < count, let next = next(after: moments.last ?? moment, in: zone) { moments.append(next) }
        return moments
    }
}

/// What is wrong with a cron expression, in words.
package struct CronProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
