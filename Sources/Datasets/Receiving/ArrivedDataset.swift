import Foundation
public import HostSupport
import TraceArchives

/// A dataset that came from anybody: a folder, or the tar of one.
public final class ArrivedDataset: Sendable {
    /// A part that can be used without the others.
    struct Volume: Sendable {
        let folder: DatasetFolder
        let index: DatasetIndex
    }

    /// What the user named.
    public let source: HostPath
    /// The folders of the volumes.
    let folders: [DatasetFolder]
    private let scratch: ScratchFolder?

    /// Opens a dataset; a tar is unpacked into a folder for temporary files first.
    ///
    /// - Parameters:
    ///   - source: A folder, or a tar of one.
    ///   - console: Where progress is told.
    /// - Throws: ``HostSupport/Failure`` with `not-found` where there is none, `bad-data` where a tar cannot be believed.
    public init(_ source: HostPath, console: Console) throws {
        self.source = FileSystem.absolute(source)
        guard FileSystem.exists(self.source) else {
            throw Failure(.notFound, "there is no dataset \(self.source)")
        }
        if FileSystem.isDirectory(self.source) {
            scratch = nil
            let folder = DatasetFolder(self.source)
            guard !FileSystem.exists(folder.work) else {
                throw Failure(
                    .badData,
                    "\(self.source) is not finished: its packing was stopped",
                    hint: "finish it: 'pandacap dataset pack' with the same arguments"
                )
            }
            folders = folder.volumes.isEmpty ? [folder] : folder.volumes.map { DatasetFolder($0) }
            return
        }
        let scratch = try ScratchFolder(in: Storage.temporary)
        do {
            let name = try FolderArchive.unpack(self.source, into: scratch.path) { part in
                console.progress("unpacking \(source.name): \(Int(part * 100)) %")
            }
            console.endProgress()
            folders = [DatasetFolder(scratch.path / name)]
            self.scratch = scratch
        } catch {
            console.endProgress()
            scratch.remove()
            throw error
        }
    }

    /// Removes what a tar was unpacked into.
    public func close() { scratch?.remove() }
}
