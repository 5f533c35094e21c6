extension SignatureV4 {
    /// The `Authorization` header of a signed request.
    package struct Authorization: Sendable, Hashable, CustomStringConvertible {
        package let accessKeyID: String
        package let scope: Scope

        /// The names of the headers that were signed, lower case, in the order of the header.
        package let signedHeaders: [String]

        /// 64 hexadecimal digits.
        package let signature: String

        package init(accessKeyID: String, scope: Scope, signedHeaders: [String], signature: String) {
            self.accessKeyID = accessKeyID
            self.scope = scope
            self.signedHeaders = signedHeaders
            self.signature = signature
        }

        /// Reads the header; nil for anything but the three parts, each exactly once.
        package init?(_ header: String) {
            guard header.hasPrefix("\(SignatureV4.algorithm) ") else { return nil }
            var parts: [String: String] = [:]
            for part in header.dropFirst(SignatureV4.algorithm.count + 1).split(separator: ",") {
                let halves = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                guard halves.count == 2, parts.updateValue(String(halves[1]), forKey: String(halves[0])) == nil
                else { return nil }
            }
            guard parts.count == 3, let credential = parts["Credential"], let names = parts["SignedHeaders"],
                let signature = parts["Signature"]
            else { return nil }
            // An access key never has a slash, so that the scope is what follows the first.
            let pieces = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard pieces.count == 5, pieces[4] == "aws4_request", pieces.allSatisfy({ !$0.isEmpty }) else { return nil }
            accessKeyID = pieces[0]
            scope = Scope(date: pieces[1], region: pieces[2], service: pieces[3])
            signedHeaders = names.split(separator: ";").map(String.init)
            self.signature = signature
        }

        package var description: String {
            "\(SignatureV4.algorithm) Credential=\(accessKeyID)/\(scope), "
                + "SignedHeaders=\(signedHeaders.joined(separator: ";")), Signature=\(signature)"
        }
    }
}
