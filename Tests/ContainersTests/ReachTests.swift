import HostSupport
import Testing

@testable import Containers

@Suite struct ReachTests {
    @Test func addressesAreThoseOfAllNetworks() throws {
        let found = try Fixture.containers(.docker)
        let reach = found.map { $0.reach(in: runtime(), among: found) }
        #expect(reach[0] == .addresses([.init(network: "bridge", address: "172.17.0.2")]))
        #expect(reach[1] == .none("it shares the host's network"))
        #expect(reach[2] == .none("it shares the network of c1"))
        guard case .addresses(let two) = reach[3] else {
            Issue.record("\(reach[3])")
            return
        }
        #expect(two.map(\.network) == ["cm", "cn"])
        #expect(reach[4] == .none("it does not run") && reach[5] == .none("it does not run"))
    }

    @Test func whoHasNoneSaysWhy() {
        #expect(container(mode: "none", addresses: []).reach(in: runtime()) == .none("it has no network"))
        #expect(
            container(mode: "slirp4netns", addresses: []).reach(in: runtime(.podman, isRootless: true))
                == .none("podman runs without root")
        )
        #expect(
            container(mode: "bridge").reach(in: runtime(.podman, isRootless: true))
                == .none("podman runs without root")
        )
        #expect(
            container(mode: "lan", addresses: []).reach(in: runtime())
                == .none("its network 'lan' gave it none")
        )
        #expect(
            container(mode: "container:abcdef0123456789", addresses: []).reach(in: runtime())
                == .none("it shares the network of abcdef012345")
        )
    }

    @Test func keysMayBeKnownByAddressesAndByPortsThatLeadThere() {
        let ports: [ListedContainer.Port] = [
            .init(hostAddress: "127.0.0.1", hostPort: 2200, containerPort: 22, transport: .tcp),
            .init(hostAddress: "0.0.0.0", hostPort: 2222, containerPort: 2222, transport: .tcp),
            .init(hostAddress: "192.0.2.1", hostPort: 23, containerPort: 23, transport: .tcp),
            .init(hostAddress: "", hostPort: 22, containerPort: 22, transport: .tcp),
            .init(hostAddress: "", hostPort: 53, containerPort: 53, transport: .udp),
        ]
        #expect(
            container(ports: ports, exposed: [80]).knownHostNames(in: runtime()) == [
                "172.17.0.2", "[172.17.0.2]:23", "[172.17.0.2]:80", "[172.17.0.2]:2222",
                "[127.0.0.1]:2200", "[localhost]:2200", "[127.0.0.1]:2222", "[::1]:2222", "[localhost]:2222",
                "[192.0.2.1]:23",
            ]
        )
        let rootless = container(ports: Array(ports.prefix(1)))
        #expect(
            rootless.knownHostNames(in: runtime(.podman, isRootless: true)) == [
                "[127.0.0.1]:2200", "[localhost]:2200",
            ]
        )
        #expect(container(state: "exited", addresses: [], ports: ports).knownHostNames(in: runtime()).isEmpty)
    }
}
