import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Containers

/// A launch of an engine that resumes a guest, planned without looking for anything.
private func launch(
    _ request: ContainerRequest = ContainerRequest(image: "p"),
    kind: ContainerRuntime.Kind = .docker,
    isRootless: Bool = false,
    user: UInt32 = 1000,
    customisation: HostPath? = nil,
    name: String = "p-x",
    forwards: [PortForward] = [PortForward(guestPort: 22, hostPort: 40_000)],
    isRoot: Bool = false
) -> ContainerLaunch {
    ContainerLaunch(
        runtime: ContainerRuntime(kind: kind, program: "/bin/runtime", isRootless: isRootless),
        image: FoundImage(name: "p", id: "sha256:1", labels: [:]),
        request: request,
        user: ContainerUser(user: user, group: user),
        name: name,
        run: "x",
        engine: ["panda"],
        workingFolder: "/c/rr",
        reach: EngineReach(
            writable: ["/c/console.log", "/run/x/s"],
            readable: ["/images/vmlinuz"],
            sockets: ["/run/x/agent"],
            inputs: [9: "/images/state"],
            forwards: forwards
        ),
        lifeline: "/run/x/lifeline",
        customisation: customisation,
        machineMemory: .mebibytes(64),
        isRoot: isRoot,
        boundary: "/lib/panda-guard"
    )
}

private func values(of option: String, in launch: ContainerLaunch) -> [String] {
    let words = launch.command.arguments
    return zip(words, words.dropFirst()).filter { $0.0 == option }.map(\.1)
}

@Suite struct LaunchTests {
    @Test func anEngineHasNoRightsAndSeesWhatItNeedsAlone() {
        let words = launch().command.arguments
        #expect(values(of: "--cap-drop", in: launch()) == ["ALL"] && !words.contains("--cap-add"))
        #expect(words.contains("--read-only") && words.contains("--init") && !words.contains("--privileged"))
        #expect(values(of: "--security-opt", in: launch()) == ["no-new-privileges"])
        #expect(values(of: "--user", in: launch()) == ["1000:1000"])
        #expect(
            values(of: "--mount", in: launch()) == [
                "type=bind,src=/lib/panda-guard,dst=/run/panda-guard,readonly",
                "type=bind,src=/images/vmlinuz,dst=/images/vmlinuz,readonly",
                "type=bind,src=/images/state,dst=/images/state,readonly",
                "type=bind,src=/c/rr,dst=/c/rr", "type=bind,src=/c/console.log,dst=/c/console.log",
                "type=bind,src=/run/x/s,dst=/run/x/s", "type=bind,src=/run/x/agent,dst=/run/x/agent",
                "type=bind,src=/run/x/lifeline,dst=/run/x/lifeline",
            ]
        )
        #expect(
            words.suffix(6) == [
                "sha256:1", "--lifeline-socket", "/run/x/lifeline", "--input", "9=/images/state", "panda",
            ]
        )
    }

    @Test func whatItUsesUpIsLimited() {
        #expect(values(of: "--memory", in: launch()) == ["\((64 << 21) + (1 << 30))b"])
        var request = ContainerRequest(image: "p")
        request.limits.memory = .mebibytes(300)
        request.limits.processes = 7
        request.limits.fileSize = .mebibytes(1)
        #expect(values(of: "--memory", in: launch(request)) == ["\(300 << 20)b"])
        #expect(values(of: "--pids-limit", in: launch(request)) == ["7"])
        #expect(values(of: "--ulimit", in: launch(request)) == ["fsize=1048576:1048576", "core=0:0"])
    }

    @Test func portsArePublishedUnlessTheNetworkIsTheHosts() {
        #expect(values(of: "--publish", in: launch()) == ["127.0.0.1:40000:40000/tcp"])
        #expect(launch().plan.publishesPorts)
        var request = ContainerRequest(image: "p")
        request.network = "host"
        #expect(values(of: "--publish", in: launch(request)).isEmpty)
        #expect(!launch(request).plan.publishesPorts)
        request.network = "lab"
        request.innerPorts = [22: 10_000]
        #expect(values(of: "--network", in: launch(request)) == ["lab"])
        #expect(values(of: "--publish", in: launch(request)) == ["127.0.0.1:40000:10000/tcp"])
        request.ports = [PortForward(guestPort: 22, hostPort: 2200, isLocal: false)]
        #expect(
            values(of: "--publish", in: launch(request)) == [
                "0.0.0.0:2200:22/tcp", "127.0.0.1:40000:10000/tcp",
            ]
        )
    }

    @Test func aReplayHasNoNetwork() {
        var request = ContainerRequest(image: "p")
        request.network = "lab"
        #expect(values(of: "--network", in: launch(request, forwards: [])) == ["none"])
        #expect(values(of: "--publish", in: launch(request, forwards: [])).isEmpty)
    }

    @Test func aBundleIsRunByTheImagesInitAndRecordingsLieWhereItLooks() {
        let launch = launch(customisation: "/run/x/rendered/docker")
        let mounts = values(of: "--mount", in: launch)
        #expect(
            mounts.contains("type=bind,src=/run/x/rendered/docker,dst=/opt/panda/share/bootstrap,readonly")
        )
        #expect(mounts.contains("type=bind,src=/c/rr,dst=/opt/panda/share/rr"))
        #expect(values(of: "--entrypoint", in: launch) == ["/sbin/my_init"])
        #expect(!launch.command.arguments.contains("--read-only"))
        #expect(values(of: "--user", in: launch) == ["0:0", "1000:1000"])
        #expect(values(of: "--cap-add", in: launch).contains("SETUID"))
        #expect(!values(of: "--cap-add", in: launch).contains("SYS_ADMIN"))
    }

    @Test func podmanWithoutRootKeepsTheUser() {
        #expect(values(of: "--userns", in: launch(kind: .podman, isRootless: true)) == ["keep-id"])
        #expect(values(of: "--userns", in: launch(kind: .podman)).isEmpty)
        #expect(launch(kind: .podman, isRootless: true, isRoot: true).plan.handover == nil)
    }

    @Test func whereTheUserIsRootTheEngineIsNotAndHasItsFilesMeanwhile() throws {
        #expect(launch().plan.handover == nil)
        let handover = try #require(launch(isRoot: true).plan.handover)
        #expect(handover.user == ContainerUser(user: 1000, group: 1000))
        #expect(
            handover.paths == ["/c/rr", "/c/console.log", "/run/x/s", "/run/x/agent", "/run/x/lifeline"]
        )
        #expect(values(of: "--group-add", in: launch(isRoot: true)) == ["0"])
        let customised = launch(customisation: "/run/x/rendered/docker", isRoot: true)
        #expect(values(of: "--user", in: customised) == ["0:0", "1000:1000:0"])
        // Root's of the container is root's of the host.
        #expect(launch(user: 0, isRoot: true).plan.handover == nil)
    }

    @Test(arguments: [
        "p-x", "p_q-2026.11.25", String(repeating: "n", count: 90), "p" + String(repeating: "-", count: 70),
    ])
    func theHostNameIsOne(_ name: String) throws {
        let host = try #require(values(of: "--hostname", in: launch(name: name)).first)
        #expect(host.count <= 63 && !host.hasPrefix("-") && !host.isEmpty)
        #expect(host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    }

    @Test func aPathMayHaveCommasAndQuotes() {
        let mount = ContainerMount("/a,\"b", at: "/t", isReadOnly: true)
        #expect(mount.option == "type=bind,\"src=/a,\"\"b\",dst=/t,readonly")
    }
}
