import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite struct ListingTests {
    @Test(arguments: ContainerRuntime.Kind.allCases)
    func bothRuntimesDescribeTheSameContainers(kind: ContainerRuntime.Kind) throws {
        let found = try Fixture.containers(kind)
        #expect(found.map(\.name) == ["c1", "c2", "c4", "c5", "c6", "c7"])
        let host = UInt16(kind == .docker ? 34567 : 34568)
        let first = found[0]
        #expect(first.image == "localhost/cbox:1" && first.kind == .test && first.run == nil)
        #expect(
            first.state == "running" && first.isRunning && first.exitStatus == nil && first.finished == nil
        )
        #expect(first.addresses.map(\.address) == [kind == .docker ? "172.17.0.2" : "10.88.0.6"])
        #expect(
            first.ports == [
                .init(hostAddress: "127.0.0.1", hostPort: host, containerPort: 22, transport: .tcp)
            ]
        )
        #expect(found[1].networkMode == "host" && found[1].addresses.isEmpty)
        #expect(found[3].addresses.map(\.network) == ["cm", "cn"])
        #expect(found[4].state == "created" && found[4].finished == nil && found[4].exitStatus == nil)
        #expect(found[4].addresses.isEmpty && found[4].kind == .image)
        #expect(found[5].state == "exited" && found[5].exitStatus == 1 && found[5].finished != nil)
        #expect(found[5].written == ByteSize(bytes: kind == .docker ? 0 : 12))
        let image = try #require(try Fixture.images(kind).first)
        #expect(Set(found.map(\.imageID)) == [image.id])
        #expect(image.names == ["localhost/cbox:1"] && image.kind == .image && image.engines == ["i386"])
        #expect(image.size.bytes > 1_900_000 && image.created != nil)
    }

    @Test func timesAreReadAsBothRuntimesWriteThem() throws {
        let expected = Date(timeIntervalSince1970: 1_700_000_000)
        for text in ["2023-11-14T22:13:20Z", "2023-11-14T23:13:20.000000000+01:00"] {
            #expect(RuntimeTime.parse(text) == expected)
        }
        let fraction = try #require(RuntimeTime.parse("2023-11-14T22:13:20.123456789Z"))
        #expect(abs(fraction.timeIntervalSince(expected) - 0.123456789) < 1e-6)
        for text in ["", "now", "2023-11-14", "2023-13-14T22:13:20Z", "2023-11-14T22:13:20"] {
            #expect(RuntimeTime.parse(text) == nil)
        }
        let never = try JSONText.decode(
            [RuntimeTime].self,
            from: Data(#"["0001-01-01T00:00:00Z"]"#.utf8),
            source: "x"
        )
        #expect(never.first?.date == nil)
    }

    @Test(arguments: ["", "-", "--all", "a b", "a\nb", "$(id)", "a/b", "ä", "a'b"])
    func whatCannotBeANameIsNotHandedOn(name: String) {
        #expect(!ContainerRuntime.isContainerName(name))
    }

    @Test(arguments: ["a", "0", "Pandacap-x_1.2", "4f0a"])
    func namesAndIdentifiersAreHandedOn(name: String) {
        #expect(ContainerRuntime.isContainerName(name))
    }

    @Test(arguments: ContainerRuntime.Kind.allCases)
    func whatIsDamagedIsAnErrorOrLessButNeverACrash(kind: ContainerRuntime.Kind) throws {
        let text = String(decoding: try Fixture.data("\(kind.rawValue)-containers.json"), as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        var generator = SeededGenerator(seed: 5)
        var failures = 0
        for _ in 0..<300 {
            var mutated = lines
            let index = Int.random(in: 0..<lines.count, using: &generator)
            let key = lines[index].prefix { $0 != ":" }
            let nasty = try JSONText.encode([generator.nastyText()])
            let value = [
                "null", "[]", "{}", "-1", "1e400", "\"\"", "true",
                String(decoding: nasty, as: UTF8.self).split(separator: "\n")[1].trimmingCharacters(
                    in: .whitespaces
                ),
            ].randomElement(using: &generator)
            if Bool.random(using: &generator) {
                mutated[index] = "\(key): \(value ?? "0")" + (lines[index].hasSuffix(",") ? "," : "")
            } else {
                mutated.remove(at: index)
            }
            do {
                let found = try JSONText.decode(
                    [ListedContainer.Inspection].self,
                    from: Data(mutated.joined(separator: "\n").utf8),
                    source: "mutation"
                ).map { ListedContainer($0) }
                for container in found {
                    _ = container.reach(in: runtime(kind), among: found)
                    _ = container.knownHostNames(in: runtime(kind))
                }
            } catch let failure as Failure {
                #expect(failure.code == .badData)
                failures += 1
            }
        }
        #expect(failures > 30)
    }
}
