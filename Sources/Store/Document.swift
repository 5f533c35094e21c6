package import JSON

extension JSON {
    /// A value of ours as the document it is kept as.
    package init(document value: some Encodable) {
        do {
            try self.init(encoding: value)
        } catch {
            preconditionFailure("\(type(of: value)) cannot be written as JSON: \(error)")
        }
    }
}
