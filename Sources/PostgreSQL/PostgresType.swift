/// A type of the server, as statements declare it for a parameter.
///
/// The numbers are those of `pg_type`, fixed since long before PostgreSQL 15.
package struct PostgresType: Sendable, Hashable {
    /// The type's object identifier.
    package let oid: UInt32
    /// The identifier of its array type.
    package let arrayOID: UInt32

    package init(oid: UInt32, arrayOID: UInt32) {
        self.oid = oid
        self.arrayOID = arrayOID
    }

    /// The type of an array of this; an array of arrays has none, and the server guesses.
    package var array: PostgresType { PostgresType(oid: arrayOID, arrayOID: 0) }

    package static let boolean = PostgresType(oid: 16, arrayOID: 1000)
    package static let bytes = PostgresType(oid: 17, arrayOID: 1001)
    package static let bigint = PostgresType(oid: 20, arrayOID: 1016)
    package static let smallint = PostgresType(oid: 21, arrayOID: 1005)
    package static let integer = PostgresType(oid: 23, arrayOID: 1007)
    package static let text = PostgresType(oid: 25, arrayOID: 1009)
    package static let double = PostgresType(oid: 701, arrayOID: 1022)
    package static let timestamptz = PostgresType(oid: 1184, arrayOID: 1185)
    package static let uuid = PostgresType(oid: 2950, arrayOID: 2951)
    package static let json = PostgresType(oid: 114, arrayOID: 199)
    package static let jsonb = PostgresType(oid: 3802, arrayOID: 3807)
}
