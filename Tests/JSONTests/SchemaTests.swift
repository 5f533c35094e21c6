import JSON
import OrderedCollections
import Testing

@Suite struct `A schema` {
    @Test func `says what the shape says`() {
        let controls = #"^[^\\u0000-\\u001F\\u007F-\\u009F]*$"#
        let lines = #"^[^\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F]*$"#
        let expected: [(Shape, String)] = [
            (.text(maximum: 5), #"{"type":"string","maxLength":5,"pattern":"\#(controls)"}"#),
            (.text(maximum: .max, isMultiline: true), #"{"type":"string","pattern":"\#(lines)"}"#),
            (
                .text(minimum: 12, maximum: 12, pattern: .accountNumber, format: "account"),
                #"{"type":"string","format":"account","minLength":12,"maxLength":12,"pattern":"^[0-9]{12}$"}"#
            ),
            (.integer(1...9), #"{"type":"integer","format":"int64","minimum":1,"maximum":9}"#),
            (.integer(.min ... .max), #"{"type":"integer","format":"int64"}"#),
            (.number, #"{"type":"number"}"#),
            (.boolean, #"{"type":"boolean"}"#),
            (.choice(["A", "B"]), #"{"type":"string","enum":["A","B"]}"#),
            (.timestamp, #"{"type":"string","format":"date-time"}"#),
            (.uuid, #"{"type":"string","format":"uuid"}"#),
            (
                .array(of: .boolean, count: 1...3, unique: true),
                #"{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":3,"uniqueItems":true}"#
            ),
            (.array(of: .anything, count: 0 ... .max), #"{"type":"array","items":{}}"#),
            (
                .map(key: .choice(["k"]), value: .number, count: 0...50),
                #"{"type":"object","propertyNames":{"type":"string","enum":["k"]},"#
                    + #""additionalProperties":{"type":"number"},"maxProperties":50}"#
            ),
            (.nullable(.boolean), #"{"type":["boolean","null"]}"#),
            (.nullable(.choice(["A"])), #"{"type":["string","null"],"enum":["A",null]}"#),
            (.nullable(.reference("X")), ##"{"anyOf":[{"$ref":"#/components/schemas/X"},{"type":"null"}]}"##),
            (.oneOf([.boolean, .number]), #"{"anyOf":[{"type":"boolean"},{"type":"number"}]}"#),
            (.named("Flag", .boolean), ##"{"$ref":"#/components/schemas/Flag"}"##),
            (.object(name: "Thing", []), ##"{"$ref":"#/components/schemas/Thing"}"##),
            (.object([], isOpen: true), #"{"type":"object","properties":{}}"#),
            (
                .object([.required("a", .boolean, "Said."), .optional("b", .integer(0...1), default: 1)]),
                #"{"type":"object","properties":{"a":{"type":"boolean","description":"Said."},"#
                    + #""b":{"type":"integer","format":"int64","minimum":0,"maximum":1,"default":1}},"#
                    + #""required":["a"],"additionalProperties":false}"#
            ),
        ]
        for (shape, text) in expected { #expect(shape.schema.text == text) }
    }

    @Test func `collects what has a name, once each and however deep`() throws {
        let label = Shape.named("Label", .choice(["A"]))
        let wave = Shape.object(name: "Wave", [.required("label", label), .optional("next", .reference("Wave"))])
        let plan = Shape.object(
            name: "Plan",
            [
                .required("waves", .array(of: wave, count: 0...9)),
                .optional("label", label, nullable: true),
                .optional("byName", .map(key: .text(maximum: 9), value: .oneOf([wave, .boolean]), count: 0...9)),
            ]
        )
        let page = Shape.object([.required("items", .array(of: plan, count: 0...200))])
        #expect(page.components.keys == ["Plan", "Wave", "Label"])
        #expect(page.components["Label"]?.text == #"{"type":"string","enum":["A"]}"#)
        let body = try #require(page.components["Plan"]?["properties"])
        #expect(body["waves"]?["items"]?.text == ##"{"$ref":"#/components/schemas/Wave"}"##)
        #expect(body["label"]?.text == ##"{"anyOf":[{"$ref":"#/components/schemas/Label"},{"type":"null"}]}"##)
        var several: OrderedDictionary<String, JSON> = [:]
        wave.collect(into: &several)
        plan.collect(into: &several)
        #expect(several.keys == ["Wave", "Label", "Plan"])
    }
}
