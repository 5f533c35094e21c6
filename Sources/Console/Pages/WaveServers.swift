internal import Ambient
package import Contract
package import Hypertext
internal import Recovery

/// The servers of a wave one by one: which of them, what their failure means, and from when they are recovered; a fragment
/// of its own, for the editor asks for it when somebody opens it.
package struct WaveServers: Sendable {
    package let servers: [SourceServerView]
    /// The wave as it is stored; nil for a new one.
    package let wave: WaveView?
    /// There are more, which stay as they are: the editor does not show so many.
    package let hasMore: Bool

    package init(servers: [SourceServerView], wave: WaveView?, hasMore: Bool = false) {
        self.servers = servers
        self.wave = wave
        self.hasMore = hasMore
    }

    /// Servers that are shown: as many as somebody goes through by hand.
    package static let limit = 500

    package var html: HTML {
        guard !servers.isEmpty else {
            return Empty("No servers", "Choose the wave's protection groups first.").html
        }
        guard !hasMore else {
            return Empty(
                "More than \(Self.limit) servers",
                "They are not shown one by one here: give them a group of their own."
            ).html + Self.kept(wave, "new")
        }
        return """
            <p class="hint">Tick none to recover every server of the groups, also later ones.</p>\
            <ul class="pick choices">\(servers.enumerated().html { item($0, $1) })</ul>
            """
    }

    private func item(_ index: Int, _ server: SourceServerView) -> HTML {
        let choice = wave?.servers.first { $0.serverId == server.sourceServerId }
        let isChosen = wave?.serverIds.contains(server.sourceServerId) ?? false
        let name = "waves.new.servers.\(index)"
        return """
            <li data-row><label><input type="checkbox" name="waves.new.serverIds[]" data-as="text" \
            value="\(server.sourceServerId.rawValue)"\(flag: "checked", isChosen)><span>\(server.hostname)\
            <span class="quiet detail">\(server.sourceServerId.rawValue)</span></span></label>\
            <input type="hidden" name="\(name).serverId" data-as="text" value="\(server.sourceServerId.rawValue)">\
            <label class="choice"><span>If it fails</span><select name="\(name).impact" data-as="text">\
            <option value="CRITICAL">The wave fails</option>\
            <option value="OPTIONAL"\(flag: "selected", choice?.impact == .optional)>The wave goes on</option></select></label>\
            <label class="choice"><span>Recovery point</span><input name="\(name).recoverySnapshotId" data-as="optional" \
            value="\(choice?.recoverySnapshotId?.rawValue)" placeholder="Latest" maxlength="21" autocomplete="off"></label></li>
            """
    }

    /// What is not shown is sent back as it is.
    static func kept(_ wave: WaveView?, _ number: String) -> HTML {
        guard let wave else { return .empty }
        func name(_ field: String) -> String { "waves.\(number).\(field)" }
        let servers = wave.serverIds.html { Field.hidden(name("serverIds[]"), $0.rawValue) }
        let choices = wave.servers.enumerated().html { index, choice in
            Field.hidden(name("servers.\(index).serverId"), choice.serverId.rawValue)
                + Field.hidden(name("servers.\(index).impact"), choice.impact.rawValue)
                + Field.hidden(
                    name("servers.\(index).recoverySnapshotId"),
                    choice.recoverySnapshotId?.rawValue ?? "",
                    as: .optional
                )
        }
        return servers + choices
    }
}
