import Foundation
import HostSupport
import Testing

@Suite("Containers to look around in, and what is left of them", .serialized)
struct ContainerTrialTests {
    @Test("one starts, runs its bundle, and is gone when it is left", arguments: TestedRuntime.allCases)
    func trial(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            try Self.makeBundle(
                "good",
                "msg 'this is %s' {{ RUN_ID | sh }}\ncp files/added /root",
                in: bench.folder
            )
            try FileSystem.write("from outside", to: bench.folder / "added")
            let words = [
                "container", "test", "--image", SmallImage.name, "--bootstrap", "./good", "--add", "added",
            ]
            let script = "hostname; cat /root/added; echo; touch /opt/panda/share/bootstrap/x || exit 9"
            let output = try await bench.pandacap(
                words + [bench.name("a"), "--", "sh", "-c", script],
                in: bench.folder
            )
            #expect(output.status == .exited(9), "\(output.standardError)")
            #expect(output.standardOutput == "\(bench.name("a"))\nfrom outside\n")
            #expect(output.standardError.contains("this is \(bench.name("a"))"))
            #expect(output.standardError.contains("Read-only file system"))
            #expect(try await bench.ask("container", "inspect", bench.name("a")).status != .exited(0))
            let detached = try await bench.pandacap(words + [bench.name("b"), "--detach"], in: bench.folder)
            #expect(detached.standardOutput == bench.name("b") + "\n", "\(detached.standardError)")
            let label = try await runtime(
                "inspect",
                "--format",
                "{{index .Config.Labels \"org.pandacap.kind\"}}",
                bench.name("b")
            )
            #expect(label == "test\n")
            let taken = try await bench.pandacap(words + [bench.name("b")], in: bench.folder)
            #expect(taken.status == .exited(73) && taken.standardError.contains("is taken"), "\(taken)")
            let folder = bench.pandacap.home / "container-tests"
            #expect(FileSystem.list(folder) == ["\(runtime)-\(bench.name("b"))"])
            try await runtime("rm", "--force", bench.name("b"))
            // The next one takes what is left over with it.
            let last = try await bench.pandacap(words + [bench.name("b"), "--", "true"], in: bench.folder)
            #expect(last.status == .exited(0), "\(last.standardError)")
            #expect(FileSystem.list(folder).isEmpty)
        }
    }

    @Test("what fails is said, and nothing is left", arguments: TestedRuntime.allCases)
    func failures(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            try Self.makeBundle("bad", "echo 'no such thing'; exit 9", in: bench.folder)
            try Self.makeBundle("slow", "echo begun; sleep 60", in: bench.folder)
            let name = bench.name("a")
            for (words, code, said) in [
                (["--bootstrap", "./bad"], Int32(71), "ended with status 9"),
                (["--bootstrap", "./none"], 66, "none"),
                (["--image", "pandacap-no-such"], 66, "there is no image"),
                (["--bootstrap", "", "--network", "no-such-net"], 71, "network create no-such-net"),
                (["--bootstrap", "", "--user", "nobody-there"], 66, "there is no user"),
                (["--detach", "--", "ls"], 64, "--detach"),
            ] {
                let image = words.contains("--image") ? [] : ["--image", SmallImage.name]
                let output = try await bench.pandacap(
                    ["container", "test", name] + image + words,
                    in: bench.folder
                )
                #expect(output.status == .exited(code), "\(words): \(output.standardError)")
                #expect(output.standardError.contains(said), "\(words): \(output.standardError)")
                #expect(try await bench.ask("container", "inspect", name).status != .exited(0), "\(words)")
                #expect(FileSystem.list(bench.pandacap.home / "container-tests").isEmpty, "\(words)")
            }
            #expect(try await bench.pandacap("container", "test", "a/b").status == .exited(64))
            let (_, status) = try await bench.pandacap.beside(
                ["container", "test", name, "--image", SmallImage.name, "--bootstrap", "./slow"],
                in: bench.folder
            ) { child in
                let begun = try await poll(for: .seconds(60)) { () -> Bool? in
                    words(of: bench.folder).contains("begun") || child.status != nil ? true : nil
                }
                #expect(begun == true)
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(130), "\(words(of: bench.folder))")
            #expect(try await bench.ask("container", "inspect", name).status != .exited(0))
            #expect(FileSystem.list(bench.pandacap.home / "container-tests").isEmpty)
        }
    }

    @Test("pruning leaves others' containers and images alone", arguments: TestedRuntime.allCases)
    func prune(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            let run = bench.folder / "run"
            try FileSystem.createDirectory(run)
            let lock = try FileLock(run / "run.lock")
            let mount = ["--mount", "type=bind,src=\(run),dst=/run/x"]
            try await bench.start("test", ["--label", "org.pandacap.kind=test"], command: ["true"])
            try await bench.start("held", ["--label", "org.pandacap.kind=run"] + mount, command: ["true"])
            try await bench.start("runs", "--label", "org.pandacap.kind=test")
            try await bench.start("users", [], command: ["true"])
            try await runtime("wait", bench.name("test"), bench.name("held"), bench.name("users"))
            // Importing again takes the name from the former image.
            let tar = bench.folder / "x.tar"
            let tag = "localhost/\(bench.prefix)"
            func makeImage(_ label: String) async throws -> String {
                try FileSystem.write(label + UUID().uuidString, to: bench.folder / "content")
                try await Tool("tar").run(["-cf", tar.string, "-C", bench.folder.string, "content"])
                let said = try await runtime("import", "--change", "LABEL \(label)=image", tar.string, tag)
                return String(said.trimmingCharacters(in: .whitespacesAndNewlines).suffix(64))
            }
            let ours = try await makeImage("org.pandacap.kind")
            let others = try await makeImage("org.example.kind")
            let named = try await makeImage("org.pandacap.kind")
            let planned = try await bench.pandacap("container", "prune", "--dry-run")
            #expect(planned.standardOutput.contains("would remove container \(bench.name("test"))"))
            #expect(try await bench.ask("container", "inspect", bench.name("test")).status == .exited(0))
            let output = try await bench.pandacap("container", "prune")
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("removed container \(bench.name("test"))"))
            #expect(output.standardOutput.contains("removed image \(ours.prefix(12))"))
            #expect(
                output.standardError.contains("left alone: \(bench.name("held")): its run is still going on")
            )
            func isThere(_ noun: String, _ name: String) async throws -> Bool {
                try await bench.ask(noun, "inspect", name).status == .exited(0)
            }
            #expect(try await !isThere("container", bench.name("test")))
            #expect(try await !isThere("image", ours))
            for name in ["held", "runs", "users"] {
                #expect(try await isThere("container", bench.name(name)), "\(name)")
            }
            #expect(try await isThere("image", others))
            #expect(try await isThere("image", named))
            withExtendedLifetime(lock) {}
            let rest = try await bench.pandacap(
                "container",
                "prune",
                "--images",
                "--set",
                "IMAGE_NAME=\(bench.prefix)"
            )
            #expect(rest.status == .exited(0), "\(rest.standardError)")
            #expect(try await isThere("image", others))
            #expect(try await isThere("image", SmallImage.name))
            #expect(try await !isThere("image", named))
            try await runtime("image", "rm", others)
        }
    }

    private static func makeBundle(_ name: String, _ script: String, in folder: HostPath) throws {
        try FileSystem.createDirectory(folder / name / "scripts")
        let path = folder / name / "scripts/docker_10_it.sh.j2"
        try FileSystem.write("#!/bin/sh\n\(script)\n", to: path)
    }
}
