import Contract
import Foundation
import JSON
import OrderedCollections
import Testing

@Suite struct `The description of the API` {
    /// The repository's root, from this file's place in it.
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `is the one that is kept with the documents`() throws {
        let kept = try String(contentsOf: Self.root.appending(path: "Docs/openapi.json"), encoding: .utf8)
        let made = OpenAPIDocument.make().indentedText + "\n"
        #expect(made == kept, "the calls have changed: write it anew with `muster-hub openapi > Docs/openapi.json`")
    }

    @Test func `refers only to components that it has`() throws {
        let document = OpenAPIDocument.make()
        let components = Set((document["components"]?["schemas"]?.object ?? [:]).keys)
        var references: Set<String> = []
        func walk(_ value: JSON) {
            if let reference = value["$ref"]?.string { references.insert(reference) }
            for member in value.object?.values.elements ?? [] { walk(member) }
            for element in value.array ?? [] { walk(element) }
        }
        walk(document)
        #expect(!references.isEmpty)
        #expect(references.isSubset(of: Set(components.map { "#/components/schemas/\($0)" })))
    }

    @Test func `has an operation of its own name for every call`() throws {
        let paths = OpenAPIDocument.make()["paths"]?.object ?? [:]
        let names = paths.values.flatMap { ($0.object ?? [:]).values.compactMap { $0["operationId"]?.string } }
        #expect(names.count == Contract.calls.count)
        #expect(Set(names).count == names.count)
    }

    /// What design and clients rely on: these members may not go, nor change their names.
    @Test(arguments: [
        (
            "SourceServerView",
            "sourceServerId accountId region hostname tags replicationState lagSeconds assignment groupId groupName readiness lastLaunch recoveryInstanceId syncedAt"
        ),
        (
            "ProtectionGroupView",
            "groupId groupName description accountId region sourceServerIds serverSelectionTags serverCount servers conflicts usedByPlans createdDate lastModifiedDate createdBy revision"
        ),
        (
            "RecoveryPlanView",
            "planId planName description ordering recoveryTimeObjectiveMinutes recoveryPointObjectiveSeconds owner application waves totalWaves totalServers readiness hasServerConflict conflictInfo latestExecution createdDate lastModifiedDate createdBy revision"
        ),
        (
            "ExecutionView",
            "executionId planId planName planRevision executionType status reason startedBy startedAt endedAt currentWave totalWaves counts waves verdict instancesTerminated cleanup recoveryTime revision"
        ),
        ("ExecutionWaveView", "waveNumber name status waitingFor startedAt endedAt jobs servers"),
        (
            "ExecutionWaveViewServer",
            "sourceServerId hostname accountId region impact status launchStatus jobId recoveryInstanceId instanceState attempts startedAt endedAt error"
        ),
        ("ExecutionViewCounts", "total pending queued inProgress launched failed skipped cancelled"),
        ("ExecutionViewRecoveryTime", "objectiveSeconds elapsedSeconds forecastSeconds"),
        ("JobLogView", "at waveNumber accountId region jobId event sourceServerId detail"),
        ("SpokeView", "spokeId name version principal accounts state lastSeenAt"),
    ]) func `has every member that is always there`(component: String, members: String) throws {
        let schema = try #require(OpenAPIDocument.make()["components"]?["schemas"]?[component])
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        #expect(Set(members.split(separator: " ").map(String.init)).subtracting(required).isEmpty)
    }
}
