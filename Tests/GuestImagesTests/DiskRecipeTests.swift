import Foundation
import HostSupport
import RunRecords
import Testing

@testable import GuestImages

@Suite struct DiskRecipeTests {
    private let shipped = Installation(root: sourceTree)

    private let bottom = """
        schema: 1
        name: bottom
        description: A disk
        suite: bookworm
        architectures:
          - {architecture: x86_64, kernelPackage: linux-image-amd64, memory: 128M}
        disk: {size: 512M}
        packages: [busybox]
        users: [{name: someone, groups: [adm]}]
        append: root=/dev/sda
        sshUser: root
        services: {disable: [cron.service]}

        """

    private let top = """
        schema: 1
        name: top
        description: More on it
        base: bottom.yaml
        packages: [less, busybox]
        users: [{name: someone, recorded: true, groups: [disk]}]
        files: [{source: x/file, path: /etc/file, mode: 0640}]
        scripts: [x/script]
        services: {enable: [cron.service]}

        """

    /// Reads `top` with `bottom` below it, each changed.
    private func read(
        top: String? = nil,
        bottom: String? = nil,
        _ prepare: (HostPath) throws -> Void = { _ in }
    ) async throws -> ImageRecipe {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "x")
            for (name, text) in [
                ("top.yaml", top ?? self.top), ("bottom.yaml", bottom ?? self.bottom), ("x/file", "1"),
                ("x/script", "#!/bin/sh\n"),
            ] { try FileSystem.write(text, to: folder / name) }
            try prepare(folder)
            return try ImageRecipe.read(folder / "top.yaml", in: shipped)
        }
    }

    /// What reading says when `old` is `new` in one of the files.
    private func problem(_ old: String, _ new: String) async throws -> String {
        try #require(top.contains(old) || bottom.contains(old))
        let failure = try #require(
            await failure {
                _ = try await read(
                    top: top.replacingOccurrences(of: old, with: new),
                    bottom: bottom.replacingOccurrences(of: old, with: new)
                )
            }
        )
        #expect(failure.code == .configuration)
        return failure.message
    }

    @Test func aRecipeStandsOnItsBase() async throws {
        let recipe = try await read()
        #expect(recipe.name == "top")
        #expect(recipe.suite == "bookworm" && recipe.kernelSuite == "bookworm")
        #expect(recipe.disk?.size == .mebibytes(512))
        #expect(recipe.packages == ["busybox", "less"])
        let user = try #require(recipe.users.first)
        #expect(recipe.users.count == 1 && user.isRecorded && user.groups == ["adm", "disk"])
        #expect(recipe.files.map(\.mode) == [FileMode(bits: 0o640)])
        #expect(recipe.services.map(\.isEnabled) == [false, true])
        #expect(recipe.scripts.first?.place.hasSuffix("top.yaml:8: field 'scripts[0]'") == true)
        #expect(recipe.agent == .serial && recipe.readyTimeout == 120)
    }

    @Test func aKernelOfAnotherSuiteAndNoAgentAreTaken() async throws {
        let recipe = try await read(top: top + "kernelSuite: bullseye\nagent: none\n")
        #expect(recipe.kernelSuite == "bullseye")
        #expect(recipe.suite == "bookworm")
        #expect(recipe.agent == .none)
    }

    @Test func theHoneypotStandsOnDebian() throws {
        let debian = try ImageRecipe.find("debian-12", in: shipped)
        let honeypot = try ImageRecipe.find("ssh-honeypot", in: shipped)
        #expect(debian.architectures == honeypot.architectures)
        #expect(Set(honeypot.packages).isSuperset(of: debian.packages))
        #expect(honeypot.users.first { $0.name == "root" }?.isRecorded == true)
        #expect(debian.scripts.isEmpty)
    }

    @Test(arguments: [
        ("disk: {size: 512M}", "disk: {size: 512M, sort: new}", "unknown key 'disk.sort'"),
        ("recorded: true", "recorded: true, password: x", "unknown key 'users[0].password'"),
        ("disk: {size: 512M}", "disk: 512M", "disk"),
        ("scripts: [x/script]", "scripts: x/script", "scripts"),
        ("mode: 0640", "mode: 0980", "'0980' is no"),
        ("size: 512M", "size: 8M", "field 'disk.size' must be whole mebibytes"),
        ("name: someone, recorded", "name: Some One, recorded", "field 'users[0].name' is no user's name"),
        ("groups: [disk]", "groups: [disk, -x]", "field 'users[0].groups[1]' is no group's name: '-x'"),
        ("groups: [disk]", "uid: 0", "field 'users[0].uid' must be 1 to 59999"),
        ("groups: [disk]", "shell: bash", "field 'users[0].shell' must be an absolute path"),
        (
            "[{name: someone, recorded", "[{name: someone}, {name: someone, recorded",
            "is given twice: 'someone'"
        ),
        ("[x/script]", "[x/script, ../script]", "field 'scripts[1]' must be a path below"),
        ("[x/script]", "[x/none]", "field 'scripts[0]' is neither in"),
        ("[x/script]", "[x]", "field 'scripts[0]' is no file"),
        ("x/file", "x/none", "field 'files[0].source' is neither in"),
        ("enable: [cron.service]", "enable: [cron]", "field 'services.enable[0]' is no unit's name: 'cron'"),
        ("base: bottom.yaml", "base: nonesuch", "field 'base' names no recipe"),
        ("base: bottom.yaml", "base: top.yaml", "field 'base' leads back to"),
        ("disk: {size: 512M}\n", "", "field 'users' has no effect without 'disk'"),
        ("packages: [busybox]", "programs: [/bin/busybox]", "field 'programs' has no effect beside 'disk'"),
        ("scripts: [x/script]", "agent: usb", "field 'agent' must be 'serial' or 'none'"),
        ("packages: [less, busybox]", "kernelSuite: a b", "field 'kernelSuite' is no Debian suite"),
    ])
    func whatIsWrongIsNamedWithItsFileAndLine(_ old: String, _ new: String, _ said: String) async throws {
        let message = try await problem(old, new)
        #expect(message.contains(said))
        let line = try #require(message.split(separator: "\n").last)
        #expect(line.contains(#/(top|bottom)\.yaml:[0-9]+: /#))
    }

    @Test func whatIsWrongInTheBaseIsNamedThere() async throws {
        let message = try await problem("size: 512M", "size: 1")
        #expect(message.contains("bottom.yaml:7: "))
        let missing = try await problem("suite: bookworm\n", "")
        #expect(missing.contains("top.yaml:1: the key 'suite' is missing"))
    }

    @Test func aLinkOutOfTheFolderIsRefused() async throws {
        let failure = await failure {
            _ = try await read { folder in
                try FileSystem.remove(folder / "x/script")
                try FileManager.default.createSymbolicLink(
                    atPath: (folder / "x/script").string,
                    withDestinationPath: "/etc/passwd"
                )
            }
        }
        #expect(failure?.message.contains("field 'scripts[0]' leads out of") == true)
    }

    @Test func recipesThatStandOnTooManyAreRefused() async throws {
        let failure = await failure {
            _ = try await read { folder in
                for number in 0..<20 {
                    let text = "schema: 1\nname: n\ndescription: d\nbase: \(number + 1).yaml\n"
                    try FileSystem.write(text, to: folder / "\(number).yaml")
                }
                try FileSystem.write(
                    top.replacingOccurrences(of: "bottom", with: "0"),
                    to: folder / "top.yaml"
                )
            }
        }
        #expect(failure?.message.contains("6.yaml:4: field 'base' is one too many") == true)
    }
}
