import Foundation
import HostSupport

/// A folder's files, put in place as a whole.
struct FileTree {
    enum Contents {
        case text(String)
        case file(HostPath)
    }

    struct Entry {
        /// The path below the folder.
        let path: String
        let mode: UInt32
        let contents: Contents
    }

    private let entries: [Entry]
    /// The folders that are there whether something is in them or not.
    private static let folders = ["files", "scripts"]

    init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// Makes the folder what it is to be; where it is that already, it is not touched.
    ///
    /// Only one process at a time may do this, and what others that died have left is removed.
    func place(_ folder: HostPath) throws {
        let draft = folder.parent / ".\(folder.name).new"
        let former = folder.parent / ".\(folder.name).old"
        try FileSystem.remove(draft)
        try FileSystem.remove(former)
        guard try !matches(folder) else { return }
        try write(draft)
        if FileSystem.exists(folder) { try FileSystem.rename(folder, to: former) }
        try FileSystem.rename(draft, to: folder)
        try FileSystem.remove(former)
    }

    private func write(_ folder: HostPath) throws {
        for name in Self.folders { try FileSystem.createDirectory(folder / name) }
        for entry in entries {
            let file = folder / entry.path
            try FileSystem.createDirectory(file.parent)
            switch entry.contents {
            case .text(let text): try FileSystem.write(text, to: file, mode: 0o600)
            case .file(let source): try FileSystem.copy(source, to: file)
            }
            try FileSystem.setMode(file, entry.mode)
        }
    }

    private func matches(_ folder: HostPath) throws -> Bool {
        guard FileSystem.isDirectory(folder) else { return false }
        let there = try Set(FileManager.default.subpathsOfDirectory(atPath: folder.string))
        let wanted = entries.reduce(into: Set(Self.folders)) { paths, entry in
            var path = HostPath(entry.path)
            while path.string != "." {
                paths.insert(path.string)
                path = path.parent
            }
        }
        guard there == wanted else { return false }
        return try entries.allSatisfy { entry in
            let file = folder / entry.path
            guard let kind = FileKind(file), kind.kind == .regular, kind.mode == entry.mode else {
                return false
            }
            switch entry.contents {
            case .text(let text):
                return try FileSystem.read(file, limit: .max) == Data(text.utf8)
            case .file(let source):
                return FileManager.default.contentsEqual(atPath: file.string, andPath: source.string)
            }
        }
    }
}
