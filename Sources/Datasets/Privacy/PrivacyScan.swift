public import Foundation
public import HostSupport
import Synchronization
import Traces

/// Looks into files, before they are published, for what must not leave: keys, the user's and the machine's names,
/// addresses and paths, and words of the user's choice, in UTF-8 and UTF-16.
///
/// What is encrypted, or compressed in a way that this does not know, is not found.
public struct PrivacyScan: Sendable {
    private let settings: PrivacySettings
    private let omitted: [String]
    private let patterns: [SecretPattern]
    private let search: PatternSearch
    private let packetPatterns: [SecretPattern]
    private let packetSearch: PatternSearch
    private let ownKeys: [String: String]

    /// Prepares a scan.
    public init(_ settings: PrivacySettings) {
        self.settings = settings
        let all = SecretPatterns(settings)
        omitted = all.omitted
        // Four bytes are in any file by chance; in packets there are addresses at every turn.
        patterns = all.patterns.filter { $0.form != .binary }
        search = PatternSearch(patterns.map(\.bytes))
        packetPatterns = all.patterns
        packetSearch = PatternSearch(packetPatterns.map(\.bytes))
        ownKeys = [String: String](settings.identity.publicKeys.map { ($0.fingerprint, $0.name) }) { $1 }
    }

    /// Looks into files.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - scratch: A folder for what compressed disks hold, while it is looked at.
    ///   - jobs: How many files are read at the same time.
    ///   - progress: Is told how many bytes were read in all.
    /// - Returns: What was found.
    /// - Throws: ``HostSupport/Failure`` where a file cannot be read; `CancellationError`.
    public func scan(
        _ files: [ScannedFile],
        scratch: HostPath,
        jobs: Int = 2,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws -> PrivacyReport {
        let counter = ByteCounter(progress)
        let results = try await withThrowingTaskGroup(of: (Int, FileScan, UInt64).self) { group in
            var results: [(number: Int, scan: FileScan, bytes: UInt64)] = []
            for (number, file) in files.enumerated() {
                if number >= max(jobs, 1), let result = try await group.next() { results.append(result) }
                group.addTask {
                    let (scan, bytes) = try await self.scan(file, scratch: scratch, counter)
                    return (number, scan, bytes)
                }
            }
            for try await result in group { results.append(result) }
            return results.sorted { $0.number < $1.number }
        }
        return PrivacyReport(
            files: files.count,
            bytes: results.reduce(0) { $0 + $1.bytes },
            findings: Self.settled(results.flatMap(\.scan.findings)),
            omitted: omitted,
            acknowledged: settings.acknowledged
        )
    }

    /// Looks at a text that is in no file yet.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: What the report calls it.
    ///   - role: What it is.
    /// - Returns: What was found.
    public func scan(_ text: Data, name: String, role: ScannedFile.Role) -> PrivacyReport {
        var scan = makeScan(ScannedFile(HostPath(name), name: name, role: role))
        text.withUnsafeBytes { scan.examine($0, from: 0, to: $0.count, at: 0, .file) }
        return PrivacyReport(
            files: 1,
            bytes: UInt64(text.count),
            findings: scan.findings,
            omitted: omitted,
            acknowledged: settings.acknowledged
        )
    }

    /// Findings of a key that is known to be the guest's own are of the guest's key, in whatever form it was found.
    private static func settled(_ findings: [PrivacyFinding]) -> [PrivacyFinding] {
        let guests = Set(findings.filter { $0.kind == .guestKey }.map(\.subject))
        return findings.map { finding in
            finding.kind == .privateKey && finding.role.isGuests && guests.contains(finding.subject)
                ? finding.with(.guestKey) : finding
        }
    }

    private func makeScan(_ file: ScannedFile) -> FileScan {
        let isPackets = file.role == .packets
        return FileScan(
            file,
            patterns: isPackets ? packetPatterns : patterns,
            search: isPackets ? packetSearch : search,
            ownKeys: ownKeys
        )
    }

    private func scan(
        _ file: ScannedFile,
        scratch: HostPath,
        _ counter: ByteCounter
    ) async throws -> (FileScan, UInt64) {
        guard FileSystem.isRegularFile(file.path) else {
            throw Failure(.notFound, "there is no file \(file.path)")
        }
        var scan = makeScan(file)
        let bytes = try scan.read(file.path) { counter.add($0) }
        switch file.role {
        case .snapshot:
            // What is no snapshot after all has been looked at as bytes.
            if let memory = try? SnapshotMemory(path: file.path.string) {
                try PageSeams(patterns, search: search).examine(memory, &scan)
            }
        case .disk:
            let disk = CompressedDisk(file.path)
            if try await disk.hasCompressedClusters() {
                try await disk.withContents(in: scratch) { _ = try scan.read($0, place: .disk) { _ in } }
            }
        default: break
        }
        return (scan, bytes)
    }
}

/// Counts what all files together had so far.
private final class ByteCounter: Sendable {
    private let count = Mutex<UInt64>(0)
    private let progress: @Sendable (UInt64) -> Void

    init(_ progress: @escaping @Sendable (UInt64) -> Void) {
        self.progress = progress
    }

    func add(_ bytes: Int) {
        let total = count.withLock { count in
            count += UInt64(bytes)
            return count
        }
        progress(total)
    }
}
