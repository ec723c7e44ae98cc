import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing
import WebServer

@testable import Dashboard

@Suite("What may be downloaded")
struct FileTests {
    private static func fill(_ collection: HostPath) throws {
        try SyntheticCollection.addRun("one", to: collection, bytes: 100_000)
    }

    @Test("the files of a run, with a safe name, as what no browser shows")
    func files() async throws {
        try await withDashboard(fill: Filling(fill: Self.fill)) { lab in
            let page = await lab.get("/runs/one").text
            for name in ["run.json", "net.pcap", "rr/session_000-rr-snp", "rr/session_000-rr-nondet.log"] {
                #expect(page.contains("href=\"/runs/one/files/\(name)\""), "\(name)")
                let answer = await lab.get("/runs/one/files/\(name)")
                #expect(answer.status == 200)
                #expect(answer.range == 0..<(FileSystem.size(lab.collection / "runs/one" / name) ?? 0))
                #expect(answer.header("Content-Type") == "application/octet-stream")
                let last = name.split(separator: "/").last ?? ""
                #expect(answer.header("Content-Disposition") == "attachment; filename=\"one-\(last)\"")
            }
        }
    }

    @Test(
        "nothing else, by whatever way",
        arguments: [
            "run.lock", "../one/run.json", "..%2f..%2fcatalog.sqlite", "rr/..%2frun.json",
            "rr/%2e%2e/run.json", "rr",
            "", ".", "rr/", "rr/other", "analysis", "disk.qcow2", "%00", "run.json%00", "rr/x-rr-snp",
            "replay/x/y",
            "/etc/passwd", "%2fetc%2fpasswd", "rr/.-rr-snp", "a/b/c/d",
        ]
    )
    func escapes(name: String) async throws {
        try await withDashboard(fill: Filling(fill: Self.fill)) { lab in
            try FileSystem.write("x", to: lab.collection / "runs/one/run.lock")
            try FileSystem.write("x", to: lab.collection / "runs/one/rr/other")
            let status = await lab.get("/runs/one/files/\(name)").status
            #expect(status == 404, "\(name)")
        }
    }

    @Test("no link, pipe or folder that a guest has put in a file's place")
    func links() async throws {
        try await withDashboard(fill: Filling(fill: Self.fill)) { lab in
            let run = lab.collection / "runs/one"
            try FileSystem.write("secret", to: lab.collection / "secret")
            for name in ["rr/a-rr-snp", "stdout.log"] {
                symlink("/etc/passwd", (run / name).string)
            }
            mkfifo((run / "rr/b-rr-snp").string, 0o644)
            try FileSystem.createDirectory(run / "rr/c-rr-snp")
            symlink((lab.collection / "runs").string, (run / "analysis").string)
            symlink(run.string, (lab.collection / "runs/two").string)
            symlink("/etc/passwd", (run / "console.log").string)
            for target in [
                "/runs/one/files/rr/a-rr-snp", "/runs/one/files/rr/b-rr-snp", "/runs/one/files/rr/c-rr-snp",
                "/runs/one/files/stdout.log", "/runs/one/files/analysis/one/run.json", "/runs/two",
                "/runs/two/files/run.json",
            ] {
                #expect(await lab.get(target).status == 404, "\(target)")
            }
            let page = await lab.get("/runs/one").text
            #expect(!page.contains("a-rr-snp") && !page.contains("root:"))
        }
    }

    @Test(
        "no folder above the runs",
        arguments: ["..", ".", "%2e%2e", "..%2ffleets", "one%2f..", "a%00b", "%2f"]
    )
    func runs(id: String) async throws {
        try await withDashboard(fill: Filling(fill: Self.fill)) { lab in
            #expect(await lab.get("/runs/\(id)").status == 404)
            #expect(await lab.get("/api/runs/\(id)").status == 404)
        }
    }

    @Test("a part of a file")
    func parts() async throws {
        try await withDashboard(fill: Filling(fill: Self.fill)) { lab in
            let target = "/runs/one/files/net.pcap"
            let size = try #require(FileSystem.size(lab.collection / "runs/one/net.pcap"))
            let part = await lab.get(target, [("Range", "bytes=3-5")])
            #expect(part.status == 206 && part.range == 3..<6)
            #expect(part.header("Content-Range") == "bytes 3-5/\(size)")
            let beyond = await lab.get(target, [("Range", "bytes=\(size)-")])
            #expect(beyond.status == 416 && beyond.header("Content-Range") == "bytes */\(size)")
        }
    }

