import Foundation
import HostSupport

/// `README.md`: what a person who finds the dataset has to know.
struct DatasetReadme {
    static let name = "README.md"
    private static let mostRows = 200

    let source: MetadataSource

    private var index: DatasetIndex { source.index }
    private var about: DatasetDescription { source.description }

    /// The file's text.
    var text: String {
        let parts: [String?] = [
            "# \(Self.line(source.title))", Self.quietly(about.description), unfinished, whatIsInIt, capture,
            privacy,
            layout, checking, restoring, replaying, inspecting, citing, traces,
        ]
        return parts.compactMap { $0?.trimmingCharacters(in: .whitespacesAndNewlines) }.joined(
            separator: "\n\n"
        ) + "\n"
    }

    private var unfinished: String? {
        about.isPublishable
            ? nil
            : """
            **This dataset has no description yet.** Nobody is named as its author, and it has no licence: describe it in \
            a file that `pandacap dataset init` begins, and pack it again with `--description` before it is published.
            """
    }

    private var whatIsInIt: String {
        let totals = source.totals
        let rows: [(String, String?)] = [
            ("Version", about.versionText),
            (
                "Authors",
                about.authors.isEmpty ? nil : about.authors.map(\.spokenName).joined(separator: ", ")
            ),
            ("Licence", source.licence.map { "[\($0.identifier)](\($0.address))" }),
            ("DOI", about.doi.map { "[\($0)](https://doi.org/\($0))" }),
            (
                "Part",
                index.volume.map { "\($0.number) of \($0.count); each can be used without the others" }
            ),
            ("Traces", "\(totals.traces), of \(totals.runs) runs; \(totals.verified) were proven to replay"),
            (
                "Guests",
                totals.images.joined(separator: ", ") + " (" + totals.architectures.joined(separator: ", ")
                    + ")"
            ),
            ("Recorded", period(totals)),
            ("Guest instructions", "\(totals.instructions)"),
            (
                "Recordings",
                "\(size(totals.packedRecordings)) here, \(size(totals.restoredRecordings)) restored"
            ),
            ("Files", "\(source.files.count), \(size(source.bytes))"),
            ("Form of the recordings", formText),
            ("Packed with", "PANDAcap \(index.version), \(index.created.dayText)"),
        ]
        let lines = rows.compactMap { name, value in value.map { "| \(name) | \(Self.cell($0)) |" } }
        return "| | |\n| --- | --- |\n" + lines.joined(separator: "\n")
    }

    private func period(_ totals: DatasetTotals) -> String? {
        guard let first = totals.first, let last = totals.last else { return nil }
        return first.dayText == last.dayText ? first.dayText : "\(first.dayText) to \(last.dayText)"
    }

    private var formText: String {
        switch index.format {
        case .store: "`store`: zstd frames, most of them differences from a reference snapshot"
        case .rr2: "`rr2`: one `.rr2` file a recording, which newer PANDAs replay as it is"
        case .classic: "`classic`: one `.tar.gz` a recording"
        }
    }

    private var capture: String? {
        about.capture.map { "## How it was captured\n\n" + Self.quietly($0) }
    }

    private var privacy: String {
        "## Addresses\n\n"
            + (index.isAnonymised
                ? """
                The addresses of the guests' peers were replaced by others in the packet captures and in the metadata: \
                each by the same one everywhere, and two that had a prefix in common have one of the same length in \
                common. **The recordings themselves are as they were made**: a replay shows the packets with their \
                original addresses, for changed recordings would not replay.
                """
                : "The addresses of the guests' peers are those that were seen: nothing was replaced.")
    }

