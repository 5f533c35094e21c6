package import Ambient

/// One run of a plan.
package struct Execution: Sendable, Hashable {
    package typealias ID = Identifier<Execution>
}
