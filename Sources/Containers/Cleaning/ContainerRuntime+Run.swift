import Foundation
public import HostSupport

extension ContainerRuntime {
    /// The containers that a run's engine is in.
    ///
    /// - Parameters:
    ///   - run: The run's id.
    ///   - folder: The run's folder: another collection may have a run of that name.
    /// - Returns: The containers.
    /// - Throws: ``HostSupport/Failure`` where the runtime fails, or says what cannot be understood.
    public func containers(ofRun run: String, in folder: HostPath) async throws -> [ListedContainer] {
        let place = FileSystem.settled(folder)
        return try await containers(["--all", "--filter", "label=\(ContainerLabel.run)=\(run)"])
            .filter { container in
                container.kind == .run && container.run == run
                    && container.mountSources.contains { source in
                        let source = FileSystem.settled(source)
                        return source == place || source.parent == place
                    }
            }
    }

    /// Ends a container and removes it: its engine is asked first, so that it closes what it records.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - grace: How many seconds it may take.
    /// - Throws: ``HostSupport/Failure`` with the runtime's own words.
    public func end(_ container: ListedContainer, grace: Int = 10) async throws {
        // One that was halted takes no signal.
        if container.state == "paused" { _ = try await tool.output(["unpause", container.id]) }
        let stop = try await tool.output(["stop", "--time", "\(grace)", container.id])
        let removal = try await tool.output(["rm", "--force", "--volumes", container.id])
        let isGone = try await containers(["--all", "--filter", "id=\(container.id)"]).isEmpty
        guard isGone else {
            let words = removal.status == .exited(0) ? stop : removal
            throw Failure(
                .system,
                "the container '\(container.name)' cannot be ended: \(Self.words(of: words))"
            )
        }
    }
}
