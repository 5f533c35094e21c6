import Forgeries
import JSON
import OpenSSL
import OrderedCollections
import Testing
import WebToken

@Suite struct `A key set` {
    private let key: RSAPrivateKey

    init() throws {
        key = try Forge.keys.get()[0]
    }

    private func document(_ entries: [OrderedDictionary<String, JSON>]) -> [UInt8] {
        JSON.object(["keys": .array(entries.map { .object($0) })]).bytes
    }

    private func entry(_ changes: [String: JSON?] = [:]) -> OrderedDictionary<String, JSON> {
        var entry = Forge.published(key, as: "a")
        for (name, value) in changes { entry[name] = value }
        return entry
    }

    @Test func `has the keys that can verify RS256`() throws {
        let good: [[String: JSON?]] = [
            [:], ["use": nil as JSON?], ["alg": nil as JSON?], ["key_ops": ["verify"]], ["x5t": "x", "x5c": ["…"]],
        ]
        for changes in good {
            let set = try KeySet(parsing: document([entry(changes)]))
            #expect(set.keys["a"]?.modulus == key.publicKey.modulus)
        }
    }

    @Test(
        arguments: [
            ["kty": "EC"], ["kty": "oct"], ["kty": "rsa"], ["kty": nil as JSON?], ["use": "enc"], ["use": JSON.null],
            ["alg": "RS512"], ["alg": "HS256"], ["alg": "PS256"], ["alg": JSON.null], ["key_ops": ["sign"]],
            ["key_ops": []],
            ["key_ops": "verify"], ["kid": nil as JSON?], ["kid": ""], ["kid": 1], ["n": nil as JSON?], ["n": ""],
            ["n": "A+/="],
            ["e": nil as JSON?], ["e": "Aw"], ["e": "AQAA"], ["e": ""], ["n": 1],
            // 1024 bits of ones.
            ["n": .string(String(repeating: "_", count: 170) + "8")],
        ] as [[String: JSON?]]
    )
    func `leaves out a key that cannot`(changes: [String: JSON?]) throws {
        #expect(throws: KeySet.Unusable.self) { try KeySet(parsing: document([entry(changes)])) }
        let set = try KeySet(parsing: document([entry(changes), entry(["kid": "b"])]))
        #expect(Array(set.keys.keys) == ["b"])
    }

    @Test func `is an object that has the list, not the list alone`() {
        let list = JSON.array([.object(entry())]).bytes
        #expect(throws: KeySet.Unusable.self) { try KeySet(parsing: list) }
    }

    @Test func `leaves out keys that share a name`() throws {
        let set = try KeySet(parsing: document([entry(), entry(["kid": "b"]), entry(), entry()]))
        #expect(Array(set.keys.keys) == ["b"])
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"keys":null}"#, #"{"keys":{}}"#, #"{"keys":[]}"#, #"{"keys":[1,null,"x",[]]}"#,
        #"{"keys":[],"keys":[]}"#, "<html>",
    ])
    func `is no other document`(text: String) {
        #expect(throws: KeySet.Unusable.self) { try KeySet(parsing: Array(text.utf8)) }
    }

    @Test func `is bounded`() throws {
        let many = (0..<150).map { entry(["kid": .string("\($0)")]) }
        #expect(try KeySet(parsing: document(many)).keys.count == KeySet.mostKeys)
        let long = document([entry(["x": .string(String(repeating: "x", count: KeySet.longest))])])
        #expect(throws: KeySet.Unusable.self) { try KeySet(parsing: long) }
    }
}
