import Capture
import HostSupport
import PandaEngine
import RunRecords

/// What the arguments that the user added to a machine may cost.
enum SetupWarnings {
    /// Tells the warnings of the linter about a plan's machine; what every machine has is left out.
    static func tell(of guest: GuestPlan, _ console: Console) {
        let machine = guest.machine
        let lint = SetupLint(
            (machine.networkDevice ?? []) + machine.extraArguments,
            architecture: machine.architecture
        )
        for finding in lint.findings where finding.severity == .warning { console.warning(finding.text) }
    }
}
