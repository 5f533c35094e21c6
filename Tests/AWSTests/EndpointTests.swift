import AWS
import Testing

@Suite struct `An endpoint` {
    @Test(arguments: [
        (AWSService.sts, "eu-south-2", "https://sts.eu-south-2.amazonaws.com", "eu-south-2"),
        (.drs, "us-gov-west-1", "https://drs.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        (.ec2, "eusc-de-east-1", "https://ec2.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        (.sts, "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (.iam, "eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
        (.iam, "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
        (.serviceQuotas, "sa-east-1", "https://servicequotas.sa-east-1.amazonaws.com", "sa-east-1"),
    ]) func `is the Region's own`(service: AWSService, region: String, origin: String, signing: String) throws {
        let endpoint = try Endpoints().endpoint(of: service, in: region)
        #expect(endpoint.origin == origin && endpoint.signingRegion == signing)
    }

    @Test func `is the service's variable before the general one, and keeps the Region`() throws {
        let endpoints = try Endpoints(environment: [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:4566/", "AWS_ENDPOINT_URL_DRS": "http://aws.example:9000/base",
            "AWS_ENDPOINT_URL_EC2": "",
        ])
        let drs = try endpoints.endpoint(of: .drs, in: "eu-west-1")
        #expect(drs.origin == "http://aws.example:9000" && drs.basePath == "/base" && drs.signingRegion == "eu-west-1")
        let ec2 = try endpoints.endpoint(of: .ec2, in: "eu-west-1")
        #expect(ec2.origin == "http://127.0.0.1:4566" && ec2.basePath.isEmpty)
    }

    @Test(arguments: [
        ["AWS_ENDPOINT_URL_STS": "http://sts.example"], ["AWS_ENDPOINT_URL": "ftp://x"],
        ["AWS_ENDPOINT_URL_SNS": "nonsense"],
        ["AWS_ENDPOINT_URL_DRS": "https://user:password@host"], ["AWS_ENDPOINT_URL_DRS": "https://host/?a=b"],
    ]) func `is refused at the start when it cannot be one`(environment: [String: String]) {
        #expect(throws: Endpoints.Problem.self) { try Endpoints(environment: environment) }
    }

    @Test(arguments: ["", "eu-west-1.evil.com", "us-iso-east-1", "eu-west-1/", "EU-WEST-1", "eu--1", "localhost"])
    func `is not made of what is no Region`(region: String) throws {
        #expect(throws: Endpoints.Problem.region(region)) { try Endpoints().endpoint(of: .drs, in: region) }
    }

    @Test(arguments: [
        ("http://127.0.0.1:1", true), ("http://localhost", true), ("http://[::1]:80", true), ("http://127.9.9.9", true),
        ("http://127.0.0.1.evil.com", false), ("http://10.0.0.1", false), ("http://localhost.evil.com", false),
        ("http://127.evil", false),
    ]) func `is loopback or is not`(address: String, expected: Bool) throws {
        #expect(try #require(Endpoint(address: address, signingRegion: "x")).isLoopback == expected)
    }

    @Test func `exists for every DRS Region, 34 commercial ones, two of GovCloud and the sovereign one`() {
        #expect(DRSRegions.all.count == 37 && Set(DRSRegions.all).count == 37)
        #expect(DRSRegions.of(partition: "aws").count == 34)
        #expect(DRSRegions.of(partition: "aws-us-gov").count == 2)
        #expect(DRSRegions.of(partition: "aws-eusc").count == 1)
    }
}

@Suite struct `The list of required actions` {
    @Test func `has every action once, and those that DRS uses itself`() {
        #expect(Set(RequiredActions.all).count == RequiredActions.all.count)
        #expect(RequiredActions.all.contains("iam:PassRole") && RequiredActions.all.contains("drs:TagResource"))
        #expect(RequiredActions.ofStartRecovery.count == 35)
    }
}
