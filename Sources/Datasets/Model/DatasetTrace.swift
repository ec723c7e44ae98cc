public import Foundation
public import RunRecords

/// One trace of a dataset: a row of its tables.
public struct DatasetTrace: Sendable, Codable, Hashable {
    /// Its name: the run's id, and the recording's behind it.
    public var name: String
    /// The run's id.
    public var run: String
    /// The recording's name.
    public var recording: String
    /// Whether it was proven to replay.
    public var isVerified: Bool
    /// When the recording began.
    public var started: Date?
    /// How long it took, in seconds.
    public var seconds: Double?
    /// How many instructions the guest executed in it.
    public var instructions: UInt64?
    /// How many entries its log has.
    public var entries: UInt64?
    /// The guest image's name.
    public var image: String
    /// The digest of all that the image consists of.
    public var imageDigest: String
    /// The guest's architecture, such as `i386`.
    public var architecture: String
    /// The guest's memory in bytes.
    public var memory: UInt64
    /// What PANDA's option `-os` takes; nothing where nobody knows it.
    public var os: String?
    /// What started and stopped the recording.
    public var trigger: String
    /// The fleet or campaign that it was made for.
    public var origin: String?
    /// What its maker called it.
    public var label: String?
    /// The words that its maker sorted it by.
    public var tags: [String]
    /// Who was connected to the guest.
    public var peers: [Peer]
    /// The snapshot, or the archive with both files.
    public var snapshot: DatasetFile
    /// The log; nothing where an archive holds both files.
    public var log: DatasetFile?
    /// The run's record, as it is published.
    public var record: DatasetFile
    /// The packets of the run.
    public var packets: DatasetFile?
    /// What the guest wrote to its disk.
    public var disk: DatasetFile?
    /// The kernel profile.
    public var kernelInformation: DatasetFile?
    /// The disks that the run's own disk lies over, as paths under `data/`; nothing where it is not there.
    public var baseDisks: [String]?

    /// All of its files.
    public var files: [DatasetFile] {
        [snapshot] + [log, record, packets, disk, kernelInformation].compactMap { $0 }
    }
}
