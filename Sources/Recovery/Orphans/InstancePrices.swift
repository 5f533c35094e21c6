package import Ambient

/// What an instance costs an hour: enough to say which of many forgotten ones to look at first, not to check a bill.
///
/// The prices that come with the hub are AWS's list prices of us-east-1, on demand, Linux, as published at
/// aws.amazon.com/ec2/pricing/on-demand in 2025, by family and size; of what is not listed an average is taken. An operator
/// may give others (`MUSTER_INSTANCE_PRICES`), with their own Region, currency, discounts and licences in them. Disks,
/// addresses and traffic are not counted.
package struct InstancePrices: Sendable, Hashable, Codable {
    /// Three letters (ISO 4217).
    package var currency: String
    /// By instance type, such as `m5.large`; wins over the list.
    package var hourly: [String: Double]
    /// Of a type that is neither given nor listed.
    package var otherwise: Double
    /// What the list's prices are multiplied by: another Region's level, a discount.
    package var factor: Double

    package init(
        currency: String = "USD",
        hourly: [String: Double] = [:],
        otherwise: Double = 0.10,
        factor: Double = 1
    ) {
        self.currency = currency
        self.hourly = hourly
        self.otherwise = otherwise
        self.factor = factor
    }

    private enum Member: String, CodingKey {
        case currency, hourly, otherwise, factor
    }

    package init(from decoder: any Decoder) throws {
        let (members, standard) = (try decoder.container(keyedBy: Member.self), InstancePrices())
        currency = try members.decodeIfPresent(String.self, forKey: .currency) ?? standard.currency
        hourly = try members.decodeIfPresent([String: Double].self, forKey: .hourly) ?? standard.hourly
        otherwise = try members.decodeIfPresent(Double.self, forKey: .otherwise) ?? standard.otherwise
        factor = try members.decodeIfPresent(Double.self, forKey: .factor) ?? standard.factor
    }

    /// Why they cannot be used; nil: they can.
    package var problem: String? {
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) }) else {
            return "currency must be three capital letters"
        }
        guard (Array(hourly.values) + [otherwise, factor]).allSatisfy({ $0.isFinite && (0...100_000).contains($0) })
        else { return "prices and factor must be numbers from 0 to 100,000" }
        return nil
    }

    /// The price of an hour of a type.
    package func perHour(_ type: String?) -> Double {
        guard let type else { return otherwise }
        if let given = hourly[type] { return given }
        let parts = type.split(separator: ".")
        guard parts.count == 2, let large = Self.large[String(parts[0])], let size = Self.sizes[String(parts[1])] else {
            return otherwise
        }
        return large * size * factor
    }

    /// What an instance has cost since a moment, had it run all the time, in whole cents.
    ///
    /// - Returns: Never below zero: a clock may be behind another.
    package func cost(of type: String?, since: Instant, until now: Instant) -> Double {
        let hours = max(0, (now - since).seconds / 3600)
        return (hours * perHour(type) * 100).rounded() / 100
    }

    /// The price of the size `large` of each family; within a family prices go with the size.
    private static let large: [String: Double] = [
        "t2": 0.0928, "t3": 0.0832, "t3a": 0.0752, "t4g": 0.0672, "m4": 0.10, "m5": 0.096, "m5a": 0.086, "m5d": 0.113,
        "m6a": 0.0864, "m6g": 0.077, "m6i": 0.096, "m7a": 0.11592, "m7g": 0.0816, "m7i": 0.1008, "c4": 0.10,
        "c5": 0.085, "c5a": 0.077, "c5d": 0.096, "c6a": 0.0765, "c6g": 0.068, "c6i": 0.085, "c7a": 0.10264,
        "c7g": 0.0725, "c7i": 0.08925, "r4": 0.133, "r5": 0.126, "r5a": 0.113, "r5d": 0.144, "r6a": 0.1134,
        "r6g": 0.1008, "r6i": 0.126, "r7a": 0.15215, "r7g": 0.1071, "r7i": 0.1323,
    ]

    /// How many times a size is `large`.
    private static let sizes: [String: Double] = [
        "nano": 0.0625, "micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1, "xlarge": 2, "2xlarge": 4,
        "4xlarge": 8, "8xlarge": 16, "9xlarge": 18, "10xlarge": 20, "12xlarge": 24, "16xlarge": 32, "18xlarge": 36,
        "24xlarge": 48, "32xlarge": 64, "48xlarge": 96, "metal": 48,
    ]
}
