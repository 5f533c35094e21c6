import CoreMetrics
import Measures
import Testing

@Suite struct `A registry of metrics` {
    @Test func `shows nothing before anything was counted`() {
        #expect(Registry().exposition() == "")
    }

    @Test func `shows a counter with its labels, its help and its type`() {
        let registry = Registry()
        let labels = [("operation", "drs:StartRecovery"), ("outcome", "ok")]
        for _ in 0..<2 {
            registry.makeCounter(label: Measure.awsCalls.rawValue, dimensions: labels).increment(by: 1)
        }
        let lines = registry.exposition().split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("# HELP muster_aws_calls_total "))
        #expect(lines[1] == "# TYPE muster_aws_calls_total counter")
        #expect(lines[2] == #"muster_aws_calls_total{operation="drs:StartRecovery",outcome="ok"} 2"#)
    }

    @Test func `puts a time into every bucket that it fits into`() {
        let registry = Registry()
        let label = Measure.launchSeconds.rawValue
        let timer = registry.makeRecorder(label: label, dimensions: [("type", "DRILL")], aggregate: true)
        for seconds in [30.0, 60, 61, 10_000] { timer.record(seconds) }
        let text = registry.exposition()
        let wanted = [
            (#"_bucket{type="DRILL",le="60"}"#, "2"), (#"_bucket{type="DRILL",le="120"}"#, "3"),
            (#"_bucket{type="DRILL",le="7200"}"#, "3"), (#"_bucket{type="DRILL",le="+Inf"}"#, "4"),
            (#"_sum{type="DRILL"}"#, "10151"), (#"_count{type="DRILL"}"#, "4"),
        ]
        for (name, value) in wanted { #expect(text.contains("\(label)\(name) \(value)\n"), "\(name)") }
    }

    @Test func `keeps a label's value from ending the line`() {
        let sample = Registry.Sample(.heartbeatAge, ["a\"b\\c\nd"], 1.5)
        #expect(Registry().exposition(with: [sample]).hasSuffix(#"{spoke="a\"b\\c\nd"} 1.5"# + "\n"))
    }

    @Test func `shows only what is documented`() {
        let registry = Registry()
        registry.makeCounter(label: "http_client_requests", dimensions: []).increment(by: 1)
        #expect(registry.exposition() == "")
    }

    @Test func `loses no count of many tasks`() async {
        let registry = Registry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        registry.makeCounter(label: Measure.requests.rawValue, dimensions: [("route", "/")])
                            .increment(by: 1)
                    }
                }
            }
        }
        #expect(registry.exposition().hasSuffix(#"muster_requests_total{route="/"} 8000"# + "\n"))
    }
}

@Suite struct `The list of metrics` {
    @Test func `names each one as Prometheus does`() {
        for measure in Measure.allCases {
            #expect(measure.rawValue.hasPrefix("muster_"))
            #expect(measure.rawValue.hasSuffix("_total") == (measure.kind == .counter), "\(measure.rawValue)")
            #expect((measure.kind == .histogram) == !measure.buckets.isEmpty)
            #expect(measure.buckets == measure.buckets.sorted())
        }
    }
}
