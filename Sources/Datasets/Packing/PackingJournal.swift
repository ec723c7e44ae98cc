import Foundation
import Glibc
import HostSupport

/// What of a packing is done, so that one that was killed is gone on with.
actor PackingJournal {
    /// A file that is done.
    struct Entry: Codable {
        let path: String
        /// What it was made of; nothing where an earlier packing made it.
        let identity: String?
        let file: DatasetFile
        /// What came out of an archive's or a frame's source, where that is worth knowing.
        var sourceBytes: UInt64?
    }

    private let file: FileHandle
    private(set) var entries: [String: Entry] = [:]

    /// Opens the journal; a line that was not written to its end is taken away.
    init(_ path: HostPath) throws {
        let text = FileSystem.exists(path) ? try FileSystem.readText(path, limit: 4 << 30) : ""
        var whole = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            guard
                let entry = try? JSONText.decode(Entry.self, from: Data(line.utf8), source: path.string)
            else { break }
            entries[entry.path] = entry
            whole += line.utf8.count + 1
        }
        let descriptor = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0, ftruncate(descriptor, off_t(whole)) == 0,
            lseek(descriptor, 0, SEEK_END) >= 0
        else { throw Failure(.inputOutput, "cannot write \(path): \(systemMessage(errno))") }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Writes down that a file is done, and has its name.
    func add(_ entry: Entry) throws {
        do {
            try file.write(contentsOf: try JSONText.encode(entry, isLine: true))
            try file.synchronize()
        } catch {
            throw Failure(.inputOutput, "cannot write the journal of the packing", cause: error)
        }
        entries[entry.path] = entry
    }
}

/// What a packing was begun as; it is gone on with as the same or not at all.
struct PackingBeginning: Codable {
    var schema = 1
    let name: String
    let created: Date
    let format: DatasetIndex.Format
    let isAnonymised: Bool
    let fingerprint: String?
    /// What was there before.
    let earlier: DatasetIndex?
    /// The names of the traces that each volume had, where there were volumes.
    let volumes: [[String]]

    /// What was begun in a folder; nothing where nothing was.
    static func read(_ folder: DatasetFolder) throws -> PackingBeginning? {
        guard FileSystem.exists(folder.beginning) else { return nil }
        return try JSONText.decode(
            PackingBeginning.self,
            from: try FileSystem.read(folder.beginning, limit: 1 << 30),
            source: folder.beginning.string
        )
    }
}
