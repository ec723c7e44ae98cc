import Bootstrap
import Containers
import GuestImages
import HostSupport
import RunRecords

extension GuestPlanner {
    /// The plan of handing a bundle to a guest.
    func bundlePlan(
        _ request: BundleRequest,
        _ guest: GuestRequest,
        _ image: GuestImage,
        _ machine: Machine,
        _ forwards: [PortForward],
        _ container: ContainerPlan?,
        runID: String
    ) async throws -> BundlePlan {
        var facts = RunFacts(runID: runID)
        facts.hostName = guest.hostName
        facts.user = image.sshUser
        facts.sshPort = forwards.hostPort(of: 22)
        facts.sftpPort = forwards.hostPort(of: 2222)
        var values = facts.values(with: request.variables)
        if let container {
            // What the container's side has to know, and what a file of variables can only wish.
            let inner = forwards.map(container.inner)
            values["VM_SSH_PORT"] = inner.hostPort(of: 22).map(String.init)
            values["VM_SFTP_PORT"] = inner.hostPort(of: 2222).map(String.init) ?? values["VM_SFTP_PORT"]
        }
        _ = try BundleRenderer(
            request.bundle,
            values: values,
            adding: request.added,
            installation: try Installation.locate()
        )
        var added: [String: String] = [:]
        for file in request.added { added[file.name] = try await Digest.sha256(file) }
        let settings = request.variables.all.filter { $0.origin == .commandLine }.map { ($0.key, $0.value) }
        return BundlePlan(
            record: RunRecord.Bundle(
                folder: request.bundle.folder,
                digest: try await request.bundle.digest(),
                settings: Dictionary(settings) { $1 },
                added: added,
                scripts: request.bundle.scripts(of: .vm)
            ),
            values: values,
            added: request.added,
            delivery: try delivery(to: image, machine),
            seconds: request.timeLimit.seconds,
            runID: runID
        )
    }

    private func delivery(to image: GuestImage, _ machine: Machine) throws -> BundlePlan.Delivery {
        switch image.agent {
        case .serial: return machine.usb ? .volume : .archive
        case .usb: return .volumeAtBoot
        case .none:
            throw Failure(
                .unavailable,
                "the guest '\(image.name)' takes nothing from the host, so it cannot be handed a bundle",
                hint: "import its disk anew with --agent usb if it looks for a volume labelled 'bootstrap', "
                    + "or put our agent into it (guest/README.md)"
            )
        }
    }
}
