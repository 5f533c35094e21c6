/// Finds each service's address: AWS's own regional one, unless the environment names another.
package struct Endpoints: Sendable {
    /// Why a service cannot be called.
    package enum Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// The Region's partition is not known.
        case region(String)

        /// A variable's value is no acceptable address.
        case address(variable: String)

        package var description: String {
            switch self {
            case .region(let region): "\(region) is not a Region of a partition that Muster knows"
            case .address(let variable):
                "\(variable) is not an https address (http is taken for loopback, and not for STS elsewhere)"
            }
        }
    }

    private let overrides: [AWSService: (variable: String, address: String)]

    /// Takes the overrides from an environment: `AWS_ENDPOINT_URL_<SERVICE>` before `AWS_ENDPOINT_URL`.
    ///
    /// Throws for an address that could not be used, so that a program says so when it starts.
    package init(environment: [String: String] = [:]) throws(Problem) {
        var overrides: [AWSService: (variable: String, address: String)] = [:]
        for service in AWSService.allCases {
            let names = ["AWS_ENDPOINT_URL_\(service.variable)", "AWS_ENDPOINT_URL"]
            guard let name = names.first(where: { environment[$0]?.isEmpty == false }), let address = environment[name]
            else { continue }
            overrides[service] = (name, address)
        }
        self.overrides = overrides
        for service in AWSService.allCases { _ = try endpoint(of: service, in: "us-east-1") }
    }

    /// The address of a service in a Region, always regional: STS's global endpoint is never used, for its tokens fail in
    /// opt-in Regions and no third Region may stop a recovery.
    ///
    /// An override changes the address alone; the Region stays in the signature.
    package func endpoint(of service: AWSService, in region: String) throws(Problem) -> Endpoint {
        guard let partition = Partition.of(region: region) else { throw .region(region) }
        let signingRegion = service == .iam ? partition.iamRegion : region
        if let (variable, address) = overrides[service] {
            guard let endpoint = Endpoint(address: address, signingRegion: signingRegion),
                endpoint.scheme == "https" || endpoint.isLoopback || service != .sts
            else { throw .address(variable: variable) }
            return endpoint
        }
        let host = service == .iam ? partition.iamHost : "\(service.rawValue).\(region).\(partition.domain)"
        return Endpoint(authority: host, signingRegion: signingRegion)
    }
}
