import Containers
import Foundation
import HostSupport
import RunRecords
import Traces

/// One run, looked into and brought to its end.
struct RunExamination: Sendable {
    /// What was found and done.
    struct Outcome: Sendable {
        let run: String
        var findings: [Reconciliation.Finding] = []
        var pending: Reconciliation.Pending?
        var isGoingOn = false

        mutating func note(_ deed: Reconciliation.Deed, _ text: String? = nil) {
            findings.append(.init(subject: run, deed: deed, note: text))
        }
    }

    let folder: RunFolder
    let orphans: [OrphanedEngines.Engine]
    let reconciler: Reconciler
    let isPlan: Bool
    let proves: Bool

    func run() async throws -> Outcome {
        var outcome = Outcome(run: folder.path.name)
        if FileSystem.exists(folder.lock), isHeld {
            outcome.isGoingOn = true
            return outcome
        }
        do {
            try await look(&outcome)
        } catch let failure as Failure where failure.code == .timeout {
            // Somebody has begun to mend it.
            outcome.isGoingOn = true
        } catch let failure as Failure {
            outcome.note(.notDone, failure.message)
        }
        return outcome
    }

    private var isHeld: Bool {
        do { _ = try FileLock(unlessHeld: folder.lock) } catch let failure as Failure {
            return failure.code == .timeout
        } catch {}
        return false
    }

    private func look(_ outcome: inout Outcome) async throws {
        let read = Result { try RunRecord.read(from: folder) }
        // Whose processes this host shows, too: the container's end is theirs.
        if let record = try? read.get() { try await endContainers(of: record, &outcome) }
        let engines = orphans.filter(\.isThere)
        if !engines.isEmpty, outcome.findings.isEmpty || !isPlan {
            if !isPlan { try await OrphanedEngines.end(engines) }
            let numbers = engines.map { "\($0.identifier)" }.joined(separator: ", ")
            outcome.note(.engineEnded, "process \(numbers)")
        }
        var record: RunRecord
        do {
            record = try read.get()
        } catch let failure as Failure {
            outcome.note(.damaged, failure.message)
            return
        }
        if !record.state.isFinal, record.state != .recorded {
            if isPlan {
                outcome.note(
                    .failed,
                    "its process died in the state '\(record.state.rawValue)'; what it recorded would be looked at"
                )
                return
            }
            record = try await RunRecovery.read(folder, patience: .milliseconds(300))
            outcome.note(record.state == .recorded ? .recorded : .failed, record.reason)
        }
        if record.state == .failed { record = try await salvage(record, &outcome) }
        if record.state == .recorded {
            outcome.pending = Reconciliation.Pending(record: record, folder: folder)
        }
    }

    /// A container that outlived its capture; another's that is called the same is left alone.
    private func endContainers(of record: RunRecord, _ outcome: inout Outcome) async throws {
        guard record.engine.container != nil, !record.state.isFinal, record.state != .recorded else { return }
        let kind = ContainerRuntime.Kind(rawValue: record.command.executable.name)
        let runtime = try await ContainerRuntime.find(kind)
        for container in try await runtime.containers(ofRun: record.id.description, in: folder.path) {
            if !isPlan { try await runtime.end(container) }
            outcome.note(.containerEnded, container.name)
        }
    }
}
