import Bootstrap
import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite("Names of images, and what variables say of them")
struct ImageNameTests {
    @Test(arguments: [
        ("pandacap", "pandacap", nil), ("pandacap:0.5", "pandacap", "0.5"),
        ("localhost:5000/team/panda-cap:v1_2", "localhost:5000/team/panda-cap", "v1_2"),
        ("docker.io/library/debian:bookworm-slim", "docker.io/library/debian", "bookworm-slim"),
    ])
    func areRead(text: String, name: String, tag: String?) throws {
        let reference = try ImageReference(text)
        #expect(reference.name == name)
        #expect(reference.tag == tag)
        #expect(reference.description == text)
    }

    @Test(arguments: [
        "", "PandaCap", "panda cap", "panda:", ":tag", "panda/:x", "panda--cap:-x", "../x", "-panda",
        "panda:a b",
        "panda@sha256:12", "panda;rm", "$(x)", "panda\n", "pandä",
    ])
    func areRefused(text: String) {
        #expect(throws: Failure.self) { try ImageReference(text) }
    }

    @Test func whateverIsTakenIsOneWordForAnyProgram() {
        for seed in 0..<500 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            guard let reference = try? ImageReference(generator.nastyText()) else { continue }
            #expect(reference.description.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            #expect(reference.description.first != "-")
        }
    }

    @Test(arguments: [
        ("debian:bookworm-slim", "bookworm"), ("docker.io/library/debian:12.5-slim", "bookworm"),
        ("debian:13", "trixie"), ("mmdebstrap", "bookworm"), ("mmdebstrap:trixie", "trixie"),
        ("debian", nil), ("debian:latest", nil), ("registry.example/debian:12", nil), ("ubuntu:22.04", nil),
    ])
    func theSuiteOfABaseIsKnownByItsName(base: String, suite: String?) throws {
        #expect(try BaseRequest(base).suite == suite)
    }

    private func settings(_ settings: [String], tag: String? = nil) throws -> ImageSettings {
        try ImageSettings(try Variables(files: [], environment: [:], settings: settings), tag: tag)
    }

    @Test func theImageGetsItsVersionForATag() throws {
        #expect(try settings(["IMAGE_NAME=mine", "IMAGE_VERSION=2"]).tags == ["mine:2", "mine:latest"])
        #expect(try settings(["IMAGE_NAME=mine", "IMAGE_VERSION=latest"]).tags == ["mine:latest"])
        #expect(try settings(["IMAGE_NAME=mine:3", "IMAGE_VERSION=2"]).tags == ["mine:3"])
        #expect(try settings(["IMAGE_NAME=mine", "IMAGE_VERSION=2"], tag: "other:x").tags == ["other:x"])
        #expect(try settings(["IMAGE_EXTRA_PACKAGES= zsh   tmux "]).packages == ["zsh", "tmux"])
    }

    @Test(arguments: [
        "IMAGE_NAME=Mine", "IMAGE_VERSION=a b", "IMAGE_BASE=x y", "IMAGE_EXTRA_PACKAGES=zsh --force",
        "DOCKER_USER=root", "DOCKER_USER=a b", "DOCKER_USER_GROUP=$(id)", "DOCKER_USER_UID=0",
        "DOCKER_USER_GID=x", "PANDA_PATH=opt/panda", "PANDA_PATH=/opt/my panda", "PANDA_PATH=/opt/../x",
    ])
    func aWrongValueIsNamedWithItsVariable(setting: String) {
        let failure = #expect(throws: Failure.self) { try settings([setting]) }
        #expect(failure?.message.contains(setting.prefix { $0 != "=" }) == true)
    }
}
