import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A guest connects to what is listed and to nothing else", .serialized)
struct EgressTests {
    /// Serves a folder on this host's loopback address while `body` runs.
    private func serving<Result: Sendable>(
        _ folder: HostPath,
        at port: UInt16,
        body: () async throws -> Result
    ) async throws -> Result {
        let server = LaunchCommand(
            executable: try Tool("python3").located(),
            arguments: ["-u", "-m", "http.server", "\(port)", "--bind", "127.0.0.1"],
            workingDirectory: folder
        )
        return try await ChildProcess.run(server, log: folder / "\(port).log") { _ in
            let isUp = try await poll(for: .seconds(10)) {
                try FileSystem.readText(folder / "\(port).log").contains("Serving") ? true : nil
            }
            #expect(isUp == true)
            return try await body()
        }.result
    }

    @Test("through the filter, in both directions, and the recording replays")
    func allowed() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let (listed, other) = (try HostPort.choose(), try HostPort.choose())
            try FileSystem.createDirectory(folder / "www")
            try FileSystem.write(String(repeating: "0123456789", count: 20000), to: folder / "www/large")
            let get = "busybox timeout 2 busybox wget -qO- http://10.0.2.2"
            let script = """
                busybox wget -qO- http://10.0.2.2:\(listed)/large | busybox wc -c
                \(get):\(other)/large; busybox timeout 1 busybox ping -c1 10.0.2.2 > /dev/null; echo over
                """
            let output = try await serving(folder / "www", at: listed) {
                try await serving(folder / "www", at: other) {
                    try await pandacap(
                        "record",
                        image,
                        "-o",
                        "\(folder)/traces",
                        "--allow-egress",
                        "10.0.2.2:\(listed)/tcp",
                        "--",
                        "sh",
                        "-c",
                        script
                    )
                }
            }
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.hasPrefix("200000\nover\n"), "\(output.standardOutput)")
            #expect(try FileSystem.readText(folder / "www/\(listed).log").contains("GET /large"))
            #expect(try !FileSystem.readText(folder / "www/\(other).log").contains("GET"))
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified && record.egress)
            #expect(record.egressPolicy == .allowed(["10.0.2.2:\(listed)/tcp"]))
            let refused = try #require(record.refused?.destinations)
            #expect(Set(refused.keys) == ["10.0.2.2:\(other)/tcp", "10.0.2.2/icmp"], "\(refused)")
            #expect(record.marks == ["egress-refused"] && record.warnings.isEmpty, "\(record.warnings)")
        }
    }

    @Test("a rule that is none is refused before anything is started")
    func wrongRule() async throws {
        try await withLab { pandacap, folder in
            for (rule, words) in [("example.org:80", "no IPv4 address"), ("10.0.2.2:x", "'x' for its ports")]
            {
                let output = try await pandacap(
                    "record",
                    "tiny-i386",
                    "-o",
                    "\(folder)/traces",
                    "--allow-egress",
                    rule,
                    "--",
                    "true"
                )
                #expect(
                    output.status == .exited(64) && output.standardError.contains(words),
                    "\(output.standardError)"
                )
            }
            #expect(!FileSystem.exists(folder / "traces"))
        }
    }
}
