internal import AWS
internal import Ambient
internal import Logging
internal import Recovery

/// One account in one Region as the spoke reaches it: its clients, and what is shared by all who work there.
package final class ServedPlace: Sendable {
    let place: Place
    let account: ReachableAccount
    let drs: DRSClient
    let ec2: EC2Client
    let quotas: ServiceQuotasClient
    let iam: IAMClient
    let sns: SNSClient
    let sts: STSClient
    let poller: JobPoller
    let tagged: TaggedJobs
    let activeJobs = Watched(ActiveJobs())

    init(place: Place, account: ReachableAccount, equipment: Equipment) {
        let (number, region) = (place.accountId.rawValue, place.region.rawValue)
        let client = equipment.client
        sts = STSClient(client: client, region: region, credentials: equipment.credentials)
        // Assumed at the Region's own STS, so that no third Region can stop a recovery.
        let role = RefreshingCredentials(
            AssumedRole(
                sts: sts,
                roleARN: account.roleArn,
                sessionName: "muster-\(equipment.name)",
                externalID: account.externalId
            ),
            ambient: equipment.ambient
        )
        drs = DRSClient(client: client, account: number, region: region, credentials: role)
        ec2 = EC2Client(client: client, account: number, region: region, credentials: role)
        quotas = ServiceQuotasClient(client: client, account: number, region: region, credentials: role)
        iam = IAMClient(client: client, account: number, region: region, credentials: role)
        sns = SNSClient(client: client, region: region, credentials: role)
        var logger = equipment.logger
        logger[metadataKey: "place"] = "\(place)"
        poller = JobPoller(drs: drs, cadence: equipment.cadence, ambient: equipment.ambient, logger: logger)
        tagged = TaggedJobs(drs: drs)
        self.place = place
        self.account = account
    }
}