    @Test("ranges are read as RFC 9110 has them")
    func ranges() {
        let size: UInt64 = 100
        let cases: [(String?, WebRange)] = [
            (nil, .whole), ("", .whole), ("bytes=0-0", .part(0..<1)), ("bytes=0-", .part(0..<100)),
            ("bytes=99-", .part(99..<100)), ("bytes=0-1000", .part(0..<100)), ("bytes=-1", .part(99..<100)),
            ("bytes=-1000", .part(0..<100)), ("bytes=-0", .unsatisfiable), ("bytes=100-", .unsatisfiable),
            ("bytes=5-4", .whole), ("bytes=a-b", .whole), ("bytes=0-1,3-4", .whole), ("lines=0-1", .whole),
            ("bytes=", .whole), ("bytes=-", .whole), ("bytes=+1-2", .whole), ("bytes=0-\u{661}", .whole),
            ("bytes=18446744073709551615-18446744073709551615", .unsatisfiable),
            ("bytes=0-18446744073709551615", .part(0..<100)), ("bytes=-18446744073709551615", .part(0..<100)),
            ("bytes=99999999999999999999-", .whole),
        ]
        for (header, range) in cases { #expect(WebRange(header, size: size) == range, "\(header ?? "none")") }
        #expect(WebRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(WebRange("bytes=-5", size: 0) == .unsatisfiable)
    }
}

@Suite("Reports are made once")
struct ReportTests {
    private actor Count {
        var made = 0
        func add() { made += 1 }
    }

    @Test("and are shown in a box of their own")
    func report() async throws {
        let count = Count()
        try await withDashboard(
            report: { run in
                await count.add()
                return "<p>\(run.name)</p>"
            },
            fill: Filling { try SyntheticCollection.addRun("one", to: $0, bytes: 100_000) },
            { lab in
                async let first = lab.get("/runs/one/report")
                async let second = lab.get("/runs/one/report")
                for answer in await [first, second] {
                    #expect(answer.status == 200 && answer.text == "<p>one</p>")
                    let policy = try #require(answer.header("Content-Security-Policy"))
                    #expect(policy.hasPrefix("sandbox allow-scripts; default-src 'none'"))
                    #expect(answer.header("X-Frame-Options") == "SAMEORIGIN")
                    #expect(answer.header("Content-Disposition") == nil)
                }
                let kept = await lab.get("/runs/one/report?download=1")
                #expect(kept.header("Content-Disposition") == "attachment; filename=\"one.html\"")
                #expect(await count.made == 1)
            }
        )
    }

    @Test("and anew when a replay told what programs did")
    func events() async throws {
        let count = Count()
        try await withDashboard(
            report: { _ in
                await count.add()
                return "page"
            },
            fill: Filling { try SyntheticCollection.addRun("one", to: $0, bytes: 100_000) },
            { lab in
                for _ in 0..<2 { #expect(await lab.get("/runs/one/report").status == 200) }
                #expect(await count.made == 1)
                let folder = lab.collection / "runs/one/analysis/events"
                try FileSystem.createDirectory(folder)
                try FileSystem.write("{}\n", to: folder / "events.jsonl")
                for _ in 0..<2 { #expect(await lab.get("/runs/one/report").status == 200) }
                #expect(await count.made == 2)
            }
        )
    }

    @Test("are not drawn for who has left, unless somebody else waits for the same")
    func leaving() async throws {
        let count = Count()
        let (isOpen, open) = AsyncStream<Void>.makeStream()
        let shelf = ReportShelf { run in
            await count.add()
            for await _ in isOpen {}
            try Task.checkCancellation()
            return run.name
        }
        let first = Task { try await shelf.page(of: "/a", stamp: [1]) }
        let same = Task { try await shelf.page(of: "/a", stamp: [1]) }
        while await count.made == 0 { await Task.yield() }
        let abandoned = (0..<3).map { number in
            Task { try await shelf.page(of: HostPath("/b\(number)"), stamp: [1]) }
        }
        try await Task.sleep(for: .milliseconds(200))
        for task in abandoned + [first] { task.cancel() }
        try await Task.sleep(for: .milliseconds(200))
        open.finish()
        #expect(try await same.value == "a")
        for task in abandoned { await #expect(throws: CancellationError.self) { try await task.value } }
        #expect(await count.made == 1)
        #expect(try await shelf.page(of: "/b0", stamp: [1]) == "b0", "it can be asked for again")
    }
}
