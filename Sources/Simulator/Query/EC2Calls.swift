internal import Ambient
internal import OrderedCollections

/// The operations of EC2 that the simulator offers.
package enum EC2Operation: String, Sendable, CaseIterable {
    case describeInstances = "DescribeInstances"
    case describeInstanceStatus = "DescribeInstanceStatus"
    case describeRegions = "DescribeRegions"
    case terminateInstances = "TerminateInstances"
}

extension World {
    mutating func perform(_ operation: EC2Operation, _ call: Call) throws(Refusal) -> Output {
        switch operation {
        case .describeInstances: try describeInstances(call)
        case .describeInstanceStatus: try describeInstanceStatus(call)
        case .describeRegions: describeRegions()
        case .terminateInstances: try terminateInstances(call)
        }
    }

    private func describeInstances(_ call: Call) throws(Refusal) -> Output {
        let page = try chosen(call) { _ in true }
        let items = page.items.map { instance, state in
            [
                .text("reservationId", Naming.name("r", of: instance.id)), .text("ownerId", call.place.account),
                XML.list("instancesSet", [[XML]](arrayLiteral: render(instance, state, in: call.place))),
            ]
        }
        return .xml([.list("reservationSet", items)] + XML.optional("nextToken", page.next))
    }

    private func render(_ instance: RecoveryInstance, _ state: RecoveryInstance.State, in place: Place) -> [XML] {
        let tags = instance.tags.sorted { $0.key < $1.key }.map { [XML.text("key", $0.key), .text("value", $0.value)] }
        let zone = place.region + "a"
        return [
            .text("instanceId", instance.id), .text("imageId", Naming.name("ami", of: instance.server)),
            render(state, as: "instanceState"),
            .text("privateDnsName", "ip-\(instance.privateAddress.replacing(".", with: "-")).ec2.internal"),
            .text("instanceType", "m5.large"),
            .text("launchTime", Self.seconds(clock.wallClock(at: instance.born))),
            .element("placement", [.text("availabilityZone", zone), .text("tenancy", "default")]),
            .text("subnetId", Naming.name("subnet", of: place.description)),
            .text("vpcId", Naming.name("vpc", of: place.description)),
            .text("privateIpAddress", instance.privateAddress), .text("architecture", "x86_64"),
            .text("rootDeviceType", "ebs"), .text("rootDeviceName", "/dev/nvme0n1"), .list("tagSet", tags),
        ]
    }

    private func render(_ state: RecoveryInstance.State, as name: String) -> XML {
        .element(name, [.text("code", String(state.code)), .text("name", state.rawValue)])
    }

    /// Instances that run, unless all are asked for.
    private func describeInstanceStatus(_ call: Call) throws(Refusal) -> Output {
        let includesAll = call.form["IncludeAllInstances"] == "true"
        let page = try chosen(call) { includesAll || $0 == .running }
        let moment = clock.simulated(at: call.now)
        let items = page.items.map { instance, state -> [XML] in
            /// Checks pass about a minute after the launch.
            let passed = moment >= instance.ready + .seconds(60)
            let status = state == .running ? (passed ? "ok" : "initializing") : "not-applicable"
            let details = XML.list(
                "details",
                [[XML]](arrayLiteral: [
                    .text("name", "reachability"), .text("status", passed ? "passed" : "initializing"),
                ])
            )
            return [
                .text("instanceId", instance.id), .text("availabilityZone", call.place.region + "a"),
                render(state, as: "instanceState"),
                .element("systemStatus", [.text("status", status), details]),
                .element("instanceStatus", [.text("status", status), details]),
            ]
        }
        return .xml([.list("instanceStatusSet", items)] + XML.optional("nextToken", page.next))
    }

    private func describeRegions() -> Output {
        let items = Place.regions.filter { !$0.hasPrefix("us-gov-") }.map { region -> [XML] in
            [
                .text("regionName", region), .text("regionEndpoint", "ec2.\(region).amazonaws.com"),
                .text("optInStatus", "opt-in-not-required"),
            ]
        }
        return .xml([.list("regionInfo", items)])
    }

    private mutating func terminateInstances(_ call: Call) throws(Refusal) -> Output {
        let ids = call.form.list("InstanceId")
        guard !ids.isEmpty else { throw Refusal(400, "MissingParameter", "InstanceId is required.") }
        let moment = clock.simulated(at: call.now)
        var items: [[XML]] = []
        for id in ids {
            guard let before = estates[call.place]?.instances[id]?.state(at: moment) else { throw Self.noInstance(id) }
            _ = estates[call.place]?.terminateInEC2(id, at: moment)
            let after = estates[call.place]?.instances[id]?.state(at: moment) ?? .terminated
            items.append([
                .text("instanceId", id), render(after, as: "currentState"), render(before, as: "previousState"),
            ])
        }
        return .xml([.list("instancesSet", items)])
    }

    // MARK: Which instances

    private typealias Choice = (items: [(RecoveryInstance, RecoveryInstance.State)], next: String?)

    private func chosen(_ call: Call, where matches: (RecoveryInstance.State) -> Bool) throws(Refusal) -> Choice {
        let (moment, ids) = (clock.simulated(at: call.now), call.form.list("InstanceId"))
        let instances = try estate(at: call.place).instances
        for id in ids where instances[id]?.state(at: moment) == nil { throw Self.noInstance(id) }
        let wanted = Set(ids)
        var (items, first): ([(RecoveryInstance, RecoveryInstance.State)], Int) = ([], 0)
        if let token = call.form["NextToken"] {
            guard let position = Int(token, radix: 16) else {
                throw Refusal(400, "InvalidParameterValue", "NextToken is not valid.")
            }
            first = position
        }
        let size = call.form["MaxResults"].flatMap { Int($0) } ?? settings.pageLimit
        for instance in instances.values where instance.sequence >= first {
            guard wanted.isEmpty || wanted.contains(instance.id), let state = instance.state(at: moment), matches(state)
            else { continue }
            guard try passes(instance, state, call.form.filters()) else { continue }
            guard items.count < size else { return (items, String(instance.sequence, radix: 16)) }
            items.append((instance, state))
        }
        return (items, nil)
    }

    private func passes(
        _ instance: RecoveryInstance,
        _ state: RecoveryInstance.State,
        _ filters: [(name: String, values: [String])]
    ) throws(Refusal) -> Bool {
        for filter in filters {
            let passes =
                switch filter.name {
                case "instance-id": filter.values.contains(instance.id)
                case "instance-state-name": filter.values.contains(state.rawValue)
                case "private-ip-address": filter.values.contains(instance.privateAddress)
                case "tag-key": filter.values.contains { instance.tags[$0] != nil }
                case _ where filter.name.hasPrefix("tag:"):
                    instance.tags[String(filter.name.dropFirst(4))].map(filter.values.contains) ?? false
                case _: throw Refusal(400, "InvalidParameterValue", "The filter '\(filter.name)' is invalid")
                }
            guard passes else { return false }
        }
        return true
    }

    private static func noInstance(_ id: String) -> Refusal {
        Refusal(400, "InvalidInstanceID.NotFound", "The instance ID '\(id)' does not exist")
    }
}
