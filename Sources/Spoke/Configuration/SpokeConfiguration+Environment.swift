internal import AWS
internal import Foundation
internal import Logging
internal import Logs
internal import Recovery

extension SpokeConfiguration {
    /// Reads the environment and the file that it names.
    ///
    /// - Throws: `ConfigurationProblem`, which names the variable or the field.
    package init(environment: [String: String]) throws {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        hubs = try HubAddress.list(value("MUSTER_HUB_URL") ?? "")
        guard let path = value(Self.fileVariable) else {
            throw ConfigurationProblem(Self.fileVariable, "must name the YAML file with the spoke's accounts")
        }
        let file = try SpokeFile(yaml: Self.text(ofFile: path))
        accounts = file.accounts
        name = try Self.name(value("MUSTER_SPOKE_NAME") ?? file.name)
        cadence = try value("MUSTER_SPOKE_POLL_MILLISECONDS").map(Self.cadence) ?? .ordinary
        do {
            endpoints = try Endpoints(environment: environment)
        } catch {
            throw ConfigurationProblem("AWS_ENDPOINT_URL", error.description)
        }
        metricsFile = try value("MUSTER_METRICS_FILE").map(Self.metricsFile)
        logLevel = try Self.logLevel(value("MUSTER_LOG_LEVEL") ?? Logger.Level.info.rawValue)
        logFormat = try Self.logFormat(value("MUSTER_LOG_FORMAT") ?? LogFormat.text.rawValue)
        homeRegion = try Self.home(value("AWS_REGION") ?? value("AWS_DEFAULT_REGION"), accounts: file.accounts)
    }

    static let fileVariable = "MUSTER_SPOKE_CONFIG"

    /// How often jobs may be looked at: not more than 100 times a second, and not less than once a minute.
    private static let pollMilliseconds = 10...60_000

    private static func text(ofFile path: String) throws(ConfigurationProblem) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationProblem(fileVariable, "\(path) cannot be read as UTF-8 text")
        }
    }

    private static func name(_ text: String?) throws(ConfigurationProblem) -> String {
        guard let text else {
            throw ConfigurationProblem("MUSTER_SPOKE_NAME", "must be given, here or as the file's name")
        }
        guard Limits.nameLength.contains(text.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
        else { throw ConfigurationProblem("MUSTER_SPOKE_NAME", "must be 1 to 128 printable characters") }
        return text
    }

    private static func metricsFile(_ path: String) throws(ConfigurationProblem) -> String {
        guard path.hasPrefix("/"), path.hasSuffix(".prom") else {
            throw ConfigurationProblem("MUSTER_METRICS_FILE", "must be an absolute path that ends in .prom")
        }
        return path
    }

    private static func logLevel(_ text: String) throws(ConfigurationProblem) -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationProblem("MUSTER_LOG_LEVEL", "must be one of \(levels)")
        }
        return level
    }

    private static func logFormat(_ text: String) throws(ConfigurationProblem) -> LogFormat {
        guard let format = LogFormat(rawValue: text) else {
            throw ConfigurationProblem("MUSTER_LOG_FORMAT", "must be text or json")
        }
        return format
    }

    private static func cadence(_ text: String) throws(ConfigurationProblem) -> Cadence {
        guard let number = Int(text), pollMilliseconds.contains(number) else {
            throw ConfigurationProblem(
                "MUSTER_SPOKE_POLL_MILLISECONDS",
                "must be a whole number of \(pollMilliseconds.lowerBound) to \(pollMilliseconds.upperBound)"
            )
        }
        return Cadence(poll: .milliseconds(number))
    }

    private static func home(_ text: String?, accounts: [ReachableAccount]) throws(ConfigurationProblem) -> Region {
        guard let text else {
            guard let first = accounts.first?.regions.first else {
                throw ConfigurationProblem("AWS_REGION", "must be given where no account has a Region")
            }
            return first
        }
        guard let region = Region(rawValue: text), Partition.of(region: text) != nil else {
            throw ConfigurationProblem("AWS_REGION", "must be \(Region.rule)")
        }
        return region
    }
}
