internal import JSON
internal import OrderedCollections

/// The operations of Service Quotas that the simulator offers.
package enum ServiceQuotasOperation: String, Sendable, CaseIterable {
    case listServiceQuotas = "ListServiceQuotas"
    case getServiceQuota = "GetServiceQuota"
}

extension World {
    func perform(_ operation: ServiceQuotasOperation, _ call: Call) throws(Refusal) -> Output {
        let rows = try estate(at: call.place).quotas.rows
        guard call.json["ServiceCode"]?.string == "drs" else {
            throw Refusal(400, "NoSuchResourceException", "The service code is not known.")
        }
        switch operation {
        case .listServiceQuotas:
            return .json(.object(["Quotas": .array(rows.map { render($0, in: call.place) })]))
        case .getServiceQuota:
            guard let row = rows.first(where: { $0.code == call.json["QuotaCode"]?.string }) else {
                throw Refusal(400, "NoSuchResourceException", "The quota code is not known.")
            }
            return .json(.object(["Quota": render(row, in: call.place)]))
        }
    }

    private func render(_ row: Quotas.Row, in place: Place) -> JSON {
        .object([
            "ServiceCode": "drs", "ServiceName": "AWS Elastic Disaster Recovery",
            "QuotaArn": .string(
                "arn:\(place.partition):servicequotas:\(place.region):\(place.account):drs/\(row.code)"
            ),
            "QuotaCode": .string(row.code), "QuotaName": .string(row.name), "Value": .decimal(Double(row.value)),
            "Unit": "None", "Adjustable": .bool(row.isAdjustable), "GlobalQuota": false,
        ])
    }
}
