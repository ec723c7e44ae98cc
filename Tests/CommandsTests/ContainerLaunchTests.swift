import ArgumentParser
import GuestImages
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Capture
@testable import Commands

/// A guest of a disk file, planned without looking for anything.
func plannedGuest(
    disk: HostPath = "/disks/a b.qcow2",
    isWritten: Bool = false,
    forwards: [PortForward] = [PortForward(guestPort: 22, hostPort: 40_000)]
) -> GuestPlan {
    GuestPlan(
        image: disk.name,
        machine: Machine(architecture: .i386, memory: .mebibytes(512), usb: true),
        command: LaunchCommand(
            executable: "/launcher",
            arguments: [
                "--writable", "/c/runs/x/rr", "/engine.so", "-L", "/bios", "-m", "512", "-panda", "recctrl",
            ],
            workingDirectory: "/c/runs/x/rr"
        ),
        folder: "/c/runs/x",
        runtimeFolder: "/run/x",
        disk: isWritten ? nil : DerivedDisk(path: "/c/runs/x/disk.qcow2", shelf: disk.parent, layers: [disk]),
        writtenDisk: isWritten ? disk : nil,
        volume: nil,
        warmState: nil,
        bundle: nil,
        agent: .none,
        user: "root",
        forwards: forwards,
        sshPort: 40_000,
        hostName: nil,
        readySeconds: 600
    )
}

/// The words of the container's command.
func containerWords(_ options: [String], guest: GuestPlan = plannedGuest()) throws -> [String] {
    let docker = try DockerOptions.parse(options)
    return try ContainerLaunch(
        options: docker,
        mounts: try ContainerMounts(docker.mounts),
        guest: guest,
        engine: "/engine.so",
        id: "x",
        disk: "/disks/a b.qcow2"
    ).command(docker: "/usr/bin/docker").arguments
}

/// The values that an option has in a command.
func values(of option: String, in words: [String]) -> [String] {
    zip(words, words.dropFirst()).filter { $0.0 == option }.map(\.1)
}

@Suite struct ContainerLaunchTests {
    @Test func theEngineRunsAsTheOriginalHadIt() throws {
        let words = try containerWords(["--docker-image", "vusec/pandacap:0.5"])
        #expect(words.starts(with: ["run", "--rm", "-i", "--name", "vusec_pandacap_0.5-x", "--hostname"]))
        let image = try #require(words.firstIndex(of: "vusec/pandacap:0.5"))
        #expect(
            Array(words[(image + 1)...]) == [
                "/sbin/my_init", "--", "/sbin/setuser", "panda", "/bin/sh", "-c", "cd \"$0\" && exec \"$@\"",
                "/c/runs/x/rr", "panda-system-i386", "-m", "512", "-panda", "recctrl",
            ]
        )
        let short = try containerWords([
            "--docker-image", "p", "--docker-no-init", "--docker-user", "u", "--docker-net", "n",
        ])
        #expect(!short.contains("/sbin/my_init") && values(of: "/sbin/setuser", in: short) == ["u"])
        #expect(values(of: "--network", in: short) == ["n"])
    }

    @Test func theContainerSeesWhatTheEngineNamesAndCannotWriteToDisks() throws {
        let mounts = values(of: "--mount", in: try containerWords(["--docker-image", "p"]))
        #expect(mounts.contains("type=bind,src=/c/runs/x,dst=/c/runs/x"))
        #expect(mounts.contains("type=bind,src=/run/x,dst=/run/x"))
        #expect(mounts.contains("type=bind,src=/disks,dst=/disks,readonly"))
        #expect(mounts.contains("type=bind,src=/disks,dst=/opt/panda/share/qcow,readonly"))
    }

    @Test func aMissingFolderOrAnUnknownPlaceIsAnError() async throws {
        try await withScratch { folder in
            for (words, code) in [
                ("rr:\(folder)/none", Failure.Code.notFound), ("etc:\(folder)", .usage), ("rr", .usage),
            ] {
                let failure = #expect(throws: Failure.self) { try ContainerMounts([words]) }
                #expect(failure?.code == code)
            }
            try FileSystem.createDirectory(folder / "a,\"b")
            let mounts = try ContainerMounts(["bootstrap:\(folder)/a,\"b"])
            let source = try #require(mounts.sources["bootstrap"])
            let option = ContainerMounts.Mount(source: source, target: "/t", isReadOnly: true).option
            #expect(option == "type=bind,\"src=\(folder)/a,\"\"b\",dst=/t,readonly")
        }
    }
}
