package import Recovery

extension Contract {
    static let diagnosis: [CallDescription] = [CallDescription(GetDiagnosis.self)]
}

/// Looks at everything that the hub needs, and says what to do about what is wrong.
package struct GetDiagnosis: Call {
    package typealias Answer = DiagnosisView
    package static let route = Route.get("/diagnosis", of: .dashboard)
    package static let permission: Permission? = .viewResources
    package static let summary = "Examine the hub"
    package static let details = """
        Configuration, keys, database, schema, issuers and clocks of the replica that answers; spokes, accounts and what \
        their roles lack, within the caller's scope. One at a time in each replica, 429 meanwhile.
        """

    package init() {}
}
