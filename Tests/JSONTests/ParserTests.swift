import JSON
import Testing

@Suite struct `JSON text` {
    @Test(
        arguments: [
            ("null", nil), (" true\n", true), ("\tfalse\r", false), ("0", 0), ("-0", 0), ("-1", -1),
            ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .decimal(9_223_372_036_854_775_808)), ("1.0", 1.0), ("1e2", 100.0), ("1E-2", 0.01),
            ("-1.5e+3", -1500.0), ("5e-324", .decimal(.leastNonzeroMagnitude)), ("1e-999", 0.0), ("\"\"", ""),
            ("[]", []), ("[ ]", []),
            ("{}", [:]), ("{ }", [:]), ("[1 , [2],{}]", [1, [2], [:]]),
            (#"{"a" : 1 , "b":[{"c":null}]}"#, ["a": 1, "b": [["c": nil]]]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\u20AC\ud83D\uDE00x""#, "é€😀x"),
            ("\"é€😀\u{7f}\"", "é€😀\u{7f}"),
            (#""a\ud800\udc00é""#, "a\u{10000}é"), (#""\u0001""#, "\u{1}"), ("\"\u{2028}\"", "\u{2028}"),
        ] as [(String, JSON)]
    )
    func `is read as`(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
        #expect(try JSON(parsing: JSON(parsing: text).bytes) == value)
    }

    @Test(
        arguments: [
            ("", 0), ("  ", 2), ("nul", 0), ("nulll", 4), ("True", 0), ("1 2", 2), ("01", 0), ("-01", 1), ("-", 1),
            ("+1", 0),
            (".5", 0), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3), ("1e999", 0), ("[-1e400]", 1), ("0x1", 1),
            ("NaN", 0),
            ("Infinity", 0), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("]", 0),
            ("{", 1),
            ("{1:2}", 1), ("{a:1}", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), (#"{"a":1"#, 6),
            (#"{"a":1 "b":2}"#, 7),
            (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"\u0061":2}"#, 7), (#"[{"x":{"b":1,"c":2,"b":3}}]"#, 19), ("\"", 0),
            ("\"a", 0),
            ("\"\\", 1), ("\"\\\"", 0), ("\"\\x\"", 1), ("\"\\u12\"", 1), ("\"\\u12g4\"", 1), ("\"\\u+123\"", 1),
            ("\"a\nb\"", 2),
            ("\"\t\"", 1), ("\"\\u0000\"", 1), ("\"a\u{0}\"", 2), ("\"\\ud800\"", 1), ("\"\\udc00\"", 1),
            ("\"\\ud800x\"", 1),
            ("\"\\ud800\\ud800\"", 1), ("\"\\ud800\\n\"", 1), ("'a'", 0), ("// c\n1", 0), ("1 // c", 2),
            ("\u{feff}1", 0),
            ("[1]]", 3),
            ("\u{a0}1", 0), ("\"\\ud83d\\u12\"", 1),
        ] as [(String, Int)]
    )
    func `is refused with its place`(text: String, offset: Int) {
        let error = #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: text) }
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0xC0, 0x80, 0x22], 2), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xC3, 0xA9, 0xC3, 0x22], 3), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1), ([0x22, 0x80, 0x22], 1),
            ([0x22, 0x5C, 0x6E, 0xFF, 0x22], 3), ([0xFF], 0), ([0x5B, 0x31, 0x00, 0x5D], 2),
        ] as [([UInt8], Int)]
    )
    func `that is not UTF-8 is refused`(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: bytes) }
        #expect(error?.offset == offset)
    }

    @Test func `may be as deep as the limit and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSON(parsing: nested(64)) }
        let error = #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: nested(65)) }
        #expect(error?.offset == 64)
        #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: nested(1_000_000)) }
        #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: "[[1]]", depthLimit: 1) }
        #expect(throws: Never.self) { try JSON(parsing: "[[1],[2],[3]]", depthLimit: 2) }
        let objects = String(repeating: #"{"a":"#, count: 65) + "1" + String(repeating: "}", count: 65)
        #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: objects) }
    }

    @Test func `tells line, column and what is wrong`() {
        let text = "{\n  \"é\": 1,\n  \"ü\": \"€\", x\n}"
        let error = #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: text) }
        #expect(error?.description == "line 3, column 13: the name of a member is expected here")
        let twice = #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: #"{"a":1,"a":2}"#) }
        #expect(twice?.description == #"line 1, column 8: the member "a" is repeated"#)
    }

    @Test func `cut off anywhere is refused`() throws {
        let text = Array(#"{"a":[1,-2.5e3,"x\n\u00e9😀",true,null],"b":{"c":false}}"#.utf8)
        _ = try JSON(parsing: text)
        for length in 0..<text.count {
            #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: text.prefix(length)) }
        }
    }
}
