import Foundation
import HostSupport

@testable import Containers

/// What a runtime's `inspect` said once, of Docker 20.10.24 and Podman 4.3.1.
enum Fixture {
    static func data(_ name: String) throws -> Data {
        try FileSystem.read(HostPath(#filePath).parent / "Fixtures" / name)
    }

    static func containers(_ kind: ContainerRuntime.Kind) throws -> [ListedContainer] {
        try JSONText.decode(
            [ListedContainer.Inspection].self,
            from: data("\(kind.rawValue)-containers.json"),
            source: "fixture"
        ).map { ListedContainer($0) }
    }

    static func images(_ kind: ContainerRuntime.Kind) throws -> [ListedImage] {
        try JSONText.decode(
            [ListedImage.Inspection].self,
            from: data("\(kind.rawValue)-images.json"),
            source: "fixture"
        ).map { ListedImage($0) }
    }
}

/// A container with what a test cares for.
func container(
    _ name: String = "one",
    kind: ContainerLabel.Kind? = nil,
    state: String = "running",
    mode: String = "bridge",
    addresses: [String] = ["172.17.0.2"],
    ports: [ListedContainer.Port] = [],
    exposed: [UInt16] = [],
    created: Date? = nil,
    finished: Date? = nil,
    imageID: String = "i",
    mounts: [HostPath] = []
) -> ListedContainer {
    ListedContainer(
        id: String(repeating: "0", count: 64 - name.count) + name,
        name: name,
        image: "image",
        imageID: imageID,
        state: state,
        isRunning: state == "running",
        exitStatus: finished == nil ? nil : 0,
        created: created,
        finished: finished,
        kind: kind,
        run: nil,
        networkMode: mode,
        addresses: addresses.map { .init(network: "bridge", address: $0) },
        ports: ports,
        exposedPorts: exposed,
        mountSources: mounts,
        written: nil
    )
}

func runtime(_ kind: ContainerRuntime.Kind = .docker, isRootless: Bool = false) -> ContainerRuntime {
    ContainerRuntime(kind: kind, program: "/usr/bin/docker", isRootless: isRootless)
}
