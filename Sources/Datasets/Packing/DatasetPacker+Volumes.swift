import Foundation
import HostSupport
import TraceArchives

extension DatasetPacker {
    /// What the standards put beside `data`, which goes when the dataset is split.
    private static let standardNames =
        DatasetMetadata.standards + [
            "bagit.txt", "bag-info.txt", Bag.manifest, Bag.tagManifest,
        ]

    /// Puts every file into its volume, writes what makes a volume complete, and removes what was of use for packing.
    ///
    /// A file has its old name until all of them have their new ones, so that it is found after a crash at any point.
    func publish(_ index: DatasetIndex, _ beginning: PackingBeginning) async throws -> [PackingResult.Volume]
    {
        let parts = try VolumePlan.split(index, limits: settings.limits, earlier: beginning.volumes)
        let folders = parts.map { part in
            part.volume.map { DatasetFolder(folder.path / "\(index.name)-\($0.number)-of-\($0.count)") }
                ?? folder
        }
        for (part, target) in zip(parts, folders) {
            try FileSystem.createDirectory(target.path)
            for file in part.packedFiles { try await place(file, in: target) }
        }
        removeOthers(parts, folders, earlier: beginning.earlier)
        var volumes: [PackingResult.Volume] = []
        for (part, target) in zip(parts, folders) {
            if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
            console.progress("writing the metadata of \(target.path.name)")
            try FolderContents.removeDrafts(in: target.path)
            try await DatasetMetadata.write(into: target.path, description: settings.description, index: part)
            volumes.append(try volume(part, target))
        }
        console.endProgress()
        try FileSystem.remove(folder.work)
        return volumes
    }

    private func place(_ file: DatasetFile, in volume: DatasetFolder) async throws {
        let target = volume.data / file.path
        var sources: [HostPath] = []
        for path in folder.places(of: file.path)
        where FileSystem.isRegularFile(path) && FileSystem.size(path) == file.bytes {
            sources.append(path)
        }
        // What an earlier packing has left may have the same size and be another file.
        if sources.count > 1 {
            var same: [HostPath] = []
            for path in sources where try await Digest.sha256(path) == file.sha256 { same.append(path) }
            sources = same
        }
        guard let source = sources.contains(target) ? target : sources.first else {
            throw Failure(.internal, "the packed file \(file.path) is not there")
        }
        guard source != target else { return }
        try FileSystem.createDirectory(target.parent)
        let draft = target.draft
        try FileSystem.remove(draft)
        try await FileSystem.share(source, as: draft)
        try FileSystem.rename(draft, to: target)
    }

    /// Removes volumes that are none any more, and files of this dataset that have gone to others.
    private func removeOthers(_ parts: [DatasetIndex], _ folders: [DatasetFolder], earlier: DatasetIndex?) {
        let wanted = Set(folders.map(\.path))
        for (name, _) in folder.numberedFolders where name.hasPrefix(settings.description.name + "-") {
            let path = folder.path / name
            guard !wanted.contains(path) else { continue }
            try? FileSystem.remove(path)
            try? FileSystem.remove(HostPath(path.string + ".tar"))
        }
        if parts.contains(where: { $0.volume != nil }) {
            for name in Self.standardNames { try? FileSystem.remove(folder.path / name) }
            try? FileSystem.remove(folder.data)
        }
        let known = (earlier?.packedFiles ?? []).map(\.path)
        for (part, target) in zip(parts, folders) {
            let kept = Set(part.packedFiles.map(\.path))
            for path in known where !kept.contains(path) { try? FileSystem.remove(target.data / path) }
        }
    }

    private func volume(_ part: DatasetIndex, _ target: DatasetFolder) throws -> PackingResult.Volume {
        let files = FolderContents.files(in: target.path)
        let bytes = files.reduce(0) { $0 + (FileSystem.size(target.path / $1) ?? 0) }
        if let most = settings.limits.bytes, part.volume != nil, bytes > most {
            throw Failure(
                .internal,
                "\(target.path) came to \(bytes) bytes, more than the \(most) that were allowed"
            )
        }
        var archive: HostPath?
        if settings.makesArchives {
            let path = HostPath(target.path.string + ".tar")
            console.progress("writing \(path.name)")
            try FolderArchive.write(files, of: target.path, named: target.path.name, to: path)
            archive = path
        }
        return .init(
            folder: target.path,
            files: files.count,
            bytes: bytes,
            traces: part.traces.count,
            archive: archive
        )
    }
}

extension DatasetIndex {
    /// Every packed file, once, in the order of their paths.
    var packedFiles: [DatasetFile] {
        let all = traces.flatMap(\.files) + disks + (references ?? [])
        return Dictionary(all.map { ($0.path, $0) }) { first, _ in first }.values.sorted { $0.path < $1.path }
    }
}
