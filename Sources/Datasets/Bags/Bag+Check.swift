import Foundation
public import HostSupport

extension Bag {
    private static let limit: UInt64 = 256 << 20

    /// Checks a bag, which may be anybody's.
    ///
    /// It must be complete and valid in the sense of RFC 8493, and more where that lets pass what nobody checks: there must
    /// be a manifest of SHA-256 and one of the tag files, which names each of them; nothing may be left to be fetched; only
    /// regular files may be in it.
    ///
    /// - Parameters:
    ///   - folder: The bag's folder.
    ///   - isQuick: Whether the payload's files are only looked for, and not read.
    ///   - progress: Is told how many bytes have been read.
    /// - Returns: All that is wrong with it; nothing where it is complete and valid.
    /// - Throws: ``HostSupport/Failure`` where there is no such folder; `CancellationError`.
    public static func check(
        at folder: HostPath,
        isQuick: Bool = false,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws -> [String] {
        try await Bag(at: folder).check(isQuick: isQuick, progress)
    }

    /// The digests that the manifest of the payload has, by the files' paths below the folder; of a bag that was found to
    /// be valid they are the files' own.
    func payloadDigests() -> [String: String] {
        var ignored: [String] = []
        return manifest(Self.manifest, &ignored) ?? [:]
    }

    private func check(
        isQuick: Bool,
        _ progress: @escaping @Sendable (UInt64) -> Void
    ) async throws -> [String] {
        guard FileSystem.isDirectory(folder) else {
            throw Failure(.notFound, "there is no folder \(folder)")
        }
        let tree = BagTree(folder)
        var problems = tree.others.map { "\($0): is no regular file" }
        checkDeclaration(&problems)
        if tree.files.contains("fetch.txt") { problems.append("fetch.txt: there are files to be fetched") }
        let payload = Set(tree.files.filter { $0.hasPrefix("data/") })
        let tags = Set(tree.files).subtracting(payload)
        if let digests = manifest(Self.manifest, &problems) {
            for name in digests.keys where !name.hasPrefix("data/") {
                problems.append("\(Self.manifest): names '\(name)', which is not in data/")
            }
            compare(Set(digests.keys.filter { $0.hasPrefix("data/") }), payload, Self.manifest, &problems)
        }
        if let digests = manifest(Self.tagManifest, &problems) {
            for name in digests.keys where name.hasPrefix("data/") || name.hasPrefix("tagmanifest-") {
                problems.append("\(Self.tagManifest): names '\(name)', which is no tag file")
            }
            let named = Set(digests.keys.filter { !$0.hasPrefix("data/") && !$0.hasPrefix("tagmanifest-") })
            compare(named, tags.filter { !$0.hasPrefix("tagmanifest-") }, Self.tagManifest, &problems)
            try await verify(named.intersection(tags), digests, &problems)
        }
        checkInformation(payload, &problems)
        if !isQuick {
            let digests = payloadDigests()
            try await verify(payload.filter { digests[$0] != nil }, digests, &problems, progress)
        }
        return problems.sorted()
    }

    private func checkDeclaration(_ problems: inout [String]) {
        guard let text = text("bagit.txt", &problems) else { return }
        let lines = text.split(whereSeparator: \.isLineEnd)
        if lines != ["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8"] {
            problems.append("bagit.txt: does not declare BagIt 1.0 in UTF-8")
        }
    }

    /// Compares the payload's size with what `bag-info.txt` says of it.
    private func checkInformation(_ payload: Set<String>, _ problems: inout [String]) {
        guard let text = text("bag-info.txt", &problems) else { return }
        var found: [String] = []
        let information = BagInformation(text, problems: &found)
        problems += found.map { "bag-info.txt: \($0)" }
        let bytes = payload.reduce(UInt64(0)) { $0 &+ (FileSystem.size(folder / $1) ?? 0) }
        let expected = "\(bytes).\(payload.count)"
        switch information.values["Payload-Oxum"] {
        case [expected]: break
        case nil: problems.append("bag-info.txt: Payload-Oxum is missing")
        case let values?:
            problems.append(
                "bag-info.txt: Payload-Oxum is \(values.joined(separator: ", ")) and not \(expected)"
            )
        }
    }

    private func compare(
        _ named: Set<String>,
        _ found: Set<String>,
        _ manifest: String,
        _ problems: inout [String]
    ) {
        problems += named.subtracting(found).map { "\($0): is missing, and \(manifest) names it" }
        problems += found.subtracting(named).map { "\($0): is not named in \(manifest)" }
    }

    private func verify(
        _ names: Set<String>,
        _ digests: [String: String],
        _ problems: inout [String],
        _ progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws {
        for (name, result) in try await FileDigest.read(names.sorted(), in: folder, progress: progress) {
            switch result {
            case .success(let digest) where digest.sha256 == digests[name]: break
            case .success: problems.append("\(name): its digest is not the one of its manifest")
            case .failure(let failure): problems.append("\(name): \(failure.message)")
            }
        }
    }

    private func manifest(_ name: String, _ problems: inout [String]) -> [String: String]? {
        guard let text = text(name, &problems) else { return nil }
        var found: [String] = []
        let manifest = BagManifest(text, problems: &found)
        problems += found.map { "\(name): \($0)" }
        return manifest.digests
    }

    private func text(_ name: String, _ problems: inout [String]) -> String? {
        guard FileSystem.isRegularFile(folder / name) else {
            problems.append("\(name): is missing")
            return nil
        }
        do {
            let data = try FileSystem.read(folder / name, limit: Self.limit)
            guard let text = String(validating: data, as: UTF8.self) else {
                problems.append("\(name): is not UTF-8")
                return nil
            }
            return text
        } catch {
            problems.append("\(name): \((error as? Failure)?.message ?? "\(error)")")
            return nil
        }
    }
}
