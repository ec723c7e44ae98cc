import Foundation
import HostSupport

/// What lies in a folder and those below it.
enum FolderContents {
    /// The paths of all files below a folder, relative to it, sorted; folders are not among them.
    static func files(in folder: HostPath) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        return names.filter { FileKind(folder / $0)?.kind != .folder }.sorted()
    }
}
