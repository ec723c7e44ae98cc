import Foundation
import HostSupport

extension ContainerRuntime {
    /// Lists images.
    ///
    /// - Parameter words: Further words of `image ls`, which choose among them.
    /// - Returns: The images, the newest first.
    /// - Throws: ``HostSupport/Failure`` where the runtime fails, or says what cannot be understood.
    public func images(_ words: [String] = []) async throws -> [ListedImage] {
        let ids = try await identifiers(["image", "ls"] + words)
        let found = try await inspect(ListedImage.Inspection.self, "image", [], ids)
        return found.map { ListedImage($0) }
            .sorted { ($0.created ?? .distantPast, $1.id) > ($1.created ?? .distantPast, $0.id) }
    }

    /// Looks for an image.
    ///
    /// - Parameter name: Its name, or its identifier.
    /// - Returns: The image; nothing where there is none of that name.
    /// - Throws: ``HostSupport/Failure`` where the runtime fails.
    public func image(named name: String) async throws -> ListedImage? {
        // What looks like an option is no image's name.
        guard !name.isEmpty, !name.hasPrefix("-") else { return nil }
        return try await inspect(ListedImage.Inspection.self, "image", [], [name]).first.map {
            ListedImage($0)
        }
    }

    /// Lists containers.
    ///
    /// - Parameters:
    ///   - words: Further words of `ps`, which choose among them.
    ///   - isSized: Whether to ask how much they have written, which takes a while.
    /// - Returns: The containers, by their names.
    /// - Throws: ``HostSupport/Failure`` where the runtime fails, or says what cannot be understood.
    public func containers(_ words: [String] = [], isSized: Bool = false) async throws -> [ListedContainer] {
        let ids = try await identifiers(["ps"] + words)
        let found = try await inspect(
            ListedContainer.Inspection.self,
            "container",
            isSized ? ["--size"] : [],
            ids
        )
        return found.map { ListedContainer($0) }.sorted { $0.name < $1.name }
    }

    /// Finds a container.
    ///
    /// - Parameter name: Its name, its identifier, or the first digits of that.
    /// - Returns: The container.
    /// - Throws: ``HostSupport/Failure`` with `notFound`, naming those that run.
    public func container(named name: String) async throws -> ListedContainer {
        if Self.isContainerName(name),
            let found = try await inspect(ListedContainer.Inspection.self, "container", [], [name]).first
        {
            return ListedContainer(found)
        }
        let running = try await containers().map(\.name)
        throw Failure(
            .notFound,
            "there is no container '\(name)'",
            hint: running.isEmpty
                ? "none is running; 'pandacap container test' starts one"
                : "there are: \(running.joined(separator: ", "))"
        )
    }

    /// Whether a text can be a container's name; all others are never handed to the runtime.
    public static func isContainerName(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.-]*/) != nil
    }

    private func identifiers(_ words: [String]) async throws -> [String] {
        let lines = try await run(words + ["--quiet", "--no-trunc"]).split(whereSeparator: \.isNewline)
        // An image with several names is listed several times.
        return lines.map(String.init).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Looks at objects; those that are gone meanwhile are left out.
    private func inspect<Value: Decodable>(
        _ type: Value.Type,
        _ noun: String,
        _ words: [String],
        _ names: [String]
    ) async throws -> [Value] {
        guard !names.isEmpty else { return [] }
        let arguments = [noun, "inspect"] + words + ["--"] + names
        let output = try await tool.output(arguments)
        let complaints = output.standardError.split(whereSeparator: \.isNewline)
        guard output.status == .exited(0) || complaints.contains(where: Self.saysThatItIsGone) else {
            throw Failure(
                .system,
                "'\(shellLine([kind.rawValue] + arguments))' \(output.status): \(Self.words(of: output))"
            )
        }
        return try JSONText.decode(
            [Value].self,
            from: Data(output.standardOutput.utf8),
            source: shellLine([kind.rawValue, noun, "inspect"] + words)
        )
    }

    private static func saysThatItIsGone(_ line: Substring) -> Bool {
        let words = line.lowercased()
        // What cannot be a name of an image names none.
        return ["no such container", "no such image", "image not known", "invalid reference format"]
            .contains { words.contains($0) }
    }
}
