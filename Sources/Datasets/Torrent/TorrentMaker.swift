import Foundation
public import HostSupport

/// Makes torrents with mktorrent.
public struct TorrentMaker: Sendable {
    /// What goes into a torrent: a folder or a file.
    public let contents: HostPath
    /// Where it can be downloaded.
    public let webSeeds: [String]
    /// The trackers; none for peers that find each other.
    public let trackers: [String]

    private static let tool = Tool("mktorrent", package: "mktorrent")

    /// Plans a torrent.
    ///
    /// - Parameters:
    ///   - contents: A folder or a file.
    ///   - webSeeds: Where it can be downloaded: for a folder the address of the folder above it, which clients put the
    ///     folder's name and the file's path behind, with or without a slash at its end; for a file its own address, or
    ///     one with a slash at its end that its name is put behind.
    ///   - trackers: The trackers.
    /// - Throws: ``HostSupport/Failure`` where there is nothing, or something that no dataset has, or an address is none.
    public init(of contents: HostPath, webSeeds: [String], trackers: [String]) throws {
        let contents = FileSystem.absolute(contents)
        guard let kind = FileKind(contents)?.kind, kind == .folder || kind == .regular else {
            throw Failure(.notFound, "there is no folder and no file \(contents)")
        }
        if kind == .folder {
            let tree = BagTree(contents)
            if let other = tree.others.first {
                throw Failure(
                    .badData,
                    "\(contents / other) is no regular file: a torrent has none of that kind"
                )
            }
            guard !tree.files.isEmpty else { throw Failure(.badData, "\(contents) is empty") }
        }
        for address in webSeeds where !address.isWebAddress {
            throw Failure(.usage, "'\(address)' is no address of http or https")
        }
        for address in trackers where !address.isTrackerAddress {
            throw Failure(.usage, "'\(address)' is no tracker's address: it begins with http, https or udp")
        }
        self.contents = contents
        self.webSeeds = webSeeds.map { kind == .folder && !$0.hasSuffix("/") ? $0 + "/" : $0 }.uniqued()
        self.trackers = trackers.uniqued()
    }

    /// The size of its files in bytes.
    public var bytes: UInt64 {
        FileSystem.isDirectory(contents)
            ? BagTree(contents).files.reduce(0) { $0 + (FileSystem.size(contents / $1) ?? 0) }
            : FileSystem.size(contents) ?? 0
    }

    /// The base-two logarithm of the pieces' size: 256 KiB at least, and then so that there are about 2000, up to 16 MiB.
    var pieceExponent: Int { (18...24).first { bytes >> $0 <= 2000 } ?? 24 }

    /// The argument vector, without the program's name, that makes a file.
    public func arguments(to file: HostPath) -> [String] {
        // mktorrent takes lists with commas.
        func plain(_ address: String) -> String { address.replacing(",", with: "%2C") }
        return ["-d", "-l", "\(pieceExponent)"] + trackers.flatMap { ["-a", plain($0)] }
            + webSeeds.flatMap { ["-w", plain($0)] } + ["-o", file.string, contents.string]
    }

    /// Makes the torrent, reads it again and compares it with what is there.
    ///
    /// - Parameter file: Where it goes; a file that is there is replaced.
    /// - Returns: The torrent.
    /// - Throws: ``HostSupport/Failure`` where mktorrent is missing or fails, or made something else.
    public func make(_ file: HostPath) async throws -> Torrent {
        let draft = file.draft
        try FileSystem.remove(draft)
        defer { try? FileSystem.remove(draft) }
        try await Self.tool.run(arguments(to: draft))
        let torrent = try Torrent(from: draft)
        let found =
            torrent.isSingleFile
            ? [Torrent.File(path: contents.name, bytes: FileSystem.size(contents) ?? 0)]
            : BagTree(contents).files.map {
                Torrent.File(path: $0, bytes: FileSystem.size(contents / $0) ?? 0)
            }
        guard Set(torrent.files) == Set(found), torrent.name == contents.name, !torrent.isPrivate,
            torrent.webSeeds == webSeeds.map({ $0.replacing(",", with: "%2C") })
        else { throw Failure(.internal, "mktorrent made a torrent of something else than \(contents)") }
        try FileSystem.rename(draft, to: file)
        return torrent
    }
}
