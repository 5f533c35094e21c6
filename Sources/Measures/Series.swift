internal import CoreMetrics
internal import Synchronization

/// One metric with one set of labels.
final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private struct Value {
        /// Of a counter or gauge; of a histogram the sum.
        var total = 0.0
        var count = 0
        /// How many were in each bucket, without those of the buckets before it.
        var inBucket: [Int]
    }

    private let buckets: [Double]
    private let value: Mutex<Value>

    init(buckets: [Double]) {
        self.buckets = buckets
        value = Mutex(Value(inBucket: Array(repeating: 0, count: buckets.count)))
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func set(_ number: Int64) { set(Double(number)) }
    func set(_ number: Double) { value.withLock { $0.total = number } }
    func reset() { set(0.0) }
    func record(_ number: Int64) { record(Double(number)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ number: Double) {
        value.withLock { value in
            value.total += number
            value.count += 1
            if let bucket = buckets.firstIndex(where: { number <= $0 }) { value.inBucket[bucket] += 1 }
        }
    }

    private func add(_ amount: Double) {
        value.withLock { $0.total += amount }
    }

    /// Its lines in the exposition.
    func lines(of measure: Measure, labels: String) -> [String] {
        let value = value.withLock { $0 }
        guard measure.kind == .histogram else { return [Self.line(measure.rawValue, labels, value.total)] }
        var sum = 0
        var lines = zip(buckets, value.inBucket).map { bound, count in
            sum += count
            return Self.line("\(measure.rawValue)_bucket", Self.with(bound: Self.text(bound), labels), Double(sum))
        }
        lines.append(Self.line("\(measure.rawValue)_bucket", Self.with(bound: "+Inf", labels), Double(value.count)))
        lines.append(Self.line("\(measure.rawValue)_sum", labels, value.total))
        lines.append(Self.line("\(measure.rawValue)_count", labels, Double(value.count)))
        return lines
    }

    private static func with(bound: String, _ labels: String) -> String {
        (labels.isEmpty ? "" : labels + ",") + "le=\"\(bound)\""
    }

    static func line(_ name: String, _ labels: String, _ value: Double) -> String {
        labels.isEmpty ? "\(name) \(text(value))" : "\(name){\(labels)} \(text(value))"
    }

    /// A whole number without a fraction, up to where a floating-point number has them all.
    private static func text(_ value: Double) -> String {
        Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
