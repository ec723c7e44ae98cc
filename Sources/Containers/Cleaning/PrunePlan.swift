import Foundation
public import HostSupport
import RunRecords

/// What of PANDAcap's own can be removed from a runtime of containers.
public struct PrunePlan: Sendable, Encodable {
    /// Something that is left where it is, though it is ours and not in use.
    public struct Kept: Sendable, Hashable, Encodable {
        /// Its name or identifier.
        public let name: String
        /// Why.
        public let reason: String
    }

    /// Stopped containers of runs and of tests.
    public let containers: [ListedContainer]
    /// Images that PANDAcap has built and that nothing uses.
    public let images: [ListedImage]
    /// Private folders of test containers that are gone.
    public let folders: [HostPath]
    /// What is left alone.
    public let kept: [Kept]

    /// How long a container that does not run may be somebody's work still, who collects what it left.
    static let grace: TimeInterval = 60

    /// Looks for what can be removed.
    ///
    /// - Parameters:
    ///   - runtime: The runtime.
    ///   - imageName: Whose tags may go; none where only images without a name may.
    ///   - home: The user's folder.
    ///   - environment: The environment of this process.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` where the runtime fails.
    public static func make(
        for runtime: ContainerRuntime,
        imageName: String?,
        home: HostPath,
        environment: [String: String]
    ) async throws -> PrunePlan {
        let all = try await runtime.containers(["--all"], isSized: true)
        return PrunePlan(
            all: all,
            images: try await runtime.images(ContainerLabel.filter),
            imageName: imageName,
            folders: TestFolder.leftOver(
                of: runtime,
                home: home,
                containers: Set(all.map(\.id)),
                environment: environment
            ).map(\.path),
            isHeld: { FileSystem.exists($0) && (try? FileLock(unlessHeld: $0)) == nil },
            now: Date()
        )
    }

    /// Decides what can be removed of what there is; `isHeld` tells whether a process holds the lock of a path.
    init(
        all: [ListedContainer],
        images: [ListedImage],
        imageName: String?,
        folders: [HostPath],
        isHeld: (HostPath) -> Bool,
        now: Date
    ) {
        var kept: [Kept] = []
        // A container that somebody made of an image of ours is his: it only has the image's label.
        containers = all.filter { container in
            guard [.run, .test].contains(container.kind), !container.isRunning,
                ["created", "exited", "dead", "stopped", "initialized", "configured"].contains(
                    container.state
                )
            else { return false }
            guard let reason = Self.reasonToKeep(container, isHeld: isHeld, now: now) else { return true }
            kept.append(Kept(name: container.name, reason: reason))
            return false
        }
        let going = Set(containers.map(\.id))
        self.images = images.filter { image in
            guard [.image, .base].contains(image.kind), Self.mayGo(image, imageName: imageName) else {
                return false
            }
            let users = all.filter { $0.imageID == image.id && !going.contains($0.id) }
            guard let user = users.first else { return true }
            kept.append(
                Kept(
                    name: image.names.first ?? image.id.shortID,
                    reason: "the container '\(user.name)' is of it"
                )
            )
            return false
        }
        self.folders = folders
        self.kept = kept
    }

    private static func reasonToKeep(
        _ container: ListedContainer,
        isHeld: (HostPath) -> Bool,
        now: Date
    ) -> String? {
        let locks = container.mountSources.flatMap { [RunFolder($0).lock, RunFolder($0.parent).lock] }
        if locks.contains(where: isHeld) { return "its run is still going on" }
        let last = container.finished ?? container.created ?? .distantPast
        // The locks say it of runs whose folders lie here, and a test's ends with its container.
        let isSure =
            container.kind == .test && container.finished != nil
            || locks.contains(where: FileSystem.exists)
        return isSure || now.timeIntervalSince(last) > grace ? nil : "it may be of something that is going on"
    }

    /// The name of the images that others are built on.
    static let baseName = "pandacap-base"

    /// Whether an image has no name, or only names that may go.
    private static func mayGo(_ image: ListedImage, imageName: String?) -> Bool {
        if image.names.isEmpty { return true }
        guard let imageName else { return false }
        // Images that others have built on ours have our labels too, and names of their own.
        let own = image.kind == .base ? baseName : imageName
        return image.names.allSatisfy { name in
            let repository = name.lastIndex(of: ":").map { String(name[..<$0]) } ?? name
            // Podman puts the host that there is none of before a name.
            return repository == own || repository == "localhost/\(own)"
        }
    }
}

