import Foundation
public import HostSupport

// Stands in for the standards' files until those are there: a bag, and nothing else.

public struct DatasetDescription: Sendable, Codable {
    public var name: String

    public static func minimal(name: String) -> DatasetDescription { DatasetDescription(name: name) }

    public static func read(from path: HostPath) throws -> DatasetDescription {
        let text = try FileSystem.readText(path)
        guard let match = text.firstMatch(of: /(?m)^name: *([A-Za-z0-9._-]+)$/) else {
            throw Failure(.configuration, "\(path) has no name")
        }
        return DatasetDescription(name: String(match.1))
    }
}

enum DatasetMetadata {
    static func write(
        into folder: HostPath,
        description: DatasetDescription,
        index: DatasetIndex
    ) async throws {
        try FileSystem.write("# \(description.name)\n", to: folder / "README.md")
        try FileSystem.write("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", to: folder / "bagit.txt")
        var lines: [String] = []
        for name in Bag.files(in: folder / "data") {
            lines.append("\(try await Digest.sha256(folder / "data" / name))  data/\(name)")
        }
        try FileSystem.write(lines.joined(separator: "\n") + "\n", to: folder / "manifest-sha256.txt")
    }
}

enum Bag {
    static func files(in folder: HostPath) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        return names.filter { FileSystem.isRegularFile(folder / $0) }.sorted()
    }

    static func check(at folder: HostPath) async throws -> [String] {
        var problems: [String] = []
        var named: Set<String> = []
        for line in try FileSystem.readText(folder / "manifest-sha256.txt").split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            let name = parts[1].trimmingCharacters(in: .whitespaces)
            named.insert(name)
            guard FileSystem.isRegularFile(folder / name) else {
                problems.append("\(name) is not there")
                continue
            }
            if try await Digest.sha256(folder / name) != parts[0] { problems.append("\(name) is another one") }
        }
        for name in files(in: folder / "data") where !named.contains("data/\(name)") {
            problems.append("data/\(name) is in no manifest")
        }
        return problems
    }
}
