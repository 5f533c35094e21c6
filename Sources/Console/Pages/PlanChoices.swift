internal import Ambient
package import Hypertext
package import Recovery

/// Recovery plans to choose from: the first of them, and what a search finds.
package struct PlanChoices: Sendable {
    /// Whether one plan is chosen or several.
    package enum Number: String, Sendable, CaseIterable {
        case one, several
    }

    package let plans: [Plan]
    /// Others match too, and a search finds them.
    package let hasMore: Bool

    package struct Plan: Sendable {
        let planId: RecoveryPlan.ID
        let planName: String

        package init(_ planId: RecoveryPlan.ID, _ planName: String) {
            self.planId = planId
            self.planName = planName
        }
    }

    package init(plans: [Plan], hasMore: Bool = false) {
        self.plans = plans
        self.hasMore = hasMore
    }

    /// Plans that are offered at once: a person reads no more, and searches instead.
    package static let limit = 20

    /// The choices in a list.
    package func list(_ number: Number) -> HTML {
        "<ul>\(plans.html { Self.item($0, number) })</ul>"
    }

    /// The field: a search where there are more, and below what is chosen what may be.
    func field(_ number: Number, _ legend: String, chosen: Plan? = nil) -> HTML {
        let name = number == .one ? "planId" : "planIds"
        let others = plans.filter { $0.planId != chosen?.planId }
        return """
            <div class="field" data-field="\(name)"><fieldset class="field"><legend>\(legend)</legend>\
            \(if: hasMore, Field.search("/ui/plans?as=\(number.rawValue)&q=", "plans"))<ul class="pick" data-found>\
            \(chosen.map { Self.item($0, number, isChosen: true) } ?? .empty)\(others.html { Self.item($0, number) })\
            </ul></fieldset><p class="problem"></p></div>
            """
    }

    private static func item(_ plan: Plan, _ number: Number, isChosen: Bool = false) -> HTML {
        """
        <li><label><input type="\(number == .one ? "radio" : "checkbox")" name="\(number == .one ? "planId" : "planIds[]")" \
        data-as="text" value="\(plan.planId.description)"\(flag: "checked", isChosen)> <span>\(plan.planName)</span></label></li>
        """
    }
}
