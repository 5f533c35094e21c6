import JSON
import OrderedCollections
import Testing

extension Shape.Pattern {
    /// A pattern as the contract has many.
    static let accountNumber = Shape.Pattern(name: "an account number of 12 digits", regex: "^[0-9]{12}$") { text in
        text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

@Suite struct `A shape` {
    private let plan = Shape.object(
        name: "Plan",
        [
            .required("planName", .text(minimum: 1, maximum: 10), "What people call it."),
            .optional("description", .text(maximum: 20, isMultiline: true), nullable: true),
            .required("ordering", .choice(["SEQUENTIAL", "DEPENDENCIES"])),
            .optional("minutes", .integer(1...60), default: 60),
            .optional("accounts", .array(of: .text(maximum: 12, pattern: .accountNumber), count: 1...3, unique: true)),
            .optional("tags", .map(key: .text(minimum: 1, maximum: 4), value: .text(maximum: 4), count: 0...2)),
            .optional("wave", .object(name: "Wave", [.required("number", .integer(0...999))])),
            .optional("at", .timestamp),
            .optional("id", .uuid),
        ]
    )

    private func problems(_ text: String, of shape: Shape? = nil, allowsUnknown: Bool = false) throws -> [String] {
        (shape ?? plan).problems(in: try JSON(parsing: text), allowsUnknown: allowsUnknown).map(\.description)
    }

    @Test func `finds nothing wrong with what has it`() throws {
        #expect(try problems(#"{"planName":"a","ordering":"SEQUENTIAL"}"#) == [])
        let full = #"""
            {"planName":"ten scalar","description":"a\n\tb","ordering":"DEPENDENCIES","minutes":60.0,
             "accounts":["111122223333","444455556666"],"tags":{"a":"","b":"ü€😀x"},"wave":{"number":0},
             "at":"2026-11-26T18:54:40.125Z","id":"0193f2c4-5d1a-7cc3-98C4-dc0c0c07398f"}
            """#
        #expect(try problems(full) == [])
        #expect(try problems(#"{"planName":"a","ordering":"SEQUENTIAL","description":null}"#) == [])
    }

    @Test func `tells all problems at once, each with its place`() throws {
        let text = #"""
            {"planName":"","description":"a\u0007","minutes":61,"accounts":["1","111122223333","111122223333"],
             "tags":{"":"ok","a":"too long"},"wave":{"number":"0","name":"x"},"at":"yesterday","id":"x","owner":1}
            """#
        #expect(
            try problems(text) == [
                "/planName must not be empty",
                "/description has the control character U+0007",
                "/ordering is required",
                "/minutes is 61; 1 to 60 are allowed",
                "/accounts/2 repeats element 1",
                "/accounts/0 must be an account number of 12 digits",
                "/tags/ has a name that must not be empty",
                "/tags/a is 8 characters long; at most 4 are allowed",
                "/wave/number must be an integer, not a string",
                "/wave/name is not a field of Wave; fields are number",
                "/at must be a time such as 2026-11-26T18:54:40.125Z",
                "/id must be a UUID such as 0193f2c4-5d1a-7cc3-98c4-dc0c0c07398f",
                "/owner is not a field of Plan; fields are planName, description, ordering, minutes, accounts, tags, "
                    + "wave, at, id",
            ]
        )
    }

    @Test func `tells a wrong type in every place`() throws {
        let text =
            #"{"planName":1,"ordering":["SEQUENTIAL"],"minutes":1.5,"accounts":{},"tags":[],"wave":null,"at":true}"#
        #expect(
            try problems(text) == [
                "/planName must be a string, not an integer",
                "/ordering must be a string, not an array",
                "/minutes must be an integer, not a number",
                "/accounts must be an array, not an object",
                "/tags must be an object, not an array",
                "/wave must be an object, not null",
                "/at must be a string, not a boolean",
            ]
        )
        #expect(try problems("[]") == ["the value must be an object, not an array"])
    }

    @Test func `may let unknown members pass, as readers of answers must`() throws {
        let text = #"{"planName":"a","ordering":"SEQUENTIAL","new":1,"wave":{"number":1,"new":2}}"#
        #expect(try problems(text, allowsUnknown: true) == [])
        #expect(try problems(text).count == 2)
        #expect(try problems(#"{"a":1}"#, of: .object([], isOpen: true)) == [])
        #expect(try problems(#"{"a":1}"#, of: .object([])) == ["/a is not a field here; fields are none"])
    }

    @Test func `escapes pointers`() throws {
        #expect(try problems(#"{"a/b~c":1}"#, of: .object([])).first?.hasPrefix("/a~1b~0c is not") == true)
    }

    @Test func `tells no more than 100 problems`() throws {
        let numbers = JSON.array(Array(repeating: "x", count: 5000))
        let found = Shape.array(of: .integer(0...1), count: 0...10).problems(in: numbers)
        #expect(found.count == 100)
        #expect(found.first?.message == "has 5000 elements; at most 10 are allowed")
        let object = JSON.object(OrderedDictionary(uniqueKeysWithValues: (0..<500).map { ("k\($0)", JSON.null) }))
        #expect(Shape.object([]).problems(in: object).count == 100)
        let map = Shape.map(key: .text(maximum: 1), value: .boolean, count: 0...1000)
        #expect(map.problems(in: object).count == 100)
        #expect(Shape.array(of: .anything, count: 0...9999, unique: true).problems(in: numbers).count == 100)
    }

    @Test(arguments: [
        ("😀é", 2, 2, true), ("e\u{301}", 2, 2, true), ("e\u{301}", 1, 1, false), ("", 0, 0, true), ("abc", 4, 9, false),
    ])
    func `counts Unicode scalars`(text: String, minimum: Int, maximum: Int, fits: Bool) {
        #expect(Shape.text(minimum: minimum, maximum: maximum).problems(in: .string(text)).isEmpty == fits)
    }

    @Test func `refuses control characters, but for line feed and tab in many lines`() {
        let controls = Array(0x01...0x1F) + Array(0x7F...0x9F)
        for code in controls.compactMap(Unicode.Scalar.init as (Int) -> Unicode.Scalar?) {
            let text = JSON.string("a\(code)b")
            #expect(Shape.text(maximum: 9).problems(in: text).count == 1)
            let isLine = code == "\n" || code == "\t"
            #expect(Shape.text(maximum: 9, isMultiline: true).problems(in: text).isEmpty == isLine)
        }
        #expect(Shape.text(maximum: 9).problems(in: "a\u{a0}é").isEmpty)
    }

    @Test(arguments: [
        ("2026-11-26T18:54:40Z", true), ("2026-11-26t18:54:40.1z", true), ("2026-11-26T18:54:40.123456789+05:30", true),
        ("2024-02-29T00:00:00-23:59", true), ("2026-02-29T00:00:00Z", false), ("1900-02-29T00:00:00Z", false),
        ("2000-02-29T00:00:00Z", true), ("2026-04-31T00:00:00Z", false), ("2026-13-01T00:00:00Z", false),
        ("2026-00-01T00:00:00Z", false), ("2026-01-00T00:00:00Z", false), ("2026-11-26T24:00:00Z", false),
        ("2026-11-26T18:60:00Z", false), ("2026-11-26T18:54:60Z", false), ("2026-11-26T18:54:40", false),
        ("2026-11-26T18:54:40.Z", false), ("2026-11-26T18:54:40+0530", false), ("2026-11-26T18:54:40+24:00", false),
        ("2026-11-26T18:54:40+05:60", false), ("2026-11-26 18:54:40Z", false), ("2026-11-26T18:54Z", false),
        ("2026-11-26", false), ("", false), ("2026-11-26T18:54:40ZZ", false), ("2026-11-26T18:54:40.5+05:3", false),
        ("２026-11-26T18:54:40Z", false), ("+026-11-26T18:54:40Z", false),
    ])
    func `knows times`(text: String, isTime: Bool) {
        #expect(Shape.timestamp.problems(in: .string(text)).isEmpty == isTime)
    }

    @Test(arguments: [
        ("0193f2c4-5d1a-7cc3-98c4-dc0c0c07398f", true), ("0193F2C4-5D1A-7CC3-98C4-DC0C0C07398F", true),
        ("0193f2c45d1a7cc398c4dc0c0c07398f", false), ("0193f2c4-5d1a-7cc3-98c4-dc0c0c07398", false),
        ("0193f2c4-5d1a-7cc3-98c4-dc0c0c07398g", false), ("{0193f2c4-5d1a-7cc3-98c4-dc0c0c07398f}", false),
        ("0193f2c4-5d1a-7cc3-98c4-dc0c0c07398f-", false), ("", false), ("0193f2c-45d1a-7cc3-98c4-dc0c0c07398f", false),
    ])
    func `knows UUIDs`(text: String, isUUID: Bool) {
        #expect(Shape.uuid.problems(in: .string(text)).isEmpty == isUUID)
    }

    @Test func `of alternatives tells the problems of the nearest`() throws {
        let shape = Shape.oneOf([.object([.required("a", .boolean)]), .integer(0...9), .nullable(.choice(["X"]))])
        for text in [#"{"a":true}"#, "3", "null", #""X""#] { #expect(try problems(text, of: shape) == []) }
        #expect(try problems(#"{"a":1}"#, of: shape) == ["/a must be a boolean, not an integer"])
        #expect(
            try problems("10", of: .oneOf([.integer(0...9), .integer(20...29)])) == [
                "the value is 10; 0 to 9 are allowed"
            ]
        )
    }

    @Test func `of numbers has bounds that may be open`() throws {
        #expect(try problems("-1", of: .integer(0 ... .max)) == ["the value is -1; at least 0 is required"])
        #expect(try problems("6", of: .integer(.min...5)) == ["the value is 6; at most 5 is allowed"])
        #expect(try problems("1.5", of: .number) == [])
        #expect(try problems("1", of: .number) == [])
        #expect(try problems(#""1""#, of: .number) == ["the value must be a number, not a string"])
        #expect(try problems("1e30", of: .integer(0...5)) == ["the value must be an integer, not a number"])
    }

    @Test func `passes through names, references and anything`() throws {
        #expect(try problems("1", of: .named("Flag", .boolean)) == ["the value must be a boolean, not an integer"])
        #expect(try problems("1", of: .reference("Tree")) == [])
        #expect(try problems("[1]", of: .anything) == [])
    }

    @Test func `tells elements that are equal as JSON`() throws {
        let shape = Shape.array(of: .anything, count: 0...9, unique: true)
        #expect(try problems(#"[{"a":1,"b":2},{"b":2,"a":1.0}]"#, of: shape) == ["/1 repeats element 0"])
        #expect(try problems(#"[1,"1",true,null,[1]]"#, of: shape) == [])
    }
}
