import HostSupport
import Testing

@testable import Containers

@Suite struct LoginTests {
    @Test func aShellIsALoginShellAndGetsATerminalWhereThereIsOne() {
        let one = container()
        let shell = ContainerShell(in: one, as: "panda", isTerminal: true)
        #expect(
            shell.words(ofLoginShell: "zsh")
                == ["exec", "--interactive", "--tty", "--user", "panda", one.id, "zsh", "-l"]
        )
        #expect(
            ContainerShell(in: one, as: "0", isTerminal: false).words(running: ["ls", "a b", "-l"])
                == ["exec", "--interactive", "--user", "0", one.id, "ls", "a b", "-l"]
        )
    }

    @Test(arguments: ["exited", "created", "paused"])
    func nothingIsStartedInAContainerThatDoesNotRun(state: String) {
        let shell = ContainerShell(in: container(state: state), as: "root", isTerminal: false)
        let failure = #expect(throws: Failure.self) { try shell.checkRunning() }
        #expect(failure?.code == .unavailable && failure?.message.contains(state) == true)
    }

    @Test func sshGoesToTheAddressAndEachWordStaysOne() throws {
        let login = try ContainerLogin(
            to: container(addresses: ["10.0.0.2", "10.1.0.2"]),
            of: runtime(),
            as: "panda",
            key: "/k e y",
            options: ["LogLevel=ERROR"]
        )
        #expect(
            login.words() == [
                "-o", "ConnectTimeout=5", "-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", "-i", "/k e y",
                "-p", "22", "-l", "panda", "--", "10.0.0.2",
            ]
        )
        #expect(
            login.words(running: ["echo", "a b", "$HOME", "it's"]).last == #"echo 'a b' '$HOME' 'it'\''s'"#
        )
    }

    @Test func withoutAnAddressAPublishedPortLeadsThere() throws {
        let port = ListedContainer.Port(hostAddress: "", hostPort: 2200, containerPort: 22, transport: .tcp)
        let rootless = runtime(.podman, isRootless: true)
        let login = try ContainerLogin(to: container(ports: [port]), of: rootless, as: "root")
        #expect(login.server == .init(address: "127.0.0.1", port: 2200))
        let other = ListedContainer.Port(
            hostAddress: "192.0.2.1",
            hostPort: 7,
            containerPort: 22,
            transport: .tcp
        )
        #expect(
            try ContainerLogin(to: container(ports: [other]), of: rootless, as: "root").server
                == .init(address: "192.0.2.1", port: 7)
        )
        for (unreachable, word) in [
            (container(mode: "host", addresses: []), "--publish"),
            (container(state: "exited", addresses: [], ports: [port]), "list"),
        ] {
            let failure = #expect(throws: Failure.self) {
                try ContainerLogin(to: unreachable, of: runtime(), as: "root")
            }
            #expect(failure?.code == .unavailable && failure?.hint?.contains(word) == true)
        }
    }

    @Test func whoAnswersIsAskedBeforeSshHangs() async throws {
        let port = ListedContainer.Port(
            hostAddress: "127.0.0.1",
            hostPort: try HostPort.choose(),
            containerPort: 22,
            transport: .tcp
        )
        let login = try ContainerLogin(
            to: container(mode: "host", addresses: [], ports: [port]),
            of: runtime(),
            as: "root"
        )
        let failure = await #expect(throws: Failure.self) { try await login.checkServer() }
        #expect(failure?.code == .unavailable)
        #expect(failure?.hint?.contains("bootstrap/container-ssh") == true)
    }
}
