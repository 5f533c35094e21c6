package import OrderedCollections

extension Shape {
    /// The schema (JSON Schema 2020-12 as OpenAPI 3.1 takes it); what has a name is a `$ref` to a component.
    package var schema: JSON {
        switch self {
        case .object(let name?, _, _), .named(let name, _), .reference(let name):
            ["$ref": .string("#/components/schemas/\(name)")]
        case .text, .integer, .number, .boolean, .choice, .timestamp, .uuid, .array, .map, .object, .nullable, .oneOf,
            .anything:
            .object(body)
        }
    }

    /// The schemas of everything with a name that is reached from here, itself included, by name.
    ///
    /// Two different shapes of one name are a bug and stop the program.
    package var components: OrderedDictionary<String, JSON> {
        var components: OrderedDictionary<String, JSON> = [:]
        collect(into: &components)
        return components
    }

    /// Adds what `components` has to a collection of several shapes.
    package func collect(into components: inout OrderedDictionary<String, JSON>) {
        switch self {
        case .object(let name, let fields, _):
            if let name { Self.add(name, .object(body), to: &components) }
            for field in fields { field.shape.collect(into: &components) }
        case .named(let name, let shape):
            Self.add(name, shape.schema, to: &components)
            shape.collect(into: &components)
        case .array(let element, _, _): element.collect(into: &components)
        case .map(let key, let value, _):
            key.collect(into: &components)
            value.collect(into: &components)
        case .nullable(let shape): shape.collect(into: &components)
        case .oneOf(let shapes): for shape in shapes { shape.collect(into: &components) }
        case .text, .integer, .number, .boolean, .choice, .timestamp, .uuid, .reference, .anything: break
        }
    }

    private static func add(_ name: String, _ schema: JSON, to components: inout OrderedDictionary<String, JSON>) {
        let earlier = components.updateValue(schema, forKey: name)
        precondition(earlier == nil || earlier == schema, "two different shapes are named \(name)")
    }

    private var body: OrderedDictionary<String, JSON> {
        switch self {
        case .text(let minimum, let maximum, let pattern, let format, let isMultiline):
            Self.text(minimum, maximum, pattern, format, isMultiline)
        case .integer(let range): Self.integer(range)
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .choice(let labels): ["type": "string", "enum": .array(labels.map { .string($0) })]
        case .timestamp: ["type": "string", "format": "date-time"]
        case .uuid: ["type": "string", "format": "uuid"]
        case .array(let element, let count, let unique): Self.array(element, count, unique)
        case .map(let key, let value, let count): Self.map(key, value, count)
        case .object(_, let fields, let isOpen): Self.object(fields, isOpen)
        case .nullable(let shape): Self.nullable(shape)
        case .named(_, let shape): shape.body
        case .oneOf(let shapes): ["anyOf": .array(shapes.map(\.schema))]
        case .reference: schema.object ?? [:]
        case .anything: [:]
        }
    }

    private static func text(
        _ minimum: Int,
        _ maximum: Int,
        _ pattern: Pattern?,
        _ format: String?,
        _ isMultiline: Bool
    ) -> OrderedDictionary<String, JSON> {
        var body: OrderedDictionary<String, JSON> = ["type": "string"]
        if let format { body["format"] = .string(format) }
        let range = min(minimum, maximum)...maximum
        body = body.limited(range, "minLength", "maxLength")
        let withoutControls =
            isMultiline ? #"^[^\u0000-\u0008\u000B-\u001F\u007F-\u009F]*$"# : #"^[^\u0000-\u001F\u007F-\u009F]*$"#
        body["pattern"] = .string(pattern?.regex ?? withoutControls)
        return body
    }

    private static func integer(_ range: ClosedRange<Int64>) -> OrderedDictionary<String, JSON> {
        var body: OrderedDictionary<String, JSON> = ["type": "integer", "format": "int64"]
        if range.lowerBound > .min { body["minimum"] = .integer(range.lowerBound) }
        if range.upperBound < .max { body["maximum"] = .integer(range.upperBound) }
        return body
    }

    private static func array(
        _ element: Shape,
        _ count: ClosedRange<Int>,
        _ unique: Bool
    ) -> OrderedDictionary<String, JSON> {
        var body: OrderedDictionary<String, JSON> = ["type": "array", "items": element.schema]
        body = body.limited(count, "minItems", "maxItems")
        if unique { body["uniqueItems"] = true }
        return body
    }

    private static func map(
        _ key: Shape,
        _ value: Shape,
        _ count: ClosedRange<Int>
    ) -> OrderedDictionary<String, JSON> {
        let body: OrderedDictionary<String, JSON> = [
            "type": "object", "propertyNames": key.schema, "additionalProperties": value.schema,
        ]
        return body.limited(count, "minProperties", "maxProperties")
    }

    private static func object(_ fields: [Field], _ isOpen: Bool) -> OrderedDictionary<String, JSON> {
        var properties: OrderedDictionary<String, JSON> = [:]
        for field in fields {
            var property = field.shape.schema.object ?? [:]
            if let description = field.description { property["description"] = .string(description) }
            if let value = field.defaultValue { property["default"] = value }
            properties[field.name] = .object(property)
        }
        var body: OrderedDictionary<String, JSON> = ["type": "object", "properties": .object(properties)]
        let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { body["required"] = .array(required) }
        if !isOpen { body["additionalProperties"] = false }
        return body
    }

    /// Null as a second type where that suffices, otherwise as an alternative.
    private static func nullable(_ shape: Shape) -> OrderedDictionary<String, JSON> {
        guard var body = shape.schema.object, let type = body["type"]?.string else {
            return ["anyOf": [shape.schema, ["type": "null"]]]
        }
        body["type"] = [.string(type), "null"]
        if let labels = body["enum"]?.array { body["enum"] = .array(labels + [nil]) }
        return body
    }
}

extension OrderedDictionary<String, JSON> {
    /// Adds limits where they say something.
    fileprivate func limited(_ range: ClosedRange<Int>, _ minimum: String, _ maximum: String) -> Self {
        var body = self
        if range.lowerBound > 0 { body[minimum] = .integer(Int64(range.lowerBound)) }
        if range.upperBound < .max { body[maximum] = .integer(Int64(range.upperBound)) }
        return body
    }
}
