import Foundation
import HostSupport
import RunRecords
import Testing

@testable import GuestImages

@Suite struct RecipeTests {
    private let shipped = Installation(root: sourceTree)

    private func text() throws -> String {
        try FileSystem.readText(shipped.recipes / "tiny.yaml")
    }

    private func parse(_ text: String) throws -> ImageRecipe {
        try ImageRecipe([
            RecipeLayer.parse(text, source: "some.yaml", folders: [shipped.guestFiles])
        ])
    }

    private func line(of start: String) throws -> Int {
        let lines = try text().split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.hasPrefix(start) }) + 1
    }

    /// What reading the shipped recipe says when `old` is `new` in it.
    private func problem(_ old: String, _ new: String) async throws -> String {
        let text = try text()
        try #require(text.contains(old))
        let changed = text.replacingOccurrences(of: old, with: new)
        let failure = try #require(
            await failure { _ = try parse(changed) }
        )
        #expect(failure.code == .configuration)
        return failure.message
    }

    @Test func theShippedRecipeIsFoundByNameAndByPath() throws {
        let recipe = try ImageRecipe.find("tiny", in: shipped)
        #expect(recipe.name == "tiny")
        #expect(recipe.architectures.map(\.architecture) == [.x8664, .i386])
        #expect(recipe.architectures.map(\.memory) == [.mebibytes(128), .mebibytes(64)])
        #expect(recipe.guestPrograms.first?.mode == FileMode(bits: 0o700))
        #expect(try ImageRecipe.find((shipped.recipes / "tiny.yaml").string, in: shipped) == recipe)
    }

    @Test func everyFileOfTheShippedRecipesIsThere() throws {
        for name in ["tiny", "debian-12", "ssh-honeypot"] {
            let recipe = try ImageRecipe.find(name, in: shipped)
            let sources = recipe.files.map(\.source) + recipe.scripts.map(\.source)
            #expect(!sources.isEmpty)
            #expect(sources.allSatisfy { FileSystem.isRegularFile($0) })
        }
    }

    @Test func nobodyCanLogInToTheShippedImageWithAPassword() throws {
        let shadow = try FileSystem.readText(shipped.guestFiles / "tiny/etc/shadow")
        #expect(shadow.split(separator: "\n").allSatisfy { $0.split(separator: ":")[1] == "*" })
        #expect(try FileSystem.readText(shipped.guestFiles / "tiny/init").contains("dropbear -F -E -s "))
    }

    @Test func anUnknownRecipeIsAnsweredWithThoseThereAre() async throws {
        let failure = await failure { _ = try ImageRecipe.find("huge", in: shipped) }
        #expect(failure?.code == .notFound)
        #expect(failure?.hint?.contains("tiny") == true)
    }

    @Test func anUnknownKeyIsRefusedWithItsLine() async throws {
        let line = try line(of: "suite:")
        #expect(
            try await problem("suite: bookworm", "siute: bookworm\nsuite: bookworm")
                == "some.yaml:\(line): unknown key 'siute'"
        )
    }

    @Test func everyUnknownKeyIsNamed() async throws {
        let message = try await problem(
            "    memory: 64M",
            "    memory: 64M\n    cpus: 2\n    disk: 1G"
        )
        #expect(message.contains("unknown key 'architectures[1].cpus'"))
        #expect(message.contains("unknown key 'architectures[1].disk'"))
    }

    @Test func aMissingKeyIsNamed() async throws {
        #expect(try await problem("sshUser: root", "").contains("the key 'sshUser' is missing"))
        let line = try line(of: "  - architecture: i386")
        #expect(
            try await problem("    memory: 64M\n", "")
                == "some.yaml:\(line): the key 'memory' is missing at architectures[1]"
        )
    }

    @Test(arguments: [
        ("memory: 128M", "memory: plenty", "'plenty' is not a size"),
        ("architecture: i386", "architecture: z80", "z80"),
        (
            "{source: agent, path: /usr/local/sbin/agent, mode: 0755}", "{source: a, path: /a, mode: 9}",
            "'9' is no"
        ),
        ("readyTimeout: 120", "readyTimeout: soon", "readyTimeout"),
    ])
    func aValueOfTheWrongKindIsRefusedWithItsLine(_ old: String, _ new: String, _ said: String) async throws {
        let message = try await problem(old, new)
        #expect(message.contains(said))
        #expect(message.contains(#/^some\.yaml:[0-9]+: /#))
    }

    @Test(arguments: [
        ("schema: 1", "schema: 2", "field 'schema' is 2"),
        ("name: tiny", "name: ../tiny", "field 'name' cannot name an image: '../tiny'"),
        ("suite: bookworm", "suite: -x", "field 'suite'"),
        (
            "architecture: i386", "architecture: x86_64",
            "field 'architectures[1].architecture' is given twice"
        ),
        ("architecture: i386", "architecture: mips", "cannot be recorded: 'mips'"),
        ("memory: 64M", "memory: 8M", "field 'architectures[1].memory'"),
        ("[e1000]", "[e1000, ../x]", "field 'modules[1]' is no module's name: '../x'"),
        ("source: agent", "source: ../agent", "field 'files[1].source' must be a path below guest/"),
        ("path: /init", "path: init", "field 'files[0].path' must be an absolute path"),
        ("path: /init", "path: /a/../init", "field 'files[0].path'"),
        ("path: /usr/local/sbin/recctrlu", "path: /", "field 'guestPrograms[0].path'"),
        ("[busybox-static,", "[--reinstall,", "field 'packages[0]'"),
        ("readyTimeout: 120", "readyTimeout: 0", "field 'readyTimeout'"),
    ])
    func aWrongValueIsRefusedWithItsLine(_ old: String, _ new: String, _ said: String) async throws {
        let message = try await problem(old, new)
        #expect(message.contains(said))
        #expect(message.contains(#/^some\.yaml:[0-9]+: /#))
    }

    @Test func allWrongValuesAreNamedAtOnce() async throws {
        let message = try await problem("name: tiny\n", "name: a b\n").split(separator: "\n")
        #expect(message.count == 1)
        let both = try await problem(
            "/init, mode: 0755}",
            "init, mode: 0755}\n  - {source: /x, path: y, mode: 0644}"
        )
        #expect(both.split(separator: "\n").count == 3)
    }

    @Test(arguments: ["", "a: [", "a: 1\na: 2", "- 1"])
    func whatIsNoRecipeAtAllIsRefused(_ text: String) async {
        let failure = await failure { _ = try parse(text) }
        #expect(failure?.code == .configuration)
        #expect(failure?.message.hasPrefix("some.yaml") == true)
    }
}
