internal import HTTPTypes

/// What `If-Match` demands of the object's revision before it is changed (RFC 9110 section 13.1.1).
package enum Precondition: Sendable, Hashable {
    /// No header: any revision will do.
    case none
    /// `*`: any revision, as long as the object is there.
    case exists
    /// One of these entity tags. Weak ones and what is no tag of ours match nothing.
    case revisions(Set<Int>)

    /// Entity tags in one header: nobody needs more than a few.
    private static let tagLimit = 100

    /// Reads the header.
    ///
    /// - Throws: `Problem` 400 for what is no list of entity tags.
    package init(_ values: [String]) throws {
        let text = values.joined(separator: ",").trimmingBlanks
        guard !text.isEmpty else {
            guard values.isEmpty else { throw Problem.header(.ifMatch, "is empty") }
            self = .none
            return
        }
        guard text != "*" else {
            self = .exists
            return
        }
        var revisions: Set<Int> = []
        let tags = try Self.tags(in: text)
        guard tags.count <= Self.tagLimit else { throw Problem.header(.ifMatch, "has too many entity tags") }
        for tag in tags where !tag.isWeak {
            // `Int` takes other spellings ("+1", "01") than the one that the hub writes.
            if let revision = Int(tag.text), String(revision) == tag.text { revisions.insert(revision) }
        }
        self = .revisions(revisions)
    }

    private static func tags(in text: String) throws -> [(isWeak: Bool, text: String)] {
        var tags: [(isWeak: Bool, text: String)] = []
        var rest = text[...]
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" }
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else {
                throw Problem.header(.ifMatch, "must be * or a list of entity tags in double quotes")
            }
            tags.append((isWeak, String(rest[rest.index(after: rest.startIndex)..<end])))
            rest = rest[rest.index(after: end)...].drop { $0 == " " || $0 == "\t" }
            guard !rest.isEmpty else { return tags }
            guard rest.first == "," else {
                throw Problem.header(.ifMatch, "must have commas between its entity tags")
            }
            rest = rest.dropFirst()
        }
    }

    /// Compares with the revision that the object has.
    ///
    /// - Throws: `Problem` 412.
    package func check(_ revision: Int) throws {
        switch self {
        case .none, .exists: return
        case .revisions(let revisions):
            guard !revisions.contains(revision) else { return }
            throw Problem(
                .revisionStale,
                "The object has revision \(revision), which If-Match does not name: somebody changed it meanwhile."
            )
        }
    }
}
