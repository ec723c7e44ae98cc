import Foundation
public import HostSupport
public import RunRecords

/// What stands between a collection and a dataset: a scan of all that is to be packed, and other addresses.
public struct PrivacyGate: DatasetPrivacy {
    private let scan: PrivacyScan
    private let map: AddressMap?
    private let report: HostPath
    private let jobs: Int
    private let console: Console

    /// Prepares a gate.
    ///
    /// - Parameters:
    ///   - settings: What must not leave.
    ///   - map: What addresses are replaced by; nothing where they stay.
    ///   - report: Where the scan's report is written.
    ///   - jobs: How many files are read at the same time.
    ///   - console: Is told what happens.
    public init(_ settings: PrivacySettings, map: AddressMap?, report: HostPath, jobs: Int, console: Console)
    {
        scan = PrivacyScan(settings)
        self.map = map
        self.report = report
        self.jobs = jobs
        self.console = console
    }

    /// Whether the peers' addresses are replaced by others.
    public var isAnonymising: Bool { map != nil }

    /// Tells the key from others.
    public var fingerprint: String? { map?.fingerprint }

    /// Looks at everything that is to be packed: records and peers as they are published, everything else as it is.
    ///
    /// - Parameter files: The files as they are in the collection.
    /// - Throws: ``HostSupport/Failure`` with `not-permitted` where something must not leave.
    public func review(_ files: [ReviewedFile]) async throws {
        let files = files.uniqued()
        let scanned = files.compactMap { file in
            file.role.scanned.map { ScannedFile(file.path, name: Self.name(of: file.path), role: $0) }
        }
        let total = scanned.compactMap { FileSystem.size($0.path) }.reduce(0, +)
        let (scan, jobs, console) = (scan, jobs, console)
        console.step("looking for what must not leave in \(scanned.count) files, \(ByteSize(bytes: total))")
        let ofFiles = try await Interrupts.cancelling {
            try await scan.scan(scanned, scratch: HostPath(NSTemporaryDirectory()), jobs: jobs) { bytes in
                console.progress("looked at \(ByteSize(bytes: bytes)) of \(ByteSize(bytes: total))")
            }
        }
        console.endProgress()
        let ofRecords = try files.filter { $0.role == .record }.flatMap { try published($0.path) }
        let whole = PrivacyReport.joined([ofFiles] + ofRecords)
        try FileSystem.createDirectory(report.parent)
        try report.removeLeftDrafts()
        try whole.write(to: report)
        for kind in Set(whole.findings.filter { $0.level == .note }.map(\.kind.rawValue)).sorted() {
            console.detail("noted: \(kind); \(report) tells where")
        }
        try whole.requireHarmless(report: report)
    }

    /// A peer, with the addresses replaced that are his, in his banner, or in the names that he tried.
    public func peer(_ peer: Peer) -> Peer { map?.anonymised(peer) ?? peer }

    /// A text in which addresses are replaced.
    public func text(_ text: String) -> String { map?.anonymised(text) ?? text }

    /// Writes a packet capture with the addresses replaced.
    ///
    /// - Parameters:
    ///   - source: The capture.
    ///   - target: The file to be written.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read or written.
    public func packets(_ source: HostPath, to target: HostPath) async throws {
        guard let map else { throw Failure(.internal, "no address is replaced") }
        let result = try PacketAnonymiser(map).copy(source, to: target)
        if result.unknown > 0 {
            console.warning(
                "\(Self.name(of: source)): \(result.unknown) of \(result.frames) frames are of protocols that are not "
                    + "known; they were left as they are"
            )
        }
        if result.isCut {
            console.warning("\(Self.name(of: source)) ends within a frame, which was left out")
        }
    }

    private func published(_ path: HostPath) throws -> [PrivacyReport] {
        let run = RunFolder(path.parent)
        let record = try RunRecord.read(from: run)
        let peers = try JSONText.encode(PublishedRecord.peers(in: run, of: record, privacy: self))
        return try record.recordings.map { recording in
            let json = try PublishedRecord.json(of: record, recording: recording.name, privacy: self)
            return scan.scan(json, name: Self.name(of: path), role: .metadata)
        } + [scan.scan(peers, name: Self.name(of: run.peers), role: .metadata)]
    }

    /// A file by the name of its run.
    private static func name(of path: HostPath) -> String {
        let parts = path.string.split(separator: "/").map(String.init)
        guard let runs = parts.lastIndex(of: "runs"), runs + 1 < parts.count else { return path.name }
        return parts[(runs + 1)...].joined(separator: "/")
    }
}

extension DatasetFileRole {
    /// The role for the scan; nothing for what is not published as it is.
    fileprivate var scanned: ScannedFile.Role? {
        switch self {
        case .snapshot: .snapshot
        case .log: .log
        case .packets: .packets
        case .disk: .disk
        case .text: .metadata
        case .record: nil
        }
    }
}
