package import HTTPTypes
internal import OrderedCollections

/// Paths and what answers at them, by method.
///
/// A part in braces (`{planId}`) takes any one part of a path; a literal part goes before it. Unlike a table of exact
/// routes it knows the difference between a path that is not there (404) and a method that is not (405).
package struct RouteTree<Endpoint: Sendable>: Sendable {
    private final class Node: Sendable {
        let children: [String: Node]
        let placeholder: Node?
        let leaf: Leaf?

        init(children: [String: Node] = [:], placeholder: Node? = nil, leaf: Leaf? = nil) {
            self.children = children
            self.placeholder = placeholder
            self.leaf = leaf
        }
    }

    private struct Leaf: Sendable {
        var path: String
        var names: [String]
        var endpoints: OrderedDictionary<String, Endpoint>
    }

    private var root = Node()

    package init() {}

    /// What was found for a path and method.
    package enum Match: Sendable {
        case found(Endpoint, path: String, parameters: [String: String])
        /// The path is there, with these methods.
        case otherMethods([String])
        case nothing
    }

    /// Adds an endpoint; a second one for the same path and method is a bug.
    package mutating func add(_ method: HTTPRequest.Method, _ path: String, _ endpoint: Endpoint) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        root = Self.adding(method, path, parts[...], endpoint, to: root)
    }

    private static func adding(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ parts: ArraySlice<Substring>,
        _ endpoint: Endpoint,
        to node: Node
    ) -> Node {
        guard let part = parts.first else {
            let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            var leaf = node.leaf ?? Leaf(path: path, names: names, endpoints: [:])
            precondition(leaf.path == path, "\(path) and \(leaf.path) are the same path with other names")
            let earlier = leaf.endpoints.updateValue(endpoint, forKey: method.rawValue)
            precondition(earlier == nil, "\(method.rawValue) \(path) is bound twice")
            return Node(children: node.children, placeholder: node.placeholder, leaf: leaf)
        }
        if part.hasPrefix("{") {
            let child = adding(method, path, parts.dropFirst(), endpoint, to: node.placeholder ?? Node())
            return Node(children: node.children, placeholder: child, leaf: node.leaf)
        }
        var children = node.children
        children[String(part)] = adding(method, path, parts.dropFirst(), endpoint, to: children[String(part)] ?? Node())
        return Node(children: children, placeholder: node.placeholder, leaf: node.leaf)
    }

    /// Finds what answers; HEAD is answered by whatever answers GET.
    package func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var values: [String] = []
        guard let leaf = find(parts[...], from: root, &values) else { return .nothing }
        let wanted = method == .head && leaf.endpoints["HEAD"] == nil ? "GET" : method.rawValue
        guard let endpoint = leaf.endpoints[wanted] else {
            var methods = Array(leaf.endpoints.keys)
            if methods.contains("GET") { methods.append("HEAD") }
            return .otherMethods(methods)
        }
        let parameters = Dictionary(zip(leaf.names, values)) { first, _ in first }
        return .found(endpoint, path: leaf.path, parameters: parameters)
    }

    private func find(_ parts: ArraySlice<Substring>, from node: Node, _ values: inout [String]) -> Leaf? {
        guard let part = parts.first else { return node.leaf }
        if let child = node.children[String(part)], let leaf = find(parts.dropFirst(), from: child, &values) {
            return leaf
        }
        guard let child = node.placeholder, !part.isEmpty, let value = PercentCoding.decode(part) else { return nil }
        values.append(value)
        if let leaf = find(parts.dropFirst(), from: child, &values) { return leaf }
        values.removeLast()
        return nil
    }

    /// Every path and method that is bound.
    package var entries: [(path: String, method: String)] {
        func entries(of node: Node) -> [(path: String, method: String)] {
            let own = node.leaf.map { leaf in leaf.endpoints.keys.map { (path: leaf.path, method: $0) } } ?? []
            let below = node.children.values.flatMap(entries) + (node.placeholder.map(entries) ?? [])
            return own + below
        }
        return entries(of: root)
    }
}

/// The routes of a hub: what answers each path.
package typealias Routes = RouteTree<Endpoint>
