import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite struct TrialTests {
    @Test func theBundleIsMountedReadOnlyWhereTheImageLooksForIt() throws {
        let test = try TestContainer(name: "demo", image: "pandacap", network: "lab", pandaPath: "/opt/p")
        let words = test.words(bundle: "/h/b/docker", identifier: "/h/id")
        let image = try #require(words.firstIndex(of: "pandacap"))
        #expect(
            Array(words[..<image]) == [
                "run", "--detach", "--pull", "never", "--name", "demo", "--hostname", "demo", "--cidfile",
                "/h/id",
                "--label", "org.pandacap.kind=test", "--network", "lab", "--mount",
                "type=bind,src=/h/b/docker,dst=/opt/p/share/bootstrap,readonly",
            ]
        )
        #expect(words[image + 1] == "/sbin/my_init" && words.last == test.readyLine)
        let plain = try TestContainer(name: nil, image: "i", pandaPath: "/opt/p")
        #expect(plain.name.hasPrefix("pandacap-test-"))
        #expect(
            !plain.words(bundle: nil, identifier: "/h/id").contains { ["--mount", "--network"].contains($0) }
        )
    }

    @Test(arguments: ["", "a", "-x", "a b", "a/b", "ä", "$(id)", String(repeating: "a", count: 64)])
    func whatCannotBeANameIsRefused(name: String) {
        let failure = #expect(throws: Failure.self) {
            try TestContainer(name: name, image: "i", pandaPath: "/opt/p")
        }
        #expect(failure?.code == .usage)
    }

    @Test func foldersOfContainersThatAreGoneAreLeftOver() async throws {
        try await withScratch { home in
            func make(_ name: String, id: String?, environment: [String: String] = [:]) throws -> FileLock {
                let (folder, lock) = try TestFolder.make(
                    for: name,
                    of: runtime(),
                    home: home,
                    environment: environment
                )
                if let id { try FileSystem.write(id + "\n", to: folder.identifier) }
                return lock
            }
            let held = try make("starts", id: nil)
            _ = try make("there", id: "1")
            _ = try make("gone", id: "2")
            _ = try make("failed", id: nil)
            _ = try make("elsewhere", id: "3", environment: ["DOCKER_HOST": "tcp://other"])
            func names(_ kind: ContainerRuntime.Kind) -> [String] {
                TestFolder.leftOver(of: runtime(kind), home: home, containers: ["1"], environment: [:])
                    .map(\.path.name)
            }
            #expect(names(.docker) == ["docker-failed", "docker-gone"])
            #expect(names(.podman).isEmpty)
            withExtendedLifetime(held) {}
            #expect(throws: Failure.self) { try make("gone", id: "4") }
        }
    }
}
