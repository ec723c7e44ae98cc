import ArgumentParser
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Commands

@Suite struct OriginalCommandLineTests {
    @Test(arguments: [
        (
            ["-vvv", "--run-id=x", "-d", "disk", "rec", "--panda=P"],
            "rec --verbose --verbose --verbose --run-id=x --disk=disk --panda=P"
        ),
        (["-vm512", "-t", "i386", "maint", "--no-kvm"], "maint --verbose --mem=512 --target=i386 --no-kvm"),
        (["-m=64", "-o.", "-Mrr:/x", "repl"], "repl --mem=64 --output-dir=. --docker-mount=rr:/x"),
        (["--run", "rec", "rec"], "rec --run-id=rec"),
        (["--nic", "-device e1000,netdev=unet0", "rec"], "rec --nic=-device e1000,netdev=unet0"),
        (["--nic=-a=b", "rec", "--usbdisk", "d"], "rec --nic=-a=b --usbdisk-dir=d"),
        (["rec", "--pan", "a", "--plo=b"], "rec --panda=a --plog=b"),
        (
            ["--docker-i", "x", "--docker-no", "--docker-pa", "/p", "--docker-ne=n", "rec"],
            "rec --docker-image=x --docker-no-init --docker-panda-root=/p --docker-net=n"
        ),
        (
            ["-D:0", "-q", "rec", "--dry-run", "--engine", "e"],
            "rec --display=:0 --quiet --dry-run --engine=e"
        ),
        (["rec", "--", "-v", "x"], "rec -- -v x"),
        (["--docker-p", "/p", "rec"], "--docker-p /p rec"), (["-", "rec"], "- rec"), (["-o"], "-o"),
        (["rec", "-o"], "rec --output-dir"),
        (["record", "tiny", "-o", "x", "--", "-v"], "record tiny -o x -- -v"),
        (["-v", "record", "tiny"], "-v record tiny"), (["--version"], "--version"), ([], ""),
        (["rec", "-z", "--nonsense"], "rec -z --nonsense"),
    ])
    func itIsRearranged(_ line: [String], _ arranged: String) {
        #expect(OriginalCommandLine.arranged(line).joined(separator: " ") == arranged)
    }

    @Test func eachWordReachesItsOption() throws {
        let line = [
            "-vv", "--run-id", "7", "-o", "a b", "-m", "64", "-t", "arm", "-d", "x y.qcow2", "--nic",
            "-device rtl8139,netdev=unet0", "--port-fwd", "ssh:2200", "--port-fwd=80:8080:*:tcp", "-D", ":1",
            "--docker-image", "i", "--docker-no-init", "--docker-user", "u", "--docker-workdir", "/w",
            "--docker-panda-root", "/p", "-M", "rr:/tmp", "--docker-mount", "qcow:/tmp", "--docker-net", "n",
            "--docker-port-fwd", "22:10000:l:tcp", "rec", "--no-derive", "--os", "linux-32-x", "--panda",
            "a:b=c;d",
            "--plog", "p", "--usbdisk-dir", "u v",
        ]
        let parsed = try Root.parseAsRoot(OriginalCommandLine.arranged(line))
        let command = try #require(parsed as? OriginalRecordCommand)
        #expect(command.global.verbose && command.original.normalisedRunID == "00007")
        #expect(command.original.outputFolder == "a b" && command.original.memory == .mebibytes(64))
        #expect(command.original.target == .arm && command.original.disk == "x y.qcow2")
        #expect(try command.original.networkWords() == ["-device", "rtl8139,netdev=net0"])
        #expect(command.original.portForward.map(\.description) == ["22:2200:l:tcp", "80:8080:*:tcp"])
        #expect(command.original.display == ":1" && command.noDerive)
        #expect(command.docker.image == "i" && command.docker.noInit && command.docker.user == "u")
        #expect(command.docker.workingFolder == "/w" && command.docker.pandaRoot == "/p")
        #expect(command.docker.mounts == ["rr:/tmp", "qcow:/tmp"] && command.docker.network == "n")
        #expect(command.docker.portForward.map(\.description) == ["22:10000:l:tcp"])
        #expect(command.system.os == "linux-32-x" && command.system.panda == "a:b=c;d")
        #expect(command.system.plog == "p" && command.usbDiskFolder == "u v")
    }

