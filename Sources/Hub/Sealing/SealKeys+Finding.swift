internal import Audit

extension SealKeys {
    /// The keys that are derived from the hub's secret keys.
    ///
    /// - Throws: `ConfigurationProblem`, which names the key of the configuration.
    init(finding configuration: HubConfiguration) throws {
        try self.init(seeds: SecretKeys(finding: configuration).derived(for: Self.purpose))
    }
}
