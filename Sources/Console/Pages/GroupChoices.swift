internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// Protection groups that a wave can be given; a fragment of its own, for the editor asks for it as one types.
package struct GroupChoices: Sendable {
    package let groups: [ProtectionGroupView]
    /// Others match too, and a search finds them.
    package let hasMore: Bool

    package init(groups: [ProtectionGroupView], hasMore: Bool = false) {
        self.groups = groups
        self.hasMore = hasMore
    }

    /// Groups that are offered at once: a person reads no more, and searches instead.
    package static let limit = 20

    /// The choices in a list; their fields are of no wave yet, the editor gives them to its own.
    package var html: HTML {
        "<ul>\(groups.html { Self.item($0, of: "new") })</ul>"
    }

    /// One group as a choice of a wave.
    static func item(_ group: ProtectionGroupView, of wave: String, isChosen: Bool = false) -> HTML {
        """
        <li><label><input type="checkbox" name="waves.\(wave).protectionGroupIds[]" data-as="text" \
        value="\(group.groupId.description)"\(flag: "checked", isChosen)>\
        <span>\(group.groupName)<span class="quiet detail">\(group.accountId.rawValue), \(group.region.rawValue)</span></span>\
        <span class="quiet">\(group.serverCount) servers</span></label></li>
        """
    }
}
