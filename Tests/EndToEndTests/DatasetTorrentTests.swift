import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("A dataset's torrent", .serialized)
struct DatasetTorrentTests {
    /// A folder such as a dataset is, of some megabytes.
    private static func dataset(in folder: HostPath) throws -> HostPath {
        let dataset = folder / "seed/honeypots"
        try FileSystem.createDirectory(dataset / "data/rr")
        var random = SeededGenerator(seed: 3)
        for (name, count) in [
            ("data/rr/a.zst", 400_000), ("data/rr/b.zst", 70_000), ("README.md", 3000), (".zenodo.json", 50),
        ] {
            let words = (0..<count).map { _ in random.next() }
            try FileSystem.write(words.withUnsafeBytes { Data($0) }, to: dataset / name)
        }
        return dataset
    }

    /// A port that is free now.
    private static func freePort() async throws -> UInt16 {
        let script = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
        return try #require(UInt16(try await Tool("python3").run(["-c", script]).dropLast()))
    }

    /// Serves a folder over HTTP on the loopback address while `body` runs.
    private static func serving(
        _ folder: HostPath,
        at port: UInt16,
        log: HostPath,
        body: () async throws -> Void
    ) async throws {
        let server = LaunchCommand(
            executable: try Tool("python3").located(),
            arguments: ["-u", "-m", "http.server", "--bind", "127.0.0.1", "\(port)"],
            workingDirectory: folder
        )
        _ = try await ChildProcess.run(
            server,
            log: log / "http.txt",
            errorLog: log / "http-errors.txt",
            grace: .seconds(1)
        ) { _ in
            try await waiting(for: port)
            try await body()
        }
    }

    private static func waiting(for port: UInt16) async throws {
        let script = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 1)"
        for _ in 0..<100 {
            if try await Tool("python3").output(["-c", script, "\(port)"]).status == .exited(0) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failure(.timeout, "nothing listens on \(port)")
    }

    private static let quiet = [
        "--no-conf", "--enable-dht=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false",
        "--disable-ipv6", "--console-log-level=warn", "--summary-interval=0", "--file-allocation=none",
    ]

    private static func isSame(_ one: HostPath, _ other: HostPath) async throws -> Bool {
        try await Tool("diff").output(["-r", one.string, other.string]).status == .exited(0)
    }

    @Test(
        "is downloaded from a web seed by a client that knows nothing else, folder and archive, and is the same"
    )
    func webSeed() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let dataset = try Self.dataset(in: folder)
            let archive = folder / "seed/honeypots.tar"
            try await Tool("tar").run(["-cf", archive.string, "-C", dataset.parent.string, dataset.name])
            let port = try await Self.freePort()
            try await Self.serving(dataset.parent, at: port, log: folder) {
                for (contents, seed) in [
                    (dataset, "http://127.0.0.1:\(port)"),
                    (archive, "http://127.0.0.1:\(port)/honeypots.tar"),
                ] {
                    let file = folder / "\(contents.name).torrent"
                    let made = try await pandacap(
                        "dataset",
                        "torrent",
                        contents.string,
                        "--web-seed",
                        seed,
                        "--out",
                        file.string,
                        "--json"
                    )
                    try #require(made.status == .exited(0), "\(made.standardError)")
                    #expect(made.standardOutput.contains("\"webSeeds\""))
                    let got = folder / "got-\(contents.name)"
                    let output = try await Tool("timeout").output(
                        ["30", "aria2c"] + Self.quiet + ["--seed-time=0", "--dir=\(got)", file.string]
                    )
                    #expect(output.status == .exited(0), "\(output.standardOutput)\(output.standardError)")
                    #expect(try await Self.isSame(contents, got / contents.name))
                }
            }
        }
    }

    @Test("is downloaded from a peer, which a tracker names")
    func peer() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let dataset = try Self.dataset(in: folder)
            let (port, listening) = (try await Self.freePort(), try await Self.freePort())
            let file = folder / "honeypots.torrent"
            let made = try await pandacap(
                "dataset",
                "torrent",
                dataset.string,
                "--tracker",
                "http://127.0.0.1:\(port)/announce",
                "--out",
                file.string
            )
            try #require(made.status == .exited(0), "\(made.standardError)")
            // A tracker's answer names its peers; this one always names the same.
            var answer = Data("d8:intervali60e5:peers6:".utf8)
            answer.append(contentsOf: [127, 0, 0, 1, UInt8(listening >> 8), UInt8(listening & 255)])
            answer.append(UInt8(ascii: "e"))
            try FileSystem.createDirectory(folder / "tracker")
            try FileSystem.write(answer, to: folder / "tracker/announce")
            let seeder = LaunchCommand(
                executable: try Tool("aria2c", package: "aria2").located(),
                arguments: Self.quiet + [
                    "--seed-ratio=0", "--check-integrity=true", "--listen-port=\(listening)",
                    "--dir=\(dataset.parent)", file.string,
                ],
                workingDirectory: folder
            )
            try await Self.serving(folder / "tracker", at: port, log: folder) {
                _ = try await ChildProcess.run(
                    seeder,
                    log: folder / "seed.txt",
                    errorLog: folder / "seed-errors.txt",
                    grace: .seconds(1)
                ) { _ in
                    try await Self.waiting(for: listening)
                    let got = folder / "got"
                    let output = try await Tool("timeout").output(
                        ["30", "aria2c"] + Self.quiet + [
                            "--seed-time=0", "--listen-port=\(listening &+ 1)", "--dir=\(got)", file.string,
                        ]
                    )
                    #expect(output.status == .exited(0), "\(output.standardOutput)\(output.standardError)")
                    #expect(try await Self.isSame(dataset, got / dataset.name))
                }
            }
        }
    }

    @Test("is planned by a dry run, never lies in the dataset, and replaces nothing unless told to")
    func files() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let dataset = try Self.dataset(in: folder)
            let plan = try await pandacap(
                "dataset",
                "torrent",
                dataset.string,
                "--dry-run",
                "--web-seed",
                "http://e.org/x"
            )
            #expect(plan.standardOutput.hasPrefix("mktorrent -d -l 18 -w http://e.org/x/ -o "))
            #expect(FileSystem.list(dataset.parent) == ["honeypots"])
            let inside = try await pandacap(
                "dataset",
                "torrent",
                dataset.string,
                "--out",
                (dataset / "t").string
            )
            #expect(inside.status == .exited(64))
            let first = try await pandacap("dataset", "torrent", dataset.string)
            #expect(first.status == .exited(0) && first.standardError.contains("warning: without web seeds"))
            #expect(FileSystem.list(dataset.parent) == ["honeypots", "honeypots.torrent"])
            #expect(try await pandacap("dataset", "torrent", dataset.string).status == .exited(73))
            #expect(try await pandacap("dataset", "torrent", dataset.string, "--force").status == .exited(0))
            let wrong = try await pandacap(
                "dataset",
                "torrent",
                dataset.string,
                "--force",
                "--web-seed",
                "e.org"
            )
            #expect(wrong.status == .exited(64) && wrong.standardError.contains("'e.org' is no address"))
        }
    }
}
