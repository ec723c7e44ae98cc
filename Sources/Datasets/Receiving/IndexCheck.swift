import Foundation
import HostSupport
import RunRecords

/// Holds an index, which comes from anybody, against the rules of a dataset; nothing but the index is looked at.
enum IndexCheck {
    private static let longestPath = 1000
    /// The largest file that is believed in, in bytes.
    static let largest: UInt64 = 1 << 46
    private static let mostVolumes = 999_999

    /// What is wrong with an index; where there is nothing, each path in it leads to a place under `data/`.
    static func problems(_ index: DatasetIndex) -> [String] {
        var problems: [String] = []
        if !isName(index.name) { problems.append("the dataset's name is none: '\(index.name)'") }
        if let volume = index.volume,
            volume.number < 1 || volume.number > volume.count || volume.count > mostVolumes
        {
            problems.append("it is volume \(volume.number) of \(volume.count)")
        }
        let all = index.traces.flatMap(\.files) + index.disks + (index.references ?? [])
        for file in all { problems += self.problems(file) }
        for (path, files) in Dictionary(grouping: all, by: \.path)
        where Set(files.map { "\($0.bytes) \($0.sha256) \($0.restored?.sha256 ?? "")" }).count > 1 {
            problems.append("\(path) is described in more than one way")
        }
        for (name, traces) in Dictionary(grouping: index.traces, by: \.name) where traces.count > 1 {
            problems.append("\(traces.count) traces are called '\(name)'")
        }
        problems += index.traces.flatMap { self.problems($0, index) }
        for disk in index.disks {
            let place = disk.restored?.name ?? ""
            if !isPath(place) || !place.hasPrefix("disks/") {
                problems.append("\(disk.path) is no disk of a collection: '\(place)'")
            }
        }
        problems += referenceProblems(index)
        return problems.uniqued().sorted()
    }

    private static func problems(_ trace: DatasetTrace, _ index: DatasetIndex) -> [String] {
        var problems: [String] = []
        if !isName(trace.name) || !isName(trace.run) {
            problems.append("'\(trace.name)' of the run '\(trace.run)' is no name of a trace")
        }
        if let seconds = trace.seconds, !(0..<DatasetTotals.longest).contains(seconds) {
            problems.append("\(trace.name): it is said to have taken \(seconds) s")
        }
        if !isComponent(trace.recording) {
            problems.append("\(trace.name): '\(trace.recording)' is no recording's name")
        }
        if trace.record.path != "metadata/\(trace.name).json" || trace.record.restored != nil {
            problems.append("\(trace.name): its record is \(trace.record.path)")
        }
        if (trace.log == nil) == (index.format == .store) {
            problems.append("\(trace.name): its files are not those of the form \(index.format.rawValue)")
        }
        let expected: [(DatasetFile?, String, String?)] = [
            (trace.snapshot, "rr/", index.format == .store ? "\(trace.recording)-rr-snp" : nil),
            (trace.log, "rr/", "\(trace.recording)-rr-nondet.log"),
            (trace.packets, "pcap/", nil), (trace.disk, "qcow/", "disk.qcow2"),
            (trace.kernelInformation, "kernel/", nil),
        ]
        for case (let file?, let prefix, let name) in expected
        where !file.path.hasPrefix(prefix) || file.restored?.name != name {
            problems.append(
                "\(trace.name): \(file.path) is not where it belongs, or not called as it should be"
            )
        }
        let disks = Set(index.disks.map(\.path))
        for disk in trace.baseDisks ?? [] where !disks.contains(disk) {
            problems.append("\(trace.name): the disk \(disk) is not there")
        }
        return problems
    }

    private static func problems(_ file: DatasetFile) -> [String] {
        guard isPath(file.path) else { return ["'\(file.path)' is no path under data/"] }
        var problems: [String] = []
        if !isDigest(file.sha256) { problems.append("\(file.path): '\(file.sha256)' is no digest") }
        if let restored = file.restored, !isDigest(restored.sha256) {
            problems.append("\(file.path): '\(restored.sha256)' is no digest")
        }
        for bytes in [file.bytes, file.restored?.bytes ?? 0] where bytes > largest {
            problems.append("\(file.path): it is said to have \(bytes) bytes")
        }
        return problems
    }

    /// References are whole, and each is in the volume.
    private static func referenceProblems(_ index: DatasetIndex) -> [String] {
        let recordings = index.recordingFiles
        var problems: [String] = []
        for file in index.traces.flatMap(\.files) + index.disks + (index.references ?? []) {
            guard let reference = file.restored?.reference else { continue }
            guard let other = recordings[reference], let restored = other.restored else {
                problems.append("\(file.path): what it was packed against, \(reference), is not there")
                continue
            }
            if restored.reference != nil {
                problems.append("\(file.path): what it was packed against, \(reference), is not whole itself")
            }
        }
        return problems
    }

    private static func isName(_ name: String) -> Bool { safeFileName(name, limit: 200) == name }

    private static func isDigest(_ text: String) -> Bool { text.wholeMatch(of: /[0-9a-f]{64}/) != nil }

    /// Whether it is a path below a folder, whatever reads it.
    static func isPath(_ path: String) -> Bool {
        path.utf8.count <= longestPath && path.isASCII
            && path.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
                .allSatisfy { isComponent(String($0)) }
    }

    private static func isComponent(_ name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.first != "." && !name.unicodeScalars.contains("/")
            && name.utf8.count <= 255 && Console.printable(name) == name
    }
}
