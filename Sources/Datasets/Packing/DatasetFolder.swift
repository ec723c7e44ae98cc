public import HostSupport

/// The folder of a dataset: every file that is neither a trace's nor a standard's has its name here.
public struct DatasetFolder: Sendable, Hashable {
    /// The folder.
    public let path: HostPath

    /// Describes the folder at a path.
    public init(_ path: HostPath) {
        self.path = FileSystem.absolute(path)
    }

    /// `data`: what the standard's manifests are of.
    public var data: HostPath { path / "data" }
    /// `data/metadata/dataset.json`: the index.
    public var index: HostPath { data / Self.indexName }
    /// `.NAME.pack`, beside the folder, in which everything is part of the dataset: what a packing that is not finished has
    /// made so far.
    public var work: HostPath { path.parent / ".\(path.name).pack" }
    /// The packed files that have no place in a volume yet.
    public var staged: HostPath { work / "data" }
    /// The files that are done, a line each.
    public var journal: HostPath { work / "journal.jsonl" }
    /// What the packing was begun as.
    public var beginning: HostPath { work / "begun.json" }
    /// Restored references that no run of the collection has any more.
    public var restored: HostPath { work / "restored" }
    /// Held by the process that packs.
    public var lock: HostPath { work / "lock" }

    /// The volumes that are there, in the order of their numbers; the folder itself where it is not split.
    public var volumes: [HostPath] {
        if FileSystem.exists(index) { return [path] }
        return numberedFolders.sorted { $0.number < $1.number }.map { path / $0.name }
            .filter { FileSystem.exists(DatasetFolder($0).index) }
    }

    /// The folders whose names are those of volumes.
    var numberedFolders: [(name: String, number: Int)] {
        FileSystem.list(path).compactMap { name in
            guard let match = name.wholeMatch(of: /[A-Za-z0-9._-]+-([0-9]{1,6})-of-[0-9]{1,6}/),
                let number = Int(match.1), FileKind(path / name)?.kind == .folder
            else { return nil }
            return (name, number)
        }
    }

    /// Where a packed file may lie, before and after the volumes were made.
    func places(of file: String) -> [HostPath] {
        ([staged, data] + numberedFolders.map { path / $0.name / "data" }).map { $0 / file }
    }

    /// The index's path under `data/`.
    static let indexName = "metadata/dataset.json"
}
