import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A recorded guest that was told secrets tells them to the scan")
struct DatasetScanTests {
    private struct Scanned: Decodable {
        struct Report: Decodable {
            struct Finding: Decodable {
                let file: String
                let kind: String
                let level: String
                let role: String
                let subject: String
            }

            let findings: [Finding]
            let files: Int
        }

        let report: Report
        let isBlocked: Bool
    }

    @Test("its own keys are notes; words of the user's choice block, wherever the guest has them")
    func guest() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let recorded = try await pandacap(
                "record",
                image,
                "-o",
                (folder / "traces").string,
                "--run-id",
                "told",
                "--",
                "sh",
                "-c",
                "echo Kaffee; sleep 0.1; cat /proc/uptime >/tmp/plain; printf '%s' Zug Spitze-2962",
            )
            #expect(recorded.status == .exited(0), "\(recorded.standardError)")
            func scan(_ further: String...) async throws -> (Scanned, HostSupport.ExitStatus) {
                let output = try await pandacap(
                    ["dataset", "scan", (folder / "traces").string, "--json"] + further
                )
                let scanned = try JSONText.decode(
                    Scanned.self,
                    from: Data(output.standardOutput.utf8),
                    source: output.standardError
                )
                return (scanned, output.status)
            }
            let (told, blocked) = try await scan("--canary", "Spitze-2962", "--canary", "dropbear")
            #expect(blocked == .exited(77) && told.isBlocked)
            #expect(told.report.files >= 4)
            let findings = told.report.findings
            #expect(findings.contains { $0.kind == "guest-key" && $0.level == "note" })
            // The path of the collection is in the run's record, of which only a part is published.
            #expect(findings.filter { $0.kind == "host-path" }.allSatisfy { $0.role == "record" })
            #expect(findings.contains { $0.kind == "host-path" })
            let canaries = findings.filter { $0.kind == "canary" }
            #expect(canaries.contains { $0.role == "snapshot" && $0.subject.hasPrefix("canary 2") })
            #expect(canaries.contains { $0.role == "record" && $0.subject.hasPrefix("canary 1") })

            try FileSystem.write("Spitze-2962\n", to: folder / "words")
            let one = try await pandacap(
                "dataset",
                "scan",
                "told",
                "-o",
                (folder / "traces").string,
                "--canary-file",
                (folder / "words").string,
                "--acknowledge",
                "canary",
            )
            #expect(one.status == .exited(0), "\(one.standardError)")
            #expect(one.standardOutput.contains("canary"))
            #expect(
                !one.standardOutput.contains("Spitze-2962"),
                "the report does not repeat what it looks for"
            )
        }
    }

    @Test(
        "packing is blocked by what was found, until it is acknowledged; addresses are replaced where that is wanted"
    )
    func packing() async throws {
        try await withLab { pandacap, folder in
            let collection = try await DatasetLab.shared.collection()
            func pack(_ further: String...) async throws -> ToolOutput {
                try await pandacap(
                    [
                        "dataset", "pack", collection.string, "--out", (folder / "set").string, "--run",
                        "trace-2",
                    ]
                        + ["--no-disks", "--canary", "canary-7"] + further
                )
            }
            let blocked = try await pack()
            #expect(blocked.status == .exited(77) && blocked.standardError.contains("canary"))
            #expect(
                FileSystem.list(folder / "set").filter { !$0.hasPrefix(".") }.isEmpty,
                "nothing was packed"
            )
            #expect(FileKind(folder / "set-privacy.json")?.mode == 0o600)
            let key = folder / "key"
            let packed = try await pack("--acknowledge", "canary", "--anonymise", key.string)
            #expect(packed.status == .exited(0), "\(packed.standardError)")
            #expect(packed.standardError.contains("the recordings themselves keep them"))
            #expect(FileKind(key)?.mode == 0o600)
            let index = try FileSystem.readText(folder / "set/data/metadata/dataset.json")
            #expect(index.contains(#""isAnonymised" : true"#))
            #expect(!index.contains(collection.string))
            let scanned = try await pandacap(
                ["dataset", "scan", (folder / "set").string, "--canary", "canary-7", "--json"]
            )
            #expect(scanned.status == .exited(77), "\(scanned.standardError)")
            let report = try JSONText.decode(
                Scanned.self,
                from: Data(scanned.standardOutput.utf8),
                source: scanned.standardError
            ).report
            #expect(
                report.findings.contains {
                    $0.kind == "canary" && $0.file == "trace-2/rr/session_000-rr-snp"
                },
                "what is packed is looked into, too: \(report.findings)"
            )
        }
    }

    @Test("nonsense is refused")
    func usage() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder)
            for arguments in [
                ["nowhere"], [folder.string], [folder.string, "--canary", "abc"],
                [folder.string, "--acknowledge", "x"],
                [folder.string, "--jobs", "0"], [folder.string, "--canary-file", (folder / "none").string],
            ] {
                let output = try await pandacap(["dataset", "scan"] + arguments)
                #expect(
                    [.exited(64), .exited(66)].contains(output.status),
                    "\(arguments): \(output.standardError)"
                )
            }
        }
    }
}
