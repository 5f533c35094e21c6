internal import Ambient
internal import ArgumentParser

/// The root of all commands: a noun, then a verb.
struct MusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "Plan, drill and recover the servers of many AWS accounts and Regions.",
        discussion: """
            The hub is at MUSTER_HUB_URL (\(HubAddress.standard) unless set). The token is --token, MUSTER_TOKEN, or the \
            one that muster sign-in keeps.

            Groups, plans, executions and spokes are named by name or id. An execution is also named by latest, or by its \
            plan, whose latest one is meant.

            \(ExitStatus.table)
            """,
        version: MusterVersion.text,
        subcommands: [CompletionsCommand.self, SignIn.self, SignOut.self, WhoAmI.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Recovery",
                subcommands: [
                    ServerCommand.self, GroupCommand.self, PlanCommand.self, ExecutionCommand.self,
                    ScheduleCommand.self, CampaignCommand.self, ReportCommand.self, FindingCommand.self,
                ]
            ),
            CommandGroup(
                name: "Operation",
                subcommands: [
                    AccountCommand.self, RoleCommand.self, AuditCommand.self, SpokeCommand.self, SessionCommand.self,
                    RegionCommand.self, QuotaCommand.self, NotificationCommand.self, OrphanCommand.self,
                    DoctorCommand.self,
                ]
            ),
        ]
    )
}

/// Prints the script by which a shell completes commands.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completion script of a shell.",
        discussion: """
            bash: muster completions bash > ~/.local/share/bash-completion/completions/muster
            zsh:  muster completions zsh > a directory of $fpath, as _muster
            fish: muster completions fish > ~/.config/fish/completions/muster.fish
            """
    )

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    func run() {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        print(MusterCommand.completionScript(for: shell))
    }
}
