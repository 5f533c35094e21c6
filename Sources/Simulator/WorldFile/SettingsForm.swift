internal import Ambient
internal import JSON

/// How a world behaves, as its file says.
enum SettingsForm {
    static func read(_ value: JSON, at path: String) throws(FieldProblem) -> World.Settings {
        let fields = try Fields(
            value,
            at: path,
            known: [
                "clockScale", "pageSize", "pageLimit", "timestamps", "omitsInstancesOfCompletedJobs",
                "signatureWindowSeconds", "timeline", "rates",
            ]
        )
        var settings = World.Settings()
        settings.clockScale = try scale("clockScale", fields) ?? settings.clockScale
        settings.pageSize = try fields.whole("pageSize", in: 1...1_000_000) ?? settings.pageSize
        settings.pageLimit = try fields.whole("pageLimit", in: 1...1_000_000) ?? settings.pageLimit
        settings.timestamps = try fields.choice("timestamps") ?? settings.timestamps
        settings.omitsInstancesOfCompletedJobs = try fields.flag("omitsInstancesOfCompletedJobs") ?? false
        settings.signatureWindow = try fields.seconds("signatureWindowSeconds") ?? settings.signatureWindow
        if let value = fields.value("timeline") {
            settings.timeline = try timeline(value, at: Fields.join(path, "timeline"))
        }
        if let entries = try fields.entries("rates") {
            for (operation, value, path) in entries {
                let rate = try rate(value, at: path)
                if operation == "default" {
                    settings.rates.ordinary = rate
                } else {
                    settings.rates.operations[operation] = rate
                }
            }
        }
        return settings
    }

    /// A clock 100,000 times as fast ends a launch in 5 ms; one of a thousandth takes 6 days.
    static func scale(_ name: String, _ fields: Fields) throws(FieldProblem) -> Double? {
        try fields.number(name, in: 0.001...100_000)
    }

    private static func rate(_ value: JSON, at path: String) throws(FieldProblem) -> Rates.Rate {
        let fields = try Fields(value, at: path, known: ["perSecond", "burst"])
        guard let perSecond = try fields.number("perSecond", in: 0.001...1_000_000) else {
            throw fields.wrong("perSecond", "is required")
        }
        return Rates.Rate(
            perSecond: perSecond,
            burst: try fields.number("burst", in: 1...1_000_000) ?? max(1, perSecond)
        )
    }

    private static func timeline(_ value: JSON, at path: String) throws(FieldProblem) -> Timeline {
        var timeline = Timeline()
        let phases: [(String, WritableKeyPath<Timeline, Duration>)] = [
            ("jobStart", \.jobStart), ("beforeSnapshot", \.beforeSnapshot), ("snapshot", \.snapshot),
            ("beforeConversion", \.beforeConversion), ("conversion", \.conversion), ("beforeLaunch", \.beforeLaunch),
            ("launch", \.launch), ("closing", \.closing), ("cleanup", \.cleanup), ("termination", \.termination),
            ("snapshotWait", \.snapshotWait),
        ]
        let fields = try Fields(value, at: path, known: phases.map(\.0) + ["jitter"])
        for (name, phase) in phases { timeline[keyPath: phase] = try fields.seconds(name) ?? timeline[keyPath: phase] }
        timeline.jitter = try fields.number("jitter", in: 0...2) ?? timeline.jitter
        return timeline
    }
}
