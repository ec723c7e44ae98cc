import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite("The text that builders read")
struct DockerfileTests {
    private func file(_ labels: [(key: String, value: String)]) -> Dockerfile {
        Dockerfile(
            base: "debian:bookworm-slim",
            layers: [.init(name: "one", instructions: ["COPY a /", Dockerfile.run(["x", "y"])])],
            labels: labels,
            settings: ["CMD [\"/sbin/my_init\"]"]
        )
    }

    @Test func itIsWrittenInOrder() {
        let text = file([("a", "PANDAcap docker image"), ("b", "it's 100 %")]).text
        #expect(
            text == """
                FROM debian:bookworm-slim

                # one
                COPY a /
                RUN x && \\
                    y

                CMD ["/sbin/my_init"]
                LABEL a="PANDAcap docker image" \\
                    b="it's 100 %"

                """
        )
    }

    @Test func whatBuildersWouldReadOtherwiseIsHandedOverBesideIt() {
        let odd = ["a \"b\"", "$PATH ${x}", "back\\slash", "two\nlines", "é", "\t"]
        let dockerfile = file(odd.enumerated().map { ("l\($0)", $1) } + [("plain", "x")])
        for (index, value) in odd.enumerated() {
            #expect(dockerfile.text.contains("l\(index)=\"$LABEL_\(index + 1)\""))
            #expect(dockerfile.text.contains("ARG LABEL_\(index + 1)\n"))
            #expect(!dockerfile.text.contains(value) || value == "\t")
            #expect(dockerfile.arguments.contains("LABEL_\(index + 1)=\(value)"))
        }
        #expect(dockerfile.text.contains("plain=\"x\""))
        #expect(dockerfile.arguments.count == odd.count)
    }

    @Test func noLabelWritesAnInstruction() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let text = file([("a", generator.nastyText())]).text
            #expect(text.split(separator: "\n").filter { $0.hasPrefix("LABEL ") }.count == 1)
            #expect(text.hasSuffix("\"\n"))
            #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
        }
    }
}

@Suite("What builders say")
struct BuildOutputTests {
    static let layers = [
        Dockerfile.Layer(
            name: "dependencies",
            instructions: ["RUN apt-get update && \\\n    apt-get install x"]
        ),
        Dockerfile.Layer(name: "engine", instructions: ["COPY engine/ /opt/panda/"]),
    ]

    @Test(arguments: [
        // Docker's old builder
        """
        Step 1/4 : FROM pandacap-base:bookworm
         ---> c7c197c573ad
        Step 2/4 : RUN apt-get update &&     apt-get install x
         ---> Using cache
         ---> 7cefd00a99a1
        Step 3/4 : COPY engine/ /opt/panda/
         ---> 23520cf35259

        """,
        // Podman
        """
        STEP 1/4: FROM pandacap-base:bookworm
        STEP 2/4: RUN apt-get update &&     apt-get install x
        --> Using cache 7cefd00a99a1
        --> 7cefd00a99a
        STEP 3/4: COPY engine/ /opt/panda/
        --> 23520cf3525

        """,
        // BuildKit
        """
        #5 [1/3] FROM docker.io/library/debian:bookworm-slim
        #6 [2/4] RUN apt-get update &&     apt-get install x
        #6 CACHED
        #7 [3/4] COPY engine/ /opt/panda/
        #7 DONE 0.3s

        """,
    ])
    func isUnderstood(text: String) {
        // Whatever the pieces that it comes in.
        for size in [1, 7, 4096] {
            var output = BuildOutput()
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                _ = output.read(Data(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(output.step == "3/4")
            #expect(output.isCached(Self.layers[0]) == true)
            #expect(output.isCached(Self.layers[1]) == false)
            #expect(output.isCached(.init(name: "x", instructions: ["RUN other"])) == nil)
        }
    }

    @Test func theScriptThatFailedIsTheLastThatTells() {
        let said = """
            bootstrap.sh: 10_a.sh: status 0
            bootstrap.sh: 20 b.sh: status 3
            The command '/bin/sh -c ...' returned a non-zero code: 3
            """
        let script = BuildOutput.failedScript(said)
        #expect(script?.name == "20 b.sh")
        #expect(script?.status == "3")
        #expect(BuildOutput.failedScript("bootstrap.sh: 10_a.sh: status 0") == nil)
    }

    @Test func aFailureIsToldByItsCause() {
        let full = ContainerImageBuilder.failure(
            .exited(1),
            saying: ["bootstrap.sh: 10_a.sh: status 1", "cp: cannot write: No space left on device"],
            of: .docker
        )
        #expect(full.code == .cannotCreate)
        let script = ContainerImageBuilder.failure(
            .exited(3),
            saying: ["bootstrap.sh: 10_a.sh: status 3"],
            of: .podman
        )
        #expect(script.code == .configuration)
        #expect(script.message.contains("10_a.sh failed with status 3"))
        let command = "?[0m?[91mThe command '" + String(repeating: "apt-get ", count: 200) + "' returned 100"
        let other = ContainerImageBuilder.failure(
            .exited(1),
            saying: ["E: no such thing", command],
            of: .docker
        )
        #expect(other.code == .system)
        #expect(other.message.contains("\n  E: no such thing\n  The command 'apt-get"))
        #expect(other.message.hasSuffix("apt-get ' returned 100"))
        #expect(other.message.count < 400)
    }
}
