/// Amazon EC2 of one account in one Region, version 2016-11-15: only what is asked of recovered instances.
package struct EC2Client: Sendable {
    /// The most values of a filter (EC2 API reference, "DescribeInstances").
    private static let filterLimit = 200

    /// The most pages of one question, for 200 instances have at most 40 of the smallest pages.
    private static let pageLimit = 200

    private let client: AWSClient
    private let account: String
    private let region: String
    private let source: any CredentialSource

    package init(client: AWSClient, account: String, region: String, credentials: any CredentialSource) {
        self.client = client
        self.account = account
        self.region = region
        source = credentials
    }

    /// An instance.
    package struct Instance: Sendable, Hashable {
        package let id: String

        /// `pending`, `running`, `shutting-down`, `terminated`, `stopping` or `stopped`, or a word to come.
        package let state: String
        package let type: String?
        package let privateIP: String?
        package let publicIP: String?
        package let availabilityZone: String?
        package let subnet: String?
        package let launchedAt: WireTime?
    }

    /// The instances of these identifiers; those that EC2 no longer knows are left out.
    ///
    /// They are asked for by filter: an unknown identifier in the list itself would refuse them all.
    package func instances(_ ids: [String]) async throws -> [Instance] {
        var instances: [Instance] = []
        var rest = ids[...]
        while !rest.isEmpty {
            instances += try await page(rest.prefix(Self.filterLimit))
            rest = rest.dropFirst(Self.filterLimit)
        }
        return instances
    }

    /// One page of an answer of DescribeInstances, and what leads to the next.
    package static func page(in body: [UInt8]) throws -> (instances: [Instance], nextToken: String?) {
        let answer = try Query.read(InstancesAnswer.self, from: body)
        return (answer.instances, answer.nextToken)
    }

    private func page(_ ids: ArraySlice<String>) async throws -> [Instance] {
        var instances: [Instance] = []
        var token: String?
        for _ in 0..<Self.pageLimit {
            var parameters: [(name: String, value: String)] = [("Filter.1.Name", "instance-id")]
            for (index, id) in ids.enumerated() { parameters.append(("Filter.1.Value.\(index + 1)", id)) }
            parameters.append(("MaxResults", "1000"))
            if let token { parameters.append(("NextToken", token)) }
            let request = Query.request("DescribeInstances", version: "2016-11-15", parameters)
            let call = AWSCall(.ec2, "DescribeInstances", in: region, account: account, request: request)
            let answer = try await client.perform(call, with: source) { try Self.page(in: $0.body) }
            instances += answer.instances
            guard let next = answer.nextToken, !next.isEmpty else { return instances }
            guard next != token else { break }
            token = next
        }
        let message = "the list does not end, or its next page is the one before"
        throw AWSFailure(.lost, operation: "ec2:DescribeInstances", region: region, message: message)
    }
}

/// The XML of DescribeInstances: reservations in items, instances in items.
private struct InstancesAnswer: Decodable, Sendable {
    struct Items<Item: Decodable & Sendable>: Decodable, Sendable {
        let item: [Item]?
    }

    struct Reservation: Decodable, Sendable {
        let instancesSet: Items<Entry>?
    }

    struct State: Decodable, Sendable {
        let name: String?
    }

    struct Placement: Decodable, Sendable {
        let availabilityZone: String?
    }

    struct Entry: Decodable, Sendable {
        let instanceId: String
        let instanceState: State?
        let instanceType: String?
        let privateIpAddress: String?
        let ipAddress: String?
        let placement: Placement?
        let subnetId: String?
        let launchTime: WireTime?
    }

    let reservationSet: Items<Reservation>?
    let nextToken: String?

    var instances: [EC2Client.Instance] {
        let entries = (reservationSet?.item ?? []).flatMap { $0.instancesSet?.item ?? [] }
        return entries.map { entry in
            EC2Client.Instance(
                id: entry.instanceId,
                state: entry.instanceState?.name ?? "unknown",
                type: entry.instanceType,
                privateIP: entry.privateIpAddress,
                publicIP: entry.ipAddress,
                availabilityZone: entry.placement?.availabilityZone,
                subnet: entry.subnetId,
                launchedAt: entry.launchTime
            )
        }
    }
}
