public import Foundation
public import HostSupport

/// A folder whose files can be checked by their digests: BagIt 1.0, RFC 8493.
public struct Bag: Sendable {
    /// The bag's folder.
    public let folder: HostPath

    static let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    static let manifest = "manifest-sha256.txt"
    static let tagManifest = "tagmanifest-sha256.txt"

    /// Names a bag's folder.
    public init(at folder: HostPath) { self.folder = folder }

    /// Writes the files that make a bag of the folder: of what lies in `data/`, and of the files beside it.
    ///
    /// Manifests that are there are replaced; `tagmanifest-sha256.txt` is written last, so that a bag that was not
    /// finished is none.
    ///
    /// - Parameters:
    ///   - information: The lines of `bag-info.txt`, beside those that are computed.
    ///   - date: The day that it says the bag was made on.
    ///   - known: Digests of files below the folder that need not be read again; one whose size differs is read.
    ///   - progress: Is told how many bytes have been read.
    /// - Throws: ``HostSupport/Failure`` where something in it is no regular file, or cannot be read or written.
    public func write(
        information: [(String, String)],
        date: Date,
        known: [String: FileDigest] = [:],
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws {
        for name in [Self.tagManifest, Self.manifest, "bag-info.txt", "bagit.txt"] {
            try FileSystem.remove(folder / name)
        }
        let tree = BagTree(folder)
        if let other = tree.others.first {
            throw Failure(.badData, "\(folder / other) is no regular file: a dataset has none of that kind")
        }
        let payload = tree.files.filter { $0.hasPrefix("data/") }
        let digests = try await digests(of: payload, known: known, progress: progress)
        let bytes = digests.values.reduce(0) { $0 + $1.bytes }
        let lines =
            information + [
                ("Bagging-Date", date.dayText), ("Bag-Software-Agent", "PANDAcap"),
                ("Bag-Size", "\(ByteSize(bytes: bytes))"), ("Payload-Oxum", "\(bytes).\(payload.count)"),
            ]
        try FileSystem.write(Self.declaration, to: folder / "bagit.txt")
        try FileSystem.write(BagInformation(lines).text, to: folder / "bag-info.txt")
        try FileSystem.write(BagManifest(digests.mapValues(\.sha256)).text, to: folder / Self.manifest)
        let tags =
            tree.files.filter { !$0.hasPrefix("data/") } + ["bagit.txt", "bag-info.txt", Self.manifest]
        let own = try await self.digests(of: tags, known: [:], progress: { _ in })
        try FileSystem.write(BagManifest(own.mapValues(\.sha256)).text, to: folder / Self.tagManifest)
    }

    private func digests(
        of names: [String],
        known: [String: FileDigest],
        progress: @escaping @Sendable (UInt64) -> Void
    ) async throws -> [String: FileDigest] {
        var found = known.filter { name, digest in FileSystem.size(folder / name) == digest.bytes }
        let wanted = Set(names)
        found = found.filter { wanted.contains($0.key) }
        for (name, result) in try await FileDigest.read(
            names.filter { found[$0] == nil },
            in: folder,
            progress: progress
        ) {
            found[name] = try result.get()
        }
        return found
    }
}
