import Foundation
public import HostSupport

/// What is to be uploaded, and what is said of it.
///
/// The service knows no folders: each volume is one file.
public struct UploadPlan: Sendable {
    /// A file.
    public struct Item: Sendable, Hashable {
        /// What it is called there.
        public let name: String
        /// The file; of a volume that is a folder, where its archive is to be.
        public let path: HostPath
        /// The folder that the archive is made of; nothing where the file is there already.
        public let folder: HostPath?
    }

    /// The files, in the order of their names.
    public let items: [Item]
    /// Where it is written down how far it came.
    public let state: HostPath
    /// The record's metadata as the service wants it: the contents of `.zenodo.json`.
    let metadata: Data
    private let shown: String

    /// Finds out what to upload.
    ///
    /// - Parameter paths: A dataset's folder, or its volumes' folders or archives.
    /// - Throws: ``HostSupport/Failure`` where something is no dataset, or where there is too much for one record.
    public init(_ paths: [HostPath]) async throws {
        var items: [Item] = []
        var folders: [HostPath] = []
        for path in paths.map({ FileSystem.settled($0) }) {
            if FileSystem.isRegularFile(path) {
                items.append(Item(name: path.name, path: path, folder: nil))
                continue
            }
            guard FileSystem.isDirectory(path) else {
                throw Failure(.notFound, "there is no dataset \(path)")
            }
            let volumes = FileSystem.exists(path / "bagit.txt") ? [path] : Self.volumes(in: path)
            guard !volumes.isEmpty else {
                throw Failure(
                    .badData,
                    "\(path) is no dataset: it has no bagit.txt, and no folder in it has one",
                    hint: "'pandacap dataset pack' makes datasets"
                )
            }
            folders += volumes
            for volume in volumes {
                let archive = volume.parent / "\(volume.name).tar"
                items.append(Item(name: archive.name, path: archive, folder: volume))
            }
        }
        items.sort { $0.name < $1.name }
        if let twice = Dictionary(grouping: items, by: \.name).first(where: { $0.value.count > 1 })?.key {
            throw Failure(.usage, "two files are called \(twice), and the service knows no folders")
        }
        guard let first = items.first, let named = paths.first else {
            throw Failure(.usage, "nothing is named")
        }
        self.items = items
        shown = FileSystem.settled(named).string
        let base = FileSystem.settled(named)
        let stem = base.name.hasSuffix(".tar") ? String(base.name.dropLast(4)) : base.name
        state = base.parent / "\(stem)-deposit.json"
        metadata = try await Self.metadata(folders.first, archive: first.path)
        guard items.count <= DepositService.mostFiles else {
            throw Failure(
                .usage,
                "\(items.count) files are more than the \(DepositService.mostFiles) of one record",
                hint: "publish fewer volumes at once, each time as a deposit of its own"
            )
        }
    }

    private static func volumes(in folder: HostPath) -> [HostPath] {
        FileSystem.list(folder).map { folder / $0 }.filter { FileSystem.isRegularFile($0 / "bagit.txt") }
    }

    /// What `.zenodo.json` says, in the folder or in the archive.
    private static func metadata(_ folder: HostPath?, archive: HostPath) async throws -> Data {
        let data: Data
        if let folder {
            guard FileSystem.isRegularFile(folder / ".zenodo.json") else {
                throw Failure(.badData, "\(folder) has no .zenodo.json", hint: "pack it with --description")
            }
            data = try FileSystem.read(folder / ".zenodo.json", limit: 16 << 20)
        } else {
            data = try await Tool("tar", package: "tar").filter(
                [
                    "--extract", "--to-stdout", "--occurrence=1", "--wildcards", "--file", archive.string,
                    "*/.zenodo.json",
                ],
                input: Data(),
                limit: 16 << 20
            )
        }
        let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        guard let object else {
            throw Failure(.badData, "the .zenodo.json of \(folder ?? archive) is no JSON object")
        }
        let missing = ["title", "description", "creators", "upload_type"].filter { object[$0] == nil }
        guard missing.isEmpty else {
            throw Failure(
                .badData,
                "the .zenodo.json of \(folder ?? archive) has no \(missing.joined(separator: ", "))"
            )
        }
        return data
    }

    /// Makes the archives that are not there, or that are older than what they are of.
    ///
    /// - Parameter console: Is told of each.
    /// - Throws: ``HostSupport/Failure`` where one cannot be made.
    func makeArchives(_ console: Console) async throws {
        for item in items {
            guard let folder = item.folder else { continue }
            let newest = try Self.newest(in: folder)
            if let kind = FileKind(item.path), kind.kind == .regular, kind.changed > newest { continue }
            let draft = item.path.draft
            defer { try? FileSystem.remove(draft) }
            try await console.step("packing \(folder.name) into \(item.name)") {
                _ = try await Tool("tar", package: "tar").run([
                    "--create", "--file", draft.string, "--format=pax", "--sort=name", "--mtime=@0",
                    "--owner=0",
                    "--group=0", "--numeric-owner", "--pax-option=delete=atime,delete=ctime",
                    "--directory", folder.parent.string, "--", folder.name,
                ])
            }
            try FileSystem.rename(draft, to: item.path)
        }
        let bytes = items.compactMap { FileSystem.size($0.path) }.reduce(0, +)
        guard bytes <= DepositService.mostBytes else {
            throw Failure(
                .usage,
                "\(ByteSize(bytes: bytes)) are more than the 50 GB of one record",
                hint: "pack with --split-size 50G, and publish volumes one by one"
            )
        }
    }

    private static func newest(in folder: HostPath) throws -> Int64 {
        var newest = FileKind(folder)?.changed ?? 0
        for name in FileSystem.list(folder) {
            guard let kind = FileKind(folder / name) else { continue }
            newest = max(newest, kind.kind == .folder ? try Self.newest(in: folder / name) : kind.changed)
        }
        return newest
    }

    /// The command that goes on, for hints.
    public var commandLine: String { "pandacap dataset publish \(shellQuoted(shown))" }
}
