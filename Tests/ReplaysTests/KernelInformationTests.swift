import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Replays

@Suite struct KernelInformationTests {
    private func record(_ profile: RunRecord.OSProfile?) throws -> RunRecord {
        var record = try plannedRecord("tiny", architecture: .x8664)
        record.osProfile = profile
        return record
    }

    @Test func aTraceWithAProfileGivesItToThePlugins() async throws {
        try await withScratch { path in
            let folder = RunFolder(path)
            let record = try record(.init(os: "linux-64-debian:6.1.0-56-amd64"))
            let named = try #require(KernelInformation(of: record, in: folder))
            let arguments = named.arguments(plugins: ["asidstory"])
            #expect(arguments.prefix(2) == ["-os", "linux-64-debian:6.1.0-56-amd64"])
            #expect(!arguments.contains { $0.contains("kconf") }, "there is no file")
            let windows = KernelInformation(of: try self.record(.init(os: "windows-32-7sp1")), in: folder)
            #expect(windows?.arguments(plugins: []).prefix(2) == ["-os", "windows-32-7sp1"])
            try FileSystem.write("[x]\n", to: folder.kernelInformation)
            let information = try #require(KernelInformation(of: record, in: folder))
            #expect(
                information.arguments(plugins: ["asidstory"]) == [
                    "-os", "linux-64-debian:6.1.0-56-amd64",
                    "-panda-arg", "osi_linux:kconf_file=\(folder.kernelInformation)",
                    "-panda-arg", "osi_linux:kconf_group=debian:6.1.0-56-amd64:64",
                    "-panda-arg", "syscalls2:load-info=1",
                ]
            )
            #expect(information.arguments(plugins: ["osi", "osi_linux"]).count == 8)
            #expect(
                information.arguments(plugins: ["osi_linux:kconf_file=mine.conf"]) == [
                    "-os", "linux-64-debian:6.1.0-56-amd64", "-panda-arg", "syscalls2:load-info=1",
                ]
            )
        }
    }

    @Test(arguments: [
        "windows-32-10", "windows-32-7sp1 -S", "freebsd-64-", "linux-64-debian:",
        "linux-64-debian:6.1 -replay x", "linux-64-debian:6.1\n",
        "linux-64-debian:../../x", "-S", "",
    ])
    func aSystemThatIsNoneOfOursIsNotPassedOn(_ os: String) async throws {
        try await withScratch { path in
            let folder = RunFolder(path)
            try FileSystem.write("[x]\n", to: folder.kernelInformation)
            #expect(try KernelInformation(of: record(.init(os: os)), in: folder) == nil)
            #expect(try KernelInformation(of: record(nil), in: folder) == nil)
            #expect(try KernelInformation(of: record(.init(reason: "no BTF")), in: folder) == nil)
        }
    }
}
