import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite("What images are built on")
struct BaseImageTests {
    /// Looks for bases with a program in Docker's place.
    private func withProgram(_ script: String, _ body: (BaseImages) async throws -> Void) async throws {
        try await withScratch { folder in
            let program = folder / "docker"
            try FileSystem.write("#!/bin/sh\n\(script)", to: program, mode: 0o755)
            let runtime = ContainerRuntime(kind: .docker, program: program, isRootless: false)
            var bases = BaseImages(runtime: runtime, cache: folder, console: Console(.quiet))
            bases.answerLimit = .milliseconds(300)
            try await body(bases)
            #expect(FileSystem.list(folder) == ["docker"])
        }
    }

    private static let status = """
        case $1:$2 in
        image:inspect) [ "$3" != --format ] || echo amd64; exit 0 ;;
        run:*)
            printf 'PRETTY_NAME="Debian"\\nID=debian\\nVERSION_CODENAME=bookworm\\n'
            printf 'Package: libc6\\nStatus: install ok installed\\nVersion: 2.36-9\\n\\nPackage: tar\\nVersion: 1.34\\n'
            ;;
        *) exit 9 ;;
        esac

        """

    @Test func oneThatIsThereIsAskedWhatItIs() async throws {
        try await withProgram(Self.status) { bases in
            let base = try await bases.provide(try BaseRequest("registry.example/mine:1"))
            #expect(base.origin == .present)
            #expect(base.reference == "registry.example/mine:1")
            #expect(base.suite == "bookworm")
            #expect(base.architecture == "amd64")
            #expect(base.packages == ["libc6", "tar"])
            #expect(base.version(of: "libc6") == "2.36-9")
            #expect(base.version(of: "tar") == "1.34")
            #expect(base.version(of: "libc") == nil)
        }
    }

    @Test func oneThatIsNoDebianIsRefused() async throws {
        let script = Self.status.replacing("ID=debian", with: "ID=alpine")
        try await withProgram(script) { bases in
            let failure = await #expect(throws: Failure.self) {
                try await bases.provide(try BaseRequest("alpine:3"))
            }
            #expect(failure?.code == .unavailable)
            #expect(failure?.message.contains("alpine:3") == true)
        }
    }

    @Test func aRegistryThatDoesNotAnswerIsGivenUp() async throws {
        try await withProgram("case $1 in pull) exec sleep 600 ;; *) exit 1 ;; esac\n") { bases in
            let failure = await #expect(throws: Failure.self) {
                try await bases.provide(try BaseRequest("registry.example/mine:1"))
            }
            #expect(failure?.message.contains("does not answer in time") == true)
        }
    }

    @Test func aRegistrysRefusalIsTold() async throws {
        try await withProgram("case $1 in pull) echo 'denied: not yours'; exit 1 ;; *) exit 1 ;; esac\n") {
            bases in
            let failure = await #expect(throws: Failure.self) {
                try await bases.provide(try BaseRequest("registry.example/mine:1"))
            }
            #expect(failure?.message.contains("denied: not yours") == true)
        }
    }

    @Test func whatIsNotThereIsExpected() async throws {
        try await withProgram("exit 1\n") { bases in
            #expect(try await bases.present(try BaseRequest("debian:13-slim")) == nil)
            let base = try bases.expected(try BaseRequest("debian:13-slim"))
            #expect(base.origin == .absent)
            #expect(base.suite == "trixie")
            #expect(throws: Failure.self) { try bases.expected(try BaseRequest("registry.example/mine:1")) }
        }
    }
}
