import ArgumentParser
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Commands
@testable import Containers

/// The words of the command that starts a container as the original's options say.
func containerWords(_ options: [String], written: [HostPath] = []) throws -> [String] {
    let docker = try DockerOptions.parse(options)
    let request = try #require(try docker.request(disk: "/disks/a b.qcow2"))
    return ContainerLaunch(
        runtime: ContainerRuntime(kind: .docker, program: "/usr/bin/docker", isRootless: false),
        image: FoundImage(name: request.image, id: "sha256:1", labels: [:]),
        request: request,
        user: ContainerUser(user: 1000, group: 1001),
        name: "p-x",
        run: "x",
        engine: ["panda-system-i386", "-m", "512"],
        workingFolder: "/c/runs/x/rr",
        reach: EngineReach(
            writable: written,
            readable: ["/disks"],
            forwards: [PortForward(guestPort: 22, hostPort: 40_000)]
        ),
        lifeline: "/run/x/lifeline",
        customisation: nil,
        machineMemory: .mebibytes(512),
        isRoot: false,
        boundary: "/lib/panda-guard"
    ).command.arguments
}

/// The values that an option has in a command.
func values(of option: String, in words: [String]) -> [String] {
    zip(words, words.dropFirst()).filter { $0.0 == option }.map(\.1)
}

@Suite struct DockerOptionsTests {
    @Test func theEngineRunsAsTheOriginalHadIt() throws {
        let words = try containerWords(["--docker-image", "vusec/pandacap:0.5"])
        let image = try #require(words.firstIndex(of: "sha256:1"))
        #expect(values(of: "--entrypoint", in: words) == ["/sbin/my_init"])
        #expect(
            Array(words[(image + 1)...]) == [
                "--", "/run/panda-guard", "--lifeline-socket", "/run/x/lifeline", "--folder", "/c/runs/x/rr",
                "--user", "1000:1001", "panda-system-i386", "-m", "512",
            ]
        )
        let short = try containerWords(["--docker-image", "p", "--docker-no-init", "--docker-net", "n"])
        #expect(values(of: "--entrypoint", in: short) == ["/run/panda-guard"])
        #expect(values(of: "--user", in: short) == ["1000:1001"])
        #expect(values(of: "--network", in: short) == ["n"])
    }

    @Test func theContainerSeesTheDisksAndCannotWriteToThem() throws {
        let mounts = values(of: "--mount", in: try containerWords(["--docker-image", "p"]))
        #expect(mounts.contains("type=bind,src=/disks,dst=/disks,readonly"))
        #expect(mounts.contains("type=bind,src=/disks,dst=/opt/panda/share/qcow,readonly"))
        #expect(!mounts.contains { $0.contains("src=/c/runs/x,") })
    }

    @Test func aMissingFolderOrAnUnknownPlaceIsAnError() async throws {
        try await withScratch { folder in
            for (words, code) in [
                ("rr:\(folder)/none", Failure.Code.notFound), ("etc:\(folder)", .usage), ("rr", .usage),
            ] {
                let failure = #expect(throws: Failure.self) { try DockerMounts([words]) }
                #expect(failure?.code == code)
            }
        }
    }
}