/// What was removed.
public struct PruneResult: Sendable, Encodable {
    /// The names of containers.
    public var containers: [String] = []
    /// The names of images, or the identifiers of those that have none.
    public var images: [String] = []
    /// Private folders of test containers.
    public var folders: [HostPath] = []
    /// What is left alone, and why.
    public var kept: [PrunePlan.Kept] = []
    /// How much less the runtime keeps.
    public var freed = ByteSize(bytes: 0)
}

extension PrunePlan {
    /// What would be removed; images may share layers with others, which stay.
    public var result: PruneResult {
        PruneResult(
            containers: containers.map(\.name),
            images: images.map { $0.names.first ?? $0.id.shortID },
            folders: folders,
            kept: kept,
            freed: ByteSize(
                bytes: containers.compactMap { $0.written?.bytes }.reduce(0, +)
                    + images.map(\.size.bytes).reduce(0, +)
            )
        )
    }

    /// Removes what is planned.
    ///
    /// - Parameter runtime: Whose it is.
    /// - Returns: What was removed; what could not be is among what is kept.
    /// - Throws: ``HostSupport/Failure`` where a folder cannot be removed, or the runtime does not say what it keeps.
    public func carryOut(by runtime: ContainerRuntime) async throws -> PruneResult {
        var result = PruneResult(kept: kept)
        var freed = ByteSize(bytes: 0)
        for container in containers {
            // Not by force: one that runs again by now is left alone.
            let output = try await runtime.tool.output(["rm", "--volumes", container.id])
            if output.status == .exited(0) {
                result.containers.append(container.name)
                freed = ByteSize(bytes: freed.bytes + (container.written?.bytes ?? 0))
            } else {
                result.kept.append(Kept(name: container.name, reason: ContainerRuntime.words(of: output)))
            }
        }
        let before = images.isEmpty ? 0 : try await Self.imageBytes(of: runtime)
        for image in images {
            for name in image.names.isEmpty ? [image.id] : image.names {
                let output = try await runtime.tool.output(["image", "rm", name])
                let shown = image.names.isEmpty ? name.shortID : name
                if output.status == .exited(0) {
                    result.images.append(shown)
                } else {
                    result.kept.append(Kept(name: shown, reason: ContainerRuntime.words(of: output)))
                }
            }
        }
        let after = images.isEmpty ? 0 : try await Self.imageBytes(of: runtime)
        for folder in folders {
            try FileSystem.remove(folder)
            result.folders.append(folder)
        }
        result.freed = ByteSize(bytes: freed.bytes + (before > after ? before - after : 0))
        return result
    }

    /// What all images have together, layers that several share counted once.
    private static func imageBytes(of runtime: ContainerRuntime) async throws -> UInt64 {
        let lines = try await runtime.run(["system", "df", "--format", "{{json .}}"])
        let usages = try lines.split(whereSeparator: \.isNewline).map { line in
            try JSONText.decode(Usage.self, from: Data(line.utf8), source: "system df")
        }
        return usages.first { $0.type == "Images" }?.size.bytes ?? 0
    }

    /// A line of `system df`: Podman counts bytes, Docker writes `1.982MB` with powers of 1000.
    struct Usage: Decodable {
        let type: String
        let size: ByteSize

        private enum CodingKeys: String, CodingKey {
            case type = "Type"
            case size = "Size"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            if let bytes = try? container.decode(UInt64.self, forKey: .size) {
                size = ByteSize(bytes: bytes)
                return
            }
            let text = try container.decode(String.self, forKey: .size)
            let factors = ["B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
            guard let match = text.wholeMatch(of: /([0-9.]+)([A-Za-z]+)/), let number = Double(match.1),
                let factor = factors[String(match.2)], number * factor < 0x1p63
            else {
                throw DecodingError.dataCorruptedError(
                    forKey: .size,
                    in: container,
                    debugDescription: "'\(text)' is not a size"
                )
            }
            size = ByteSize(bytes: UInt64(number * factor))
        }
    }
}
