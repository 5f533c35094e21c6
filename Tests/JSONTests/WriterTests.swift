import JSON
import OrderedCollections
import Testing

@Suite struct `Written JSON` {
    @Test func `is compact and keeps the order of members`() {
        let json: JSON = ["b": 1, "a": [true, nil, -2, 1.5], "c": ["x": "y"]]
        #expect(json.text == #"{"b":1,"a":[true,null,-2,1.5],"c":{"x":"y"}}"#)
        #expect("\(json)" == json.text)
        #expect(json.bytes == Array(json.text.utf8))
    }

    @Test func `escapes what must be and nothing else`() {
        let text = (0..<0x21).compactMap(Unicode.Scalar.init).map(String.init).joined() + "\"\\/\u{7f}é😀\u{2028}"
        let escapes =
            #"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013"#
            + #"\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f \"\\/"#
        #expect(JSON.string(text).text == "\"" + escapes + "\u{7f}é😀\u{2028}\"")
    }

    @Test func `is equal to other JSON whatever the order of members`() {
        let (left, right): (JSON, JSON) = (["a": 1, "b": ["c": 2, "d": 3]], ["b": ["d": 3, "c": 2], "a": 1])
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": ["c": 2, "d": 4]])
        #expect(left != ["a": 1])
        #expect(JSON.integer(1) == JSON.decimal(1))
        #expect(JSON.integer(1).hashValue == JSON.decimal(1).hashValue)
        #expect(JSON.integer(1) != JSON.decimal(1.5))
        #expect(JSON.integer(.max) != JSON.decimal(0x1p63))
        #expect(JSON.integer(1) != JSON.bool(true))
    }

    @Test func `is found by names and indexes`() {
        let json: JSON = ["a": ["b": [1, "x", 2.0, nil, true]]]
        #expect(json["a"]?["b"]?[0]?.integer == 1)
        #expect(json["a"]?["b"]?[1]?.string == "x")
        #expect(json["a"]?["b"]?[2]?.integer == 2)
        #expect(json["a"]?["b"]?[2]?.decimal == 2)
        #expect(json["a"]?["b"]?[3]?.isNull == true)
        #expect(json["a"]?["b"]?[4]?.bool == true)
        #expect(json["a"]?["b"]?.array?.count == 5)
        #expect(json["a"]?.object?.keys == ["b"])
        #expect(json["x"] == nil)
        #expect(json[0] == nil)
        #expect(json["a"]?["b"]?[5] == nil)
    }
}

@Suite struct `Canonical JSON` {
    /// RFC 8785 section 3.2.3.
    @Test func `sorts members by UTF-16 code units`() {
        let json: JSON = [
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis",
        ]
        let values = [
            "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
            "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
        ]
        let text = json.canonicalText
        let places = values.map { text.firstRange(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(zip(places, places.dropFirst()).allSatisfy { ($0 ?? text.endIndex) < ($1 ?? text.startIndex) })
    }

    /// RFC 8785 section 3.2.2, whose sample has every kind of value.
    @Test func `is the sample of RFC 8785`() throws {
        let json = try JSON(
            parsing: #"""
                {
                  "numbers": [333333333.33333329, 1E30, 4.50,
                              2e-3, 0.000000000000000000000000001],
                  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                  "literals": [null, true, false]
                }
                """#
        )
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(json.canonicalText == expected)
        #expect(try JSON(parsing: expected).canonicalText == expected)
    }

    /// RFC 8785 appendix B: IEEE 754 bits and the text of ECMAScript.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)]
    )
    func `writes numbers as ECMAScript does`(bits: UInt64, text: String) throws {
        let number = Double(bitPattern: bits)
        #expect(JSON.decimal(number).canonicalText == text)
        #expect(try JSON(parsing: text).decimal == number)
    }

    @Test func `of integers has all their digits`() {
        #expect(JSON.integer(.max).canonicalText == "9223372036854775807")
        #expect(JSON.integer(.min).canonicalText == "-9223372036854775808")
        #expect(JSON.decimal(0x1p62).text == "4611686018427387904")
        #expect(JSON.decimal(0x1p62).canonicalText == JSON.integer(1 << 62).canonicalText)
        #expect(JSON.array([100, 1e2, 123.456]).canonicalText == "[100,100,123.456]")
    }
}
