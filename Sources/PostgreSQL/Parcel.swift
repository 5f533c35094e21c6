/// Something that one task hands to another and keeps no hold of: a connection between two loans.
///
/// The compiler cannot see that a value in a list belongs to nobody. Whoever makes a parcel gives up its content, and
/// only one opens it: the pool's machine gives each parcel out once.
struct Parcel<Content>: @unchecked Sendable {
    let content: Content

    init(_ content: Content) {
        self.content = content
    }
}
