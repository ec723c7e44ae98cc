import Foundation
import Glibc
import HostSupport
import Synchronization

/// A builder's process, which leaves nothing behind when its task is cancelled.
final class BuildProcess: Sendable {
    private let command: LaunchCommand
    private let log: HostPath
    private let isPodman: Bool
    private let isStopped = Mutex(false)

    init(_ command: LaunchCommand, log: HostPath, runtime: ContainerRuntime.Kind) {
        self.command = command
        self.log = log
        isPodman = runtime == .podman
    }

    /// Runs it to its end.
    ///
    /// - Parameter report: Is handed what it says, and is called ten times a second where it says nothing.
    /// - Returns: How it ended.
    /// - Throws: `Failure` where it cannot be started; `CancellationError`.
    func run(_ report: @escaping @Sendable (Data) -> Void) async throws -> ExitStatus {
        // A task of its own, so that the process is not ended by the cancellation before it has cleaned up.
        let task = Task.detached { [self] in
            try await ChildProcess.run(command, log: log) { child in try await watch(child, report) }.status
        }
        return try await withTaskCancellationHandler {
            let status = try await task.value
            try Task.checkCancellation()
            return status
        } onCancel: {
            isStopped.withLock { $0 = true }
        }
    }

    private func watch(_ child: ChildProcess, _ report: (Data) -> Void) async throws {
        var tail = FileTail(log)
        while true {
            let hasEnded = try await child.exit(within: .milliseconds(100)) != nil
            var data = tail.next()
            repeat {
                report(data)
                data = tail.next()
            } while !data.isEmpty
            if hasEnded { return }
            guard isStopped.withLock({ $0 }) else { continue }
            if isPodman { try await endSteps(of: child) }
            throw CancellationError()
        }
    }

    /// Lets Podman's steps fail: it then removes what it works in, which it does not when it is ended itself.
    private func endSteps(of child: ChildProcess) async throws {
        _ = try await poll(for: .seconds(20), every: .milliseconds(100)) { () -> Bool? in
            if child.status != nil { return true }
            for process in child.identifier.map(Self.descendants) ?? [] { kill(process, SIGKILL) }
            return nil
        }
    }

    /// The processes that a process has started, and those that they have.
    static func descendants(of process: Int32) -> [Int32] {
        var children: [Int32: [Int32]] = [:]
        for name in FileSystem.list("/proc") {
            guard let number = Int32(name),
                let text = try? FileSystem.readText(HostPath("/proc/\(name)/stat")),
                let end = text.lastIndex(of: ")")
            else { continue }
            // Behind the name in brackets: the state, and the parent (proc(5)).
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 1, let parent = Int32(fields[1]) else { continue }
            children[parent, default: []].append(number)
        }
        var found: [Int32] = []
        var pending = children[process] ?? []
        while let next = pending.popLast() {
            found.append(next)
            pending += children[next] ?? []
        }
        return found
    }
}
