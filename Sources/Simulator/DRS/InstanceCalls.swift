internal import Ambient
internal import JSON
internal import OrderedCollections

extension World {
    /// In the order in which they were launched; a page goes on behind the last instance shown, whatever vanishes.
    func describeRecoveryInstances(_ call: Call) throws(Refusal) -> Output {
        let estate = try initializedEstate(at: call.place)
        let page = try Page(of: call, settings: settings)
        let filters = try Members(call.json).object("filters")
        let ids = try filters?.strings("recoveryInstanceIDs") ?? []
        guard ids.count <= 200 else { throw .validation("recoveryInstanceIDs must have at most 200 members.") }
        let servers = try filters?.strings("sourceServerIDs") ?? []
        let moment = clock.simulated(at: call.now)
        let (wanted, owners) = (Set(ids), Set(servers))
        var (items, last): ([JSON], Int) = ([], 0)
        for instance in estate.instances.values {
            guard instance.sequence >= page.position ?? 0, instance.isShown(at: moment),
                wanted.isEmpty || wanted.contains(instance.id), owners.isEmpty || owners.contains(instance.server)
            else { continue }
            guard items.count < page.size else { return .json(list(items, next: page.token(at: last + 1))) }
            items.append(render(instance, of: estate, at: moment))
            last = instance.sequence
        }
        return .json(list(items, next: nil))
    }

    private func render(_ instance: RecoveryInstance, of estate: Estate, at moment: Duration) -> JSON {
        let state = instance.state(at: moment)?.rawValue.uppercased() ?? "NOT_FOUND"
        let server = estate.servers[instance.server]
        return .object([
            "recoveryInstanceID": .string(instance.id), "ec2InstanceID": .string(instance.id),
            "ec2InstanceState": .string(state), "jobID": .string(instance.job),
            "sourceServerID": .string(instance.server),
            "arn": .string(estate.place.arn("recovery-instance/\(instance.id)")), "tags": Self.render(instance.tags),
            "isDrill": .bool(instance.isDrill), "pointInTimeSnapshotDateTime": stamp.text(instance.recoveryPoint),
            "originEnvironment": "AWS", "originAvailabilityZone": .string(estate.place.region + "a"),
            "failback": .object(["state": "FAILBACK_NOT_STARTED"]),
            "dataReplicationInfo": .object(["dataReplicationState": "NOT_STARTED"]),
            "recoveryInstanceProperties": .object([
                "lastUpdatedDateTime": stamp.text(instance.ready),
                "identificationHints": .object([
                    "hostname": .string(server?.hostname ?? ""), "awsInstanceID": .string(instance.id),
                ]),
                "networkInterfaces": [
                    .object([
                        "macAddress": "02:00:00:00:00:02", "ips": [.string(instance.privateAddress)], "isPrimary": true,
                    ])
                ],
                "disks": [
                    .object([
                        "internalDeviceName": "/dev/nvme0n1", "bytes": .integer(32 << 30),
                        "ebsVolumeID": .string(Naming.name("vol", of: instance.id)),
                    ])
                ],
                "cpus": [.object(["cores": 2, "modelName": "Intel(R) Xeon(R) Platinum"])],
                "ramBytes": .integer(8 << 30),
                "os": .object([
                    "fullString": .string(server?.platform == .windows ? "Windows Server 2022" : "Debian GNU/Linux 12")
                ]),
            ]),
            "agentVersion": "5.6.2",
        ])
    }
}
