import Foundation
import HostSupport

/// What lies in a folder and those below it.
enum FolderContents {
    /// The paths of all files below a folder, relative to it, sorted; folders are not among them.
    static func files(in folder: HostPath) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        return names.filter { FileKind(folder / $0)?.kind != .folder }.sorted()
    }

    /// Removes what processes that were killed have left of files that they wrote: no file of ours has such a name.
    static func removeDrafts(in folder: HostPath) throws {
        for name in files(in: folder) where HostPath(name).name.wholeMatch(of: /\..+\.[0-9]+\.new/) != nil {
            try FileSystem.remove(folder / name)
        }
    }
}
