import Glibc
import HostSupport
import RunRecords
import WebServer

/// The files of a run that may be downloaded, reached from its folder's descriptor without a link on the way.
///
/// A guest that breaks out of its engine can put anything into the folder `rr`: what is no regular file there is not
/// there for us.
final class RunFiles: Sendable {
    /// A file.
    struct Item: Sendable, Hashable {
        /// The names on the way to it, from the run's folder.
        let path: [String]
        let bytes: UInt64

        var name: String { path.joined(separator: "/") }
    }

    /// The most files of one folder.
    private static let limit = 500
    private static let place = RunFolder("/")
    /// Those that lie in the folder itself.
    private static let names = [
        place.record, place.packets, place.peers, place.console, place.firstConsole, place.standardOutput,
        place.standardError, place.command, place.engineLog, place.kernelInformation,
    ].map(\.name)

    private let folder: Int32

    /// Opens a run's folder; nothing where it is none, or only a link to one.
    init?(collection: HostPath, run: String) {
        guard Self.isOneName(run) else { return nil }
        let runs = Glibc.open((collection / "runs").string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard runs >= 0 else { return nil }
        defer { close(runs) }
        folder = Self.folder(run, in: runs)
        guard folder >= 0 else { return nil }
    }

    deinit { if folder >= 0 { close(folder) } }

    private static func isOneName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == 0x2F || $0 == 0 }
    }

    private static func folder(_ name: String, in parent: Int32) -> Int32 {
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }

    /// Whether a file is one of those that are offered, by its name.
    static func isOffered(_ path: [String]) -> Bool {
        guard let name = path.last, path.allSatisfy({ safeFileName($0, limit: 255) == $0 }) else {
            return false
        }
        return switch path.count {
        case 1: names.contains(name)
        case 2:
            path[0] == place.recordings.name
                && (name.hasSuffix("-rr-snp") || name.hasSuffix("-rr-nondet.log"))
        case 3: path[0] == "analysis"
        default: false
        }
    }

    /// The files that are there.
    var items: [Item] {
        let own = Self.names.compactMap { item([$0]) }
        let recordings = names(in: [Self.place.recordings.name]).compactMap {
            item([Self.place.recordings.name, $0])
        }
        let analyses = names(in: ["analysis"]).flatMap { analysis in
            names(in: ["analysis", analysis]).compactMap { item(["analysis", analysis, $0]) }
        }
        return own + recordings + analyses.prefix(Self.limit)
    }

    /// Opens a file; nothing where it is not offered, or is no regular file.
    func open(_ path: [String]) -> WebFile? {
        guard Self.isOffered(path) else { return nil }
        return withFolder(of: path) { parent, name in
            // What is no regular file must not be waited for.
            let file = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { return nil }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                close(file)
                return nil
            }
            return WebFile(descriptor: file, size: UInt64(max(0, status.st_size)))
        }
    }

    /// The last lines of a text; nothing where there is none.
    func lastLines(of path: [String], count: Int, within limit: Int) -> [String]? {
        guard let file = open(path), file.size > 0 else { return nil }
        let bytes = file.end(limit)
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        return lines.suffix(count + 1).map(String.init)
    }

    private func item(_ path: [String]) -> Item? {
        guard Self.isOffered(path) else { return nil }
        return withFolder(of: path) { parent, name in
            var status = stat()
            guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG
            else { return nil }
            return Item(path: path, bytes: UInt64(max(0, status.st_size)))
        }
    }

    private func names(in path: [String]) -> [String] {
        withFolder(of: path) { parent, name in
            let descriptor = Self.folder(name, in: parent)
            guard descriptor >= 0 else { return nil }
            guard let stream = fdopendir(descriptor) else {
                close(descriptor)
                return nil
            }
            defer { closedir(stream) }
            var found: [String] = []
            while found.count < Self.limit, let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if safeFileName(name, limit: 255) == name { found.append(name) }
            }
            return found.sorted()
        } ?? []
    }

    private func withFolder<Result>(of path: [String], _ body: (Int32, String) -> Result?) -> Result? {
        guard let name = path.last else { return nil }
        var parent = folder
        for step in path.dropLast() {
            let next = Self.folder(step, in: parent)
            if parent != folder { close(parent) }
            guard next >= 0 else { return nil }
            parent = next
        }
        defer { if parent != folder { close(parent) } }
        return body(parent, name)
    }
}
