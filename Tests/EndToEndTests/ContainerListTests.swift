import Foundation
import HostSupport
import Testing

@Suite("Images and containers are listed", .serialized)
struct ContainerListTests {
    @Test(
        "addresses are those that the containers have, on whatever network",
        arguments: TestedRuntime.allCases
    )
    func addresses(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            let networks = [bench.name("a"), bench.name("b")]
            for network in networks { try await runtime("network", "create", network) }
            try await bench.start("one")
            try await bench.start("two", "--network", networks[0])
            try await runtime("network", "connect", networks[1], bench.name("two"))
            try await bench.start("host", "--network", "host")
            try await bench.start("none", "--network", "none")
            try await bench.start("over")
            try await runtime("kill", bench.name("over"))
            let output = try await bench.pandacap("container", "addresses")
            #expect(output.status == .exited(0), "\(output.standardError)")
            let shown = output.standardOutput.split(separator: "\n").compactMap { line in
                line.wholeMatch(of: /(\S+) +([0-9.]+)/).map { "\($0.1) \($0.2)" }
            }
            let template = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
            for container in [bench.name("one"), bench.name("two")] {
                let known = try await runtime("inspect", "--format", template, container)
                    .split(whereSeparator: \.isWhitespace)
                #expect(known.count == (container == bench.name("one") ? 1 : 2))
                #expect(
                    Set(shown.filter { $0.hasPrefix(container) }) == Set(known.map { "\(container) \($0)" })
                )
            }
            if runtime == .docker {
                let members = "{{range .Containers}}{{.Name}} {{.IPv4Address}}{{println}}{{end}}"
                let bridge = try await runtime("network", "inspect", "bridge", "--format", members)
                for line in bridge.split(separator: "\n") where line.hasPrefix(bench.prefix) {
                    #expect(shown.contains(String(line.prefix { $0 != "/" })), "\(line)")
                }
            }
            let lines = output.standardOutput.split(separator: "\n").filter { $0.hasPrefix(bench.prefix) }
            #expect(lines.count == 5)
            #expect(
                lines.contains { $0.hasPrefix(bench.name("host ")) && $0.hasSuffix("the host's network") }
            )
            #expect(lines.contains { $0.hasPrefix(bench.name("none ")) && $0.hasSuffix("no network") })
        }
    }

    @Test("they agree with what the containers themselves say", arguments: TestedRuntime.allCases)
    func listing(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            try await bench.start(
                "one",
                "--publish",
                "127.0.0.1::22",
                "--label",
                "org.pandacap.kind=run",
                "--label",
                "org.pandacap.run=r1"
            )
            try await bench.start("two")
            try await runtime("stop", "--time", "0", bench.name("two"))
            let inside = try await runtime("exec", bench.name("one"), "ip", "-4", "-o", "address")
            let address = try #require(inside.firstMatch(of: /eth0 +inet ([0-9.]+)/)?.1)
            let lines = try await bench.pandacap("container", "addresses").standardOutput.split(
                separator: "\n"
            )
            #expect(
                lines.contains {
                    $0.wholeMatch(of: /(\S+) +(\S+)/).map { $0.1 == bench.name("one") && $0.2 == address }
                        ?? false
                }
            )

            struct Listing: Decodable {
                struct Container: Decodable {
                    let name: String
                    let state: String
                    let run: String?
                    let image: String
                }
                let containers: [Container]
            }
            func list(_ words: String...) async throws -> [Listing.Container] {
                let output = try await bench.pandacap(["container", "list", "--json"] + words)
                return try JSONText.decode(
                    Listing.self,
                    from: Data(output.standardOutput.utf8),
                    source: "list"
                )
                .containers.filter { $0.name.hasPrefix(bench.prefix) }
            }
            #expect(try await list().map(\.name) == [bench.name("one")])
            let all = try await list("--all", "--ours")
            #expect(all.map(\.name) == [bench.name("one"), bench.name("two")])
            #expect(all.map(\.run) == ["r1", nil] && all[1].state == "exited")
            #expect(all.allSatisfy { $0.image.hasPrefix(SmallImage.name) })
            let text = try await bench.pandacap("container", "list").standardOutput
            #expect(text.contains(/127\.0\.0\.1:[0-9]+->22\/tcp/))

            let images = try await bench.pandacap("container", "images").standardOutput
            #expect(
                images.contains(
                    /localhost\/pandacap-small:latest +[0-9a-f]{12} +[0-9.]+ MiB +[0-9]+ [a-z]+ +image +i386/
                )
            )
            let ids = Set(
                try await runtime("image", "ls", "--quiet").split(separator: "\n").map {
                    String($0.prefix(12))
                }
            )
            #expect(ids.allSatisfy(images.contains))
        }
    }
}
