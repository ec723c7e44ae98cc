import Foundation
import HostSupport
import RunRecords

@testable import Datasets

/// A dataset of three traces whose files have made-up contents: what describes it does not look into them.
struct SampleDataset {
    let folder: HostPath
    var description: DatasetDescription
    var index: DatasetIndex

    static let created = Date(timeIntervalSince1970: 1_795_000_000)

    /// A description with every key.
    static let yaml = """
        schema: 1
        name: honeypots-2026
        title: "Visits: SSH honeypots & \\"co\\" <2026>"
        version: 1.2.0
        description: |
          Recordings of visits; 100 % of them # replay.

          A second paragraph | with _marks_ & <b>tags</b>.
        authors:
          - {family: Carberry, given: Josiah Stinkney, affiliation: Brown University, affiliationUrl: "https://www.brown.edu", orcid: 0000-0002-1825-0097}
          - {family: Lovelace, given: Ada, affiliation: Brown University}
          - {name: "The Department of Psychoceramics", url: "https://example.org/psychoceramics"}
        licence: CC-BY-4.0
        keywords: [PANDA, "record and replay", honeypot]
        capture: Guests of Debian 12, "kept alive" by a fleet.
        related:
          - {identifier: 10.1145/3380786.3391396, relation: IsDescribedBy}
          - {identifier: "https://github.com/panda-re/panda", relation: Requires}
          - {identifier: "arXiv:2001.00001", relation: Cites, scheme: arXiv}
        doi: 10.5281/zenodo.1234567
        url: https://example.org/honeypots-2026
        publisher: Zenodo
        date: "2026-11-26"
        funding:
          - {funder: European Commission, award: "786669", title: ReAct, grant: "10.13039/501100000780::786669"}
        communities: [cybersecurity]
        contact: {name: Josiah Carberry, email: jcarberry@example.org}
        webSeeds: ["https://example.org/files/"]
        trackers: ["udp://tracker.example.org:6969/announce"]

        """

    /// Writes the files that packing would have written.
    static func write(
        into folder: HostPath,
        describedBy yaml: String? = yaml,
        volume: DatasetIndex.Volume? = nil
    ) throws -> SampleDataset {
        func file(_ path: String, _ text: String, _ type: String, _ restored: DatasetFile.Restored? = nil)
            throws
            -> DatasetFile
        {
            let place = folder / "data" / path
            try FileSystem.createDirectory(place.parent)
            try FileSystem.write(text, to: place)
            return DatasetFile(
                path: path,
                bytes: UInt64(text.utf8.count),
                sha256: RunningDigest.text(of: Data(text.utf8), .sha256),
                mediaType: type,
                restored: restored
            )
        }
        let digest = String(repeating: "0123456789abcdef", count: 4)
        let profile = try file("kernel/0123-kernelinfo.conf", "[profile]\n", "text/plain")
        let names = ["20261126T000000Z-a-session_000", "20261126T000001Z-b-session_000", "Odd, \"name\""]
        let traces = try names.enumerated().map { number, name in
            let safe = safeFileName(name)
            let reference = number == 0 ? nil : "rr/\(safeFileName(names[0]))/session_000-rr-snp.zst"
            return DatasetTrace(
                name: name,
                run: String(name.prefix(18)),
                recording: "session_000",
                isVerified: number != 1,
                started: created.addingTimeInterval(Double(number) * 86_400 - 200_000),
                seconds: 12.5,
                instructions: 1_234_567,
                entries: 99,
                image: "debian-12",
                imageDigest: digest,
                architecture: "x86_64",
                memory: 512 << 20,
                os: number == 2 ? nil : "linux-64-debian:6.1.0",
                trigger: "login",
                origin: "fleet honeypots",
                label: number == 2 ? "=1+1, \"quoted\"\nand broken" : nil,
                tags: ["ssh", "brute-force"],
                peers: [peer(number)],
                snapshot: try file(
                    "rr/\(safe)/session_000-rr-snp.zst",
                    "snapshot \(number)",
                    "application/zstd",
                    .init(
                        name: "session_000-rr-snp",
                        bytes: 308_000_000,
                        sha256: digest,
                        reference: reference
                    )
                ),
                log: try file(
                    "rr/\(safe)/session_000-rr-nondet.log.zst",
                    "log \(number)",
                    "application/zstd",
                    .init(name: "session_000-rr-nondet.log", bytes: 3_300_000, sha256: digest)
                ),
                record: try file("metadata/\(safe).json", "{}\n", "application/json"),
                packets: try file("pcap/\(safe).pcap", "packets \(number)", "application/vnd.tcpdump.pcap"),
                disk: nil,
                kernelInformation: profile
            )
        }
        let disk = try file("qcow/base-0123.qcow2.zst", "base", "application/zstd")
        let description =
            try yaml.map { try DatasetDescription.parse($0, source: "dataset.yaml") }
            ?? .minimal(name: "plain")
        let index = DatasetIndex(
            name: description.name,
            version: "1.0.0",
            created: created,
            format: .store,
            volume: volume,
            traces: traces,
            disks: [disk]
        )
        return SampleDataset(folder: folder, description: description, index: index)
    }

    /// A visitor who sends what no file should take at its word.
    private static func peer(_ number: Int) -> Peer {
        var peer = Peer(
            address: "192.0.2.\(number % 2)",
            port: 40_000,
            guestPort: 22,
            transport: "tcp",
            isFromGuest: false,
            first: created
        )
        peer.banner = "SSH-2.0-'); DROP TABLE traces; --\n.shell touch /tmp/x"
        peer.users = ["root", "o'brien"]
        return peer
    }

    /// Writes what describes it.
    func describe() async throws {
        try await DatasetMetadata.write(into: folder, description: description, index: index)
    }
}