    private var layout: String {
        let recordings =
            switch index.format {
            case .store: "| `data/rr/` | snapshots (`-rr-snp.zst`) and logs (`-rr-nondet.log.zst`), packed |"
            case .rr2: "| `data/rr/` | recordings, one `.rr2` file each |"
            case .classic: "| `data/rr/` | recordings, one `.tar.gz` file each |"
            }
        var lines = [recordings]
        let paths = source.files.map(\.path)
        func add(_ folder: String, _ text: String) {
            if paths.contains(where: { $0.hasPrefix(folder) }) { lines.append("| `\(folder)` | \(text) |") }
        }
        add("data/qcow/", "base disks, and what each guest wrote over them")
        add("data/pcap/", "the packets of each run")
        add("data/kernel/", "profiles of the guests' kernels, for PANDA's introspection")
        lines += [
            "| `data/metadata/dataset.json` | all that the other files say, for programs |",
            "| `data/metadata/traces.csv` | one row for each trace |",
            "| `data/metadata/dataset.sqlite` | the same table, and those of all files and peers |",
            "| `data/metadata/*.json` | one record for each trace's run |",
            "| `manifest-sha256.txt` and the like | a BagIt bag (RFC 8493): the digests of all files |",
        ]
        if about.isPublishable {
            lines.append(
                "| `croissant.json`, `ro-crate-metadata.json`, `datacite.json`, `datapackage.json`, `.zenodo.json`, "
                    + "`CITATION.cff` | metadata in the standards' forms |"
            )
        }
        return "## What lies where\n\n| path | what it is |\n| --- | --- |\n" + lines.joined(separator: "\n")
    }

    private var checking: String {
        """
        ## Checking it

        ```
        sha256sum --check --quiet manifest-sha256.txt
        ```

        says nothing where every file is as it was packed. `pandacap dataset verify .` checks the rest, too: \
        that every packed file can be restored, and, with `--replay all`, that every trace replays.
        """
    }

    private var replaying: String {
        """
        ## Replaying

        With PANDAcap, which finds the machine, the memory and the disk in the metadata:

        ```
        pandacap dataset unpack . --out ../traces
        pandacap replay ../traces/runs/\(index.traces.first?.run ?? "RUN")
        ```

        By hand: PANDA replays a restored recording with `panda-system-ARCHITECTURE -m MEMORY -replay NAME` and the \
        machine's further arguments, which the run's record in `data/metadata/` lists under `machine`.
        """
    }

    private var inspecting: String {
        """
        ## Looking into it

        ```
        sqlite3 -header -column data/metadata/dataset.sqlite 'SELECT name, seconds, instructions, peers FROM traces'
        pandacap dataset describe . --html ../report.html
        ```

        `pandacap trace show`, `trace report`, `trace pcap` and `trace memory` look into an unpacked trace without \
        replaying it.
        """
    }

    private var citing: String? {
        guard about.isPublishable else { return nil }
        let contact =
            about.contact.map { "\n\nQuestions: \(Self.line($0.name.map { "\($0), " } ?? ""))\($0.email)" }
            ?? ""
        return "## Citing it\n\n```\n\(BibTeX.entry(source))```" + contact
    }

    private var traces: String {
        let rows = index.traces.prefix(Self.mostRows).map { trace in
            let packed = trace.snapshot.bytes &+ (trace.log?.bytes ?? 0)
            let cells: [String] = [
                trace.name, trace.started.map(JSONText.timeText) ?? "", trace.image,
                trace.instructions.map { "\($0)" } ?? "",
                trace.seconds.map { "\(($0 * 10).rounded() / 10)" } ?? "", size(packed),
                trace.isVerified ? "yes" : "no",
            ]
            return "| " + cells.map(Self.cell).joined(separator: " | ") + " |"
        }
        let more = index.traces.count - rows.count
        return "## Traces\n\n| trace | started | guest | instructions | seconds | packed | replays |\n"
            + "| --- | --- | --- | --- | --- | --- | --- |\n" + rows.joined(separator: "\n")
            + (more > 0 ? "\n\nAnd \(more) more: `data/metadata/traces.csv` has all." : "")
    }

    private func size(_ bytes: UInt64) -> String { "\(ByteSize(bytes: bytes))" }

    /// A text without markup of Markdown's at the beginning of its lines.
    private static func quietly(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line($0) }.joined(separator: "\n")
    }

    /// One line, in which nothing is taken for markup or for HTML.
    private static func line(_ text: some StringProtocol) -> String {
        let escaped = text.map { "\\`*_[]<>#|".contains($0) ? "\\\($0)" : String($0) }.joined()
        return escaped
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
