import Foundation
import HostSupport

/// A file of the Python package index, pinned by its digest.
struct PackageIndexFile: Sendable {
    /// The project's name in the index.
    let project: String
    /// The file's name.
    let name: String
    /// Its SHA-256 digest, in hexadecimal.
    let sha256: String

    /// PANDA of December 2021 for eight architectures, with its plugins and firmware.
    static let pandare = PackageIndexFile(
        project: "pandare",
        name: "pandare-0.1.1.5-py3-none-any.whl",
        sha256: "954ec59515db4a26734bd507867b953561dfb340c2c20db10ed316f9430624be"
    )

    /// The source distribution that bundles protobuf 3.6.1, which that PANDA was linked with.
    static let grpcioTools = PackageIndexFile(
        project: "grpcio-tools",
        name: "grpcio-tools-1.16.1.tar.gz",
        sha256: "6d8b23af5fbce2da18a0f34a997af5157118e9890a730e8a6016d5f7a83c1c40"
    )

    /// Fetches the file, or takes it from the cache; a download that was cut off is gone on with.
    ///
    /// - Parameters:
    ///   - cache: The folder of downloads.
    ///   - console: Where progress is shown.
    /// - Returns: The path of the file, whose digest is right.
    /// - Throws: `Failure` where it cannot be had whole.
    func fetched(into cache: HostPath, console: Console) async throws -> HostPath {
        let folder = cache / "downloads"
        try FileSystem.createDirectory(folder)
        let lock = try FileLock(folder / ".\(name).lock")
        defer { withExtendedLifetime(lock) {} }
        let target = folder / name
        if FileSystem.exists(target), try await Digest.sha256(target) == sha256 { return target }
        let part = folder / "\(name).part"
        let resumed = FileSystem.exists(part)
        // The last attempt may have ended between the last byte and the rename.
        if resumed, try await Digest.sha256(part) == sha256 {
            try FileSystem.rename(part, to: target)
            return target
        }
        let address = try await address()
        console.step("fetching \(name)")
        try await transfer(address, to: part, console: console)
        var digest = try await Digest.sha256(part)
        if digest != sha256, resumed {
            console.detail("the part of \(name) that was there does not fit; fetching it anew")
            try FileSystem.remove(part)
            try await transfer(address, to: part, console: console)
            digest = try await Digest.sha256(part)
        }
        guard digest == sha256 else {
            try FileSystem.remove(part)
            throw Failure(.badData, "\(name) has the SHA-256 digest \(digest) instead of \(sha256)")
        }
        try FileSystem.rename(part, to: target)
        return target
    }

    /// Where the index that pip uses on this host has the file (PEP 503).
    private func address() async throws -> URL {
        let index = try await Self.indexAddress()
        guard let page = URL(string: index + (index.hasSuffix("/") ? "" : "/") + project + "/") else {
            throw Failure(.configuration, "pip's index '\(index)' is not an address")
        }
        let text = try await Tool("curl", package: "curl").run(
            ["--fail", "--location", "--silent", "--show-error", "--retry", "3", page.absoluteString])
        for link in text.components(separatedBy: "href=\"").dropFirst() {
            let reference = link.prefix { $0 != "\"" }.prefix { $0 != "#" }
            guard reference.hasSuffix("/" + name) else { continue }
            if let url = URL(string: String(reference), relativeTo: page) { return url.absoluteURL }
        }
        throw Failure(.notFound, "the package index \(index) has no \(name)")
    }

    private static func indexAddress() async throws -> String {
        let environment = ProcessInfo.processInfo.environment
        if let index = environment["PIP_INDEX_URL"], !index.isEmpty { return index }
        let pip = ["-m", "pip", "--disable-pip-version-check"]
        let python = Tool("python3", package: "python3")
        for key in ["global.index-url", "user.index-url", "install.index-url"] {
            let output = try await python.output(pip + ["config", "get", key])
            if output.status == .exited(0), !output.standardOutput.trimming.isEmpty {
                return output.standardOutput.trimming
            }
        }
        // pip names the index that it uses by default in its help only.
        let help = try await python.run(pip + ["download", "--help"])
        guard let match = help.firstMatch(of: /default\s+(https?:[^\s)]+)/) else {
            throw Failure(
                .unavailable,
                "pip does not tell which package index it uses",
                hint: "set PIP_INDEX_URL"
            )
        }
        return String(match.1)
    }

    private func transfer(_ address: URL, to part: HostPath, console: Console) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await Tool("curl", package: "curl").run([
                    "--fail", "--location", "--silent", "--show-error", "--retry", "3",
                    "--continue-at", "-", "--output", part.string, address.absoluteString,
                ])
            }
            group.addTask {
                while true {
                    let bytes = ByteSize(bytes: FileSystem.size(part) ?? 0)
                    console.progress("fetching \(name): \(bytes)")
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
