import Foundation
public import HostSupport

/// A torrent: the digests of the pieces of a file, or of the files of a folder (BEP 3), and where they can be downloaded
/// (BEP 19).
public struct Torrent: Sendable, Hashable {
    /// A file of a torrent.
    public struct File: Sendable, Hashable {
        /// Its path below the torrent's folder; the torrent's own name where it is one file.
        public let path: String
        /// Its size in bytes.
        public let bytes: UInt64
    }

    /// What the folder, or the file, is called.
    public let name: String
    /// The size of a piece in bytes; the last one may be smaller.
    public let pieceBytes: UInt64
    /// The files in their order.
    public let files: [File]
    /// Whether it is one file and no folder.
    public let isSingleFile: Bool
    /// Where the contents can be downloaded.
    public let webSeeds: [String]
    /// The trackers.
    public let trackers: [String]
    /// Whether peers may be found by its trackers alone.
    public let isPrivate: Bool
    /// The SHA-1 digest that it is known by, in hexadecimal.
    public let infoHash: String
    /// The SHA-1 digests of the pieces, 20 bytes each.
    let pieces: [UInt8]

    /// The size of all files in bytes.
    public var bytes: UInt64 { files.reduce(0) { $0 + $1.bytes } }
    /// How many pieces there are.
    public var pieceCount: Int { pieces.count / 20 }

    /// Reads a torrent's file, which may be anybody's.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``HostSupport/Failure`` where it is missing, or no torrent, or names files outside of its folder.
    public init(from path: HostPath) throws {
        do {
            try self.init(Array(try FileSystem.read(path, limit: 128 << 20)))
        } catch var failure as Failure {
            if failure.code == .badData { failure.message = "\(path) is no torrent: \(failure.message)" }
            throw failure
        }
    }

    /// Reads the bytes of a torrent's file.
    init(_ bytes: [UInt8]) throws {
        let (root, place) = try BencodeReader.read(bytes)
        guard let place, let info = root["info"] else { throw Self.failure("it has no 'info'") }
        guard let name = info["name"]?.textValue, Self.isComponent(name) else {
            throw Self.failure("its name cannot be a file's")
        }
        guard let length = info["piece length"]?.integerValue, (1 << 14...1 << 28).contains(length),
            length & (length - 1) == 0
        else { throw Self.failure("the length of its pieces is no power of two from 16 KiB to 256 MiB") }
        guard let pieces = info["pieces"]?.bytesValue, pieces.count.isMultiple(of: 20) else {
            throw Self.failure("it has no digests of pieces")
        }
        let files = try Self.files(info, name: name)
        // Each is below 2^48, and there are fewer than the file has bytes.
        let total = files.reduce(0) { $0 + $1.bytes }
        guard (total + UInt64(length) - 1) / UInt64(length) == UInt64(pieces.count / 20) else {
            throw Self.failure("it has \(pieces.count / 20) pieces for \(total) bytes")
        }
        self.name = name
        self.pieces = pieces
        self.files = files
        pieceBytes = UInt64(length)
        isSingleFile = info["files"] == nil
        isPrivate = info["private"]?.integerValue == 1
        webSeeds = Self.addresses(root["url-list"])
        let tiers = (root["announce-list"]?.listValue ?? []).flatMap { Self.addresses($0) }
        trackers = (Self.addresses(root["announce"]) + tiers).uniqued()
        infoHash = RunningDigest.text(of: Data(bytes[place]), .sha1)
    }

    private static func failure(_ text: String) -> Failure { Failure(.badData, text) }

    private static func files(_ info: Bencode, name: String) throws -> [File] {
        guard let list = info["files"]?.listValue else {
            return [File(path: name, bytes: try size(info))]
        }
        guard info["length"] == nil, !list.isEmpty else { throw failure("it is neither a file nor a folder") }
        let files = try list.map { entry in
            let components = entry["path"]?.listValue?.map(\.textValue) ?? []
            guard !components.isEmpty, components.allSatisfy({ $0.map(isComponent) ?? false }) else {
                throw failure("it names a file outside of its folder")
            }
            return File(path: components.compactMap { $0 }.joined(separator: "/"), bytes: try size(entry))
        }
        guard Set(files.map(\.path)).count == files.count else { throw failure("it names a file twice") }
        return files
    }

    private static func size(_ entry: Bencode) throws -> UInt64 {
        guard let length = entry["length"]?.integerValue, (0..<1 << 48).contains(length) else {
            throw failure("it has a file without a size")
        }
        return UInt64(length)
    }

    /// Whether a text can be a file's name, whatever system takes it.
    private static func isComponent(_ text: String) -> Bool {
        !text.unicodeScalars.contains("/") && BagManifest.isSafe(text)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    private static func addresses(_ value: Bencode?) -> [String] {
        switch value {
        case .bytes: [value?.textValue].compactMap { $0 }.filter { !$0.isEmpty }
        case .list(let elements): elements.compactMap(\.textValue)
        default: []
        }
    }
}
