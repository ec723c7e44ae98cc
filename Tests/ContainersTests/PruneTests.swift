import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite struct PruneTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func plan(
        _ containers: [ListedContainer],
        images: [ListedImage] = [],
        imageName: String? = nil,
        held: Set<HostPath> = []
    ) -> PrunePlan {
        PrunePlan(
            all: containers,
            images: images,
            imageName: imageName,
            folders: [],
            isHeld: held.contains,
            now: now
        )
    }

    private func image(_ id: String, _ names: [String], _ kind: ContainerLabel.Kind? = .image) -> ListedImage
    {
        ListedImage(id: id, names: names, created: nil, size: .mebibytes(1), kind: kind, engines: [])
    }

    @Test func onlyStoppedContainersOfRunsAndTestsGo() {
        let long = now - 3600
        let found = plan([
            container("run", kind: .run, state: "exited", finished: long),
            container("test", kind: .test, state: "exited", finished: now),
            container("made", kind: .test, state: "created", created: long),
            container("runs", kind: .test),
            container("paused", kind: .run, state: "paused"),
            container("removing", kind: .run, state: "removing", finished: long),
            container("users", kind: .image, state: "exited", finished: long),
            container("base", kind: .base, state: "exited", finished: long),
            container("others", kind: nil, state: "exited", finished: long),
        ])
        #expect(found.containers.map(\.name) == ["run", "test", "made"])
        #expect(found.kept.isEmpty)
    }

    @Test func aRunThatIsGoingOnIsNeverTouched() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "held/rr")
            try FileSystem.createDirectory(folder / "free")
            for name in ["held", "free"] { try FileSystem.write("", to: folder / "\(name)/run.lock") }
            let found = plan(
                [
                    container(
                        "collects",
                        kind: .run,
                        state: "exited",
                        finished: now - 9,
                        mounts: [folder / "held"]
                    ),
                    container(
                        "below",
                        kind: .run,
                        state: "exited",
                        finished: now - 999,
                        mounts: [folder / "held/rr"]
                    ),
                    container(
                        "over",
                        kind: .run,
                        state: "exited",
                        finished: now - 9,
                        mounts: [folder / "free"]
                    ),
                    container("young", kind: .run, state: "exited", finished: now - 9),
                    container("begins", kind: .test, state: "created", created: now - 9),
                    container("unknown", kind: .run, state: "exited"),
                ],
                held: [folder / "held/run.lock"]
            )
            #expect(found.containers.map(\.name) == ["over", "unknown"])
            #expect(found.kept.map(\.name) == ["collects", "below", "young", "begins"])
            #expect(found.kept[0].reason.contains("still going on"))
        }
    }

    @Test func imagesWithANameStayUnlessTheyAreAskedFor() {
        let images = [
            image("a", []), image("b", ["pandacap:latest", "pandacap:0.5"]),
            image("c", ["localhost/pandacap:1"]),
            image("d", ["mine:latest"]), image("e", ["pandacap:2", "mine:2"]),
            image("f", ["pandacap-base:bookworm"], .base),
            image("g", ["registry:5000/pandacap:1"]), image("h", [], nil), image("i", ["pandacap:3"], nil),
            image("j", ["debian:12"], .base),
        ]
        #expect(plan([], images: images).images.map(\.id) == ["a"])
        #expect(plan([], images: images, imageName: "pandacap").images.map(\.id) == ["a", "b", "c", "f"])
        let used = plan(
            [
                container(imageID: "a"),
                container("gone", kind: .test, state: "exited", finished: now, imageID: "b"),
            ],
            images: images,
            imageName: "pandacap"
        )
        #expect(used.images.map(\.id) == ["b", "c", "f"] && used.kept.map(\.name) == ["a"])
    }

    @Test func bothRuntimesSayWhatTheyKeep() throws {
        for (line, bytes) in [
            (#"{"Type":"Images","Total":1,"Active":1,"Size":2008283,"Reclaimable":0}"#, UInt64(2_008_283)),
            (
                #"{"Active":"1","Reclaimable":"0B (0%)","Size":"1.982MB","TotalCount":"1","Type":"Images"}"#,
                1_982_000
            ),
            (#"{"Type":"Images","Size":"0B"}"#, 0), (#"{"Type":"Images","Size":"12.5kB"}"#, 12_500),
        ] {
            let usage = try JSONText.decode(PrunePlan.Usage.self, from: Data(line.utf8), source: "x")
            #expect(usage.type == "Images" && usage.size.bytes == bytes)
        }
        for size in ["\"\"", "\"MB\"", "\"1.2.3MB\"", "\"1e9GB\"", "\"9999999999999TB\"", "null", "-1"] {
            #expect(throws: Failure.self) {
                try JSONText.decode(
                    PrunePlan.Usage.self,
                    from: Data(#"{"Type":"Images","Size":\#(size)}"#.utf8),
                    source: "x"
                )
            }
        }
    }
}
