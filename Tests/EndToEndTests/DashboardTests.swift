import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("The dashboard in a browser", .serialized)
struct DashboardTests {
    /// What the script of the browser has found.
    private struct Look: Decodable {
        struct Watched: Decodable {
            let before: String
            let after: String
            let states: [String]
            let untouched: Bool
        }
        struct Seen: Decodable {
            let contrast: Double
            let texts: Int
        }

        let address: String
        let cookie: String
        let watched: Watched
        let paused: Bool
        let run: String
        let digests: [String: Bool]
        let report: Int
        let reportOrigin: String
        let complaints: [String]
        let drained: Bool
        let foreign: [String]
        let problems: [String]
        let seen: [String: Seen]
    }

    /// Runs that were planned, and failed or not: enough for two pages, some with names that are markup.
    private static func addRecords(to collection: HostPath) throws {
        for number in 0..<60 {
            var record = try plannedRecord("planned-\(100 + number)")
            record.tags = ["<b>\u{301}bold"]
            if number.isMultiple(of: 3) {
                try record.become(.failed, because: "<script>\u{301}alert(1)</script>")
            }
            let folder = RunFolder(collection: collection, id: record.id)
            try FileSystem.createDirectory(folder.path)
            try record.write(to: folder)
        }
    }

    private static func dataset(_ pandacap: Pandacap, in folder: HostPath) async throws -> HostPath {
        let traces = folder / "packed"
        for run in ["a", "b"] { try SyntheticCollection.addRun(run, to: traces, bytes: 300_000) }
        let output = try await pandacap(
            ["dataset", "pack", traces.string, "--out", (folder / "dataset").string, "-q"]
        )
        try #require(output.status == .exited(0), "\(output.standardError)")
        return folder / "dataset"
    }

    /// The address that a dashboard which was just started has printed.
    private static func address(in folder: HostPath) async throws -> String {
        let url = try await poll(for: .seconds(30)) { () -> String? in
            let text = (try? FileSystem.read(folder / "stdout.txt")) ?? Data()
            let object = try? JSONSerialization.jsonObject(with: text) as? [String: String]
            return object?["url"]
        }
        return try #require(url, "\(words(of: folder))")
    }

    @Test("shows a fleet as it goes and whatever runs there are, to everybody, and drains the fleet")
    func browser() async throws {
        try await withFleet(slots: 1) { lab in
            try Self.addRecords(to: lab.collection)
            let dataset = try await Self.dataset(lab.pandacap, in: lab.folder)
            let own = lab.folder / "serve"
            let pictures = lab.folder / "pictures"
            for folder in [own, pictures] { try FileSystem.createDirectory(folder) }
            let fleet = try await lab.up { _ in
                let port = try await lab.port(of: 0)
                let served = try await lab.pandacap.beside(
                    [
                        "serve", "-o", lab.collection.string, "--dataset", dataset.string, "--allow-control",
                        "--json",
                    ],
                    in: own
                ) { _ in
                    let url = try await Self.address(in: own)
                    let script = try Installation.locate().root / "Tests/EndToEndTests/Fixtures/dashboard.py"
                    async let looked = Tool("timeout", package: "coreutils").output([
                        "100", "python3", script.string, url, lab.collection.string, pictures.string,
                    ])
                    let isWatched = try await poll(for: .seconds(40)) {
                        FileSystem.exists(pictures / "watched") ? true : nil
                    }
                    #expect(isWatched == true)
                    let visit = try await lab.visit(port: port, "uname -a; sleep 1")
                    #expect(visit.status == .exited(0))
                    let output = try await looked
                    if let place = ProcessInfo.processInfo.environment["PANDACAP_PICTURES"] {
                        for name in FileSystem.list(pictures) {
                            try FileSystem.copy(pictures / name, to: HostPath(place) / name)
                        }
                    }
                    return (url, output)
                }
                #expect(served.status == .exited(0), "\(words(of: own))")
                return served.result
            }
            let (url, output) = fleet.result
            try #require(output.status == .exited(0), "\(output.standardError)")
            #expect(fleet.status == .exited(0), "it was drained: \(words(of: lab.folder))")
            let look = try JSONDecoder().decode(Look.self, from: Data(output.standardOutput.utf8))
            Self.judge(look, url)
            let records = lab.records.filter { $0.origin?.kind == .fleet }
            #expect(records.contains { $0.id.description == look.run })
            #expect(FileSystem.list(pictures).count == 2 * look.seen.count + 1)
        }
    }

    private static func judge(_ look: Look, _ url: String) {
        #expect(look.address == String(url.prefix { $0 != "?" }), "the token does not stay in the address")
        #expect(look.cookie.isEmpty, "no script can read the cookie")
        #expect(look.watched.before == "0" && look.watched.after == "1" && look.watched.untouched)
        #expect(look.watched.states.contains("recording"))
        #expect(look.paused, "what is paused stands still")
        #expect(look.digests == ["net.pcap": true, "rr/session_000-rr-snp": true])
        #expect(look.report > 3 && look.reportOrigin == "null", "a report is in a box of its own")
        #expect(look.complaints.isEmpty, "\(look.complaints)")
        #expect(look.foreign.isEmpty, "\(look.foreign)")
        #expect(look.problems.isEmpty, "\(look.problems)")
        #expect(look.drained)
        #expect(Set(look.seen.keys) == ["fleet", "overview", "runs", "second", "chosen", "dataset", "run"])
        for (name, seen) in look.seen { #expect(seen.contrast >= 4.5 && seen.texts > 20, "\(name)") }
    }

    @Test("is refused where it cannot be, and ends by itself, by Ctrl-C, and by no browser that stays")
    func ends() async throws {
        try await withLab { pandacap, folder in
            try FileSystem.createDirectory(folder / "traces/runs")
            let remote = try await pandacap("serve", "--listen", "0.0.0.0:0", in: folder)
            #expect(remote.status == .exited(64))
            #expect(remote.standardError.contains("--allow-remote"))
            let none = try await pandacap("serve", "-o", "none", in: folder)
            #expect(none.status == .exited(66))
            let short = try await pandacap("serve", "--for", "1s", in: folder)
            #expect(short.status == .exited(0), "\(short.standardError)")
            #expect(short.standardOutput.hasPrefix("http://127.0.0.1:"))
            let served = try await pandacap.beside(["serve", "--json"], in: folder) { _ in
                let url = try await Self.address(in: folder)
                let place = url.prefix { $0 != "?" }.dropLast()
                let taken = try await pandacap("serve", "--listen", String(place.dropFirst(7)), in: folder)
                #expect(taken.status == .exited(69))
                #expect(taken.standardError.contains("is taken"))
                let jar = (folder / "jar").string
                let curl = Tool("curl")
                let page = try await curl.output(["-sL", "-c", jar, "-b", jar, url])
                #expect(page.standardOutput.contains("<title>Overview"))
                let again = try await curl.output(["-s", "-o", "/dev/null", "-w", "%{http_code}", url])
                #expect(again.standardOutput == "401")
                let events = try await curl.output(["-s", "-m", "2", "-b", jar, "\(place)/events"])
                #expect(events.standardOutput.hasPrefix("data: {"))
                // One that stays while the dashboard ends.
                Task { _ = try? await curl.output(["-s", "-m", "20", "-b", jar, "\(place)/events"]) }
                try await Task.sleep(for: .seconds(1))
            }
            #expect(served.status == .exited(0), "\(words(of: folder))")
        }
    }
}
