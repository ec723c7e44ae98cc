public import Foundation
import HostSupport

/// The sums over a dataset, for a person and for a program.
public struct DatasetSummary: Sendable, Codable, Hashable {
    /// The dataset's name.
    public let name: String
    /// Its title.
    public let title: String
    /// Its version.
    public let version: String
    /// Its authors, as they are listed.
    public let authors: [String]
    /// Its licence; empty where nobody has named one.
    public let licence: String
    /// Its DOI.
    public let doi: String?
    /// The form that the recordings are in.
    public let format: DatasetIndex.Format
    /// How many volumes there are.
    public let volumes: Int
    /// When it was packed.
    public let created: Date
    /// Whether the peers' addresses were replaced.
    public let isAnonymised: Bool
    /// How many traces there are.
    public let traces: Int
    /// How many of them were proven to replay.
    public let verified: Int
    /// How many runs they are of.
    public let runs: Int
    /// The guest images' names.
    public let images: [String]
    /// The guests' architectures.
    public let architectures: [String]
    /// How many instructions the guests executed.
    public let instructions: UInt64
    /// How long the recordings took together, in seconds.
    public let seconds: Double
    /// When the first recording began.
    public let first: Date?
    /// When the last recording began.
    public let last: Date?
    /// How many addresses were connected to guests.
    public let peers: Int
    /// How many files there are, tables and standards' files left out.
    public let files: Int
    /// Their size in bytes.
    public let bytes: UInt64
    /// The size of the recordings in bytes, as they are packed.
    public let packedRecordings: UInt64
    /// The size of the recordings in bytes, as they come out.
    public let restoredRecordings: UInt64

    /// Sums up a dataset.
    public init(_ dataset: DescribedDataset) {
        let totals = DatasetTotals(dataset.index)
        let about = dataset.description
        name = dataset.index.name
        title = about.title
        version = about.versionText
        authors = about.authors.map(\.listedName)
        licence = about.licence
        doi = about.doi
        format = dataset.index.format
        volumes = dataset.folders.count
        created = dataset.index.created
        isAnonymised = dataset.index.isAnonymised
        traces = totals.traces
        verified = totals.verified
        runs = totals.runs
        images = totals.images
        architectures = totals.architectures
        instructions = totals.instructions
        seconds = totals.seconds
        first = totals.first
        last = totals.last
        peers = totals.peers
        files = dataset.files.count
        bytes = totals.packedBytes
        packedRecordings = totals.packedRecordings
        restoredRecordings = totals.restoredRecordings
    }

    /// What is known of the dataset, by name, in the order in which a person wants to know it.
    public var facts: [(name: String, value: String)] {
        let all: [(String, String?)] = [
            ("Name", "\(name), version \(version)"),
            ("Authors", authors.isEmpty ? nil : authors.joined(separator: "; ")),
            ("Licence", licence.isEmpty ? nil : licence),
            ("DOI", doi),
            ("Traces", "\(traces) of \(runs) runs; \(verified) proven to replay"),
            (
                "Guests",
                (images + architectures).isEmpty ? nil : (images + architectures).joined(separator: ", ")
            ),
            (
                "Recorded",
                first.flatMap { first in
                    last.map { "\(JSONText.timeText(first)) to \(JSONText.timeText($0))" }
                }
            ),
            ("Length", "\(instructions) guest instructions, \(Duration.seconds(seconds).text)"),
            (
                "Recordings",
                "\(ByteSize(bytes: packedRecordings)), restored \(ByteSize(bytes: restoredRecordings))"
                    + (ratio.map { ": \($0) times smaller" } ?? "")
            ),
            ("Files", "\(files), \(ByteSize(bytes: bytes))" + (volumes > 1 ? ", in \(volumes) volumes" : "")),
            ("Form", format.rawValue),
            ("Peers", "\(peers)" + (isAnonymised ? ", addresses replaced" : "")),
            ("Packed", JSONText.timeText(created)),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    private var ratio: String? {
        guard packedRecordings > 0 else { return nil }
        let value = Double(restoredRecordings) / Double(packedRecordings)
        return "\((value * 10).rounded() / 10)"
    }
}