    @Test func theDefaultsAreTheOriginals() throws {
        let command = try #require(try Root.parseAsRoot(["rec"]) as? OriginalRecordCommand)
        #expect(command.original.outputFolder == "." && command.original.runID == nil)
        #expect(command.original.disk == "./panda-qcow/ubuntu16-planb.qcow2")
        #expect(command.docker.user == nil && command.docker.pandaRoot == "/opt/panda")
        #expect(command.docker.workingFolder == "/opt/panda/share")
        #expect(try command.original.networkWords() == nil)
        let replay = try #require(try Root.parseAsRoot(["repl"]) as? OriginalReplayCommand)
        #expect(replay.rr == "ubuntu16-test")
        let maintain = try #require(try Root.parseAsRoot(["maint"]) as? OriginalMaintainCommand)
        #expect(!maintain.noKVM)
    }

    @Test(arguments: [
        ("7", "00007"), (" 12 ", "00012"), ("123456", "123456"), ("honey.0001", "honey.0001"),
        ("+3", "00003"),
    ])
    func numbersOfRunsHaveFiveDigits(_ given: String, _ normalised: String) {
        #expect(OriginalOptions.normalised(given) == normalised)
    }

    @Test func whatPlaysNoPartInAReplayIsNamed() throws {
        let line = [
            "--run-id=x", "--port-fwd", "ssh:0", "-D:0", "-d", "x", "-t", "arm", "--nic", "-device a", "repl",
        ]
        let parsed = try Root.parseAsRoot(OriginalCommandLine.arranged(line))
        let given = try #require(parsed as? OriginalReplayCommand).original
        let always = ["--run-id", "--port-fwd", "--display", "--disk"]
        #expect(given.unused(inReplayThatKnowsMachine: true) == always + ["--target", "--nic"])
        #expect(given.unused(inReplayThatKnowsMachine: false) == always)
        let none = try #require(try Root.parseAsRoot(["repl"]) as? OriginalReplayCommand).original
        #expect(none.unused(inReplayThatKnowsMachine: true).isEmpty)
    }

    @Test func anEngineIsFoundInABuildTree() async throws {
        try await withScratch { folder in
            let program = "panda-system-i386"
            #expect(OriginalOptions.builtEngine(program, in: folder) == nil)
            let deep = folder / "build/i386-softmmu"
            try FileSystem.createDirectory(deep)
            try FileSystem.write("", to: deep / program, mode: 0o644)
            #expect(OriginalOptions.builtEngine(program, in: folder) == nil, "it cannot be run")
            try FileSystem.setMode(deep / program, 0o755)
            #expect(OriginalOptions.builtEngine(program, in: folder) == deep / program)
            #expect(OriginalOptions.builtEngine(program, in: folder / "build") == deep / program)
            #expect(OriginalOptions.builtEngine("panda-system-arm", in: folder) == nil)
        }
    }

    @Test func aDiskIsAFileOrAnImage() async throws {
        try await withScratch { folder in
            try FileSystem.write("x", to: folder / "tiny")
            #expect(try OriginalDisk("tiny", images: ["tiny"]) == .image("tiny"))
            let path = (folder / "tiny").string
            #expect(try OriginalDisk(path, images: ["tiny"]) == .file(HostPath(path)))
            let missing = #expect(throws: Failure.self) { try OriginalDisk("none", images: ["tiny"]) }
            #expect(missing?.code == .notFound && missing?.message.contains("the images are: tiny") == true)
            #expect(throws: Failure.self) { try OriginalDisk(folder.string, images: []) }
        }
    }
}
