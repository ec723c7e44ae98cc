import Foundation
import HostSupport
import TestSupport
import Testing

@testable import LinuxKernel

@Suite struct KernelProfileTests {
    private func value(_ key: String, _ profile: KernelProfile) -> Int? {
        profile.offsets.first { $0.key == key }?.value
    }

    @Test func everyKeyOfPANDAHasItsValue() throws {
        let profile = try KernelProfile(vmlinux: KernelFixture().vmlinux)
        #expect(profile.release == "6.1.0-9-amd64")
        #expect(profile.version == "#1 SMP Debian 6.1.192-2 (2026-11-16)")
        #expect(profile.upstream == [6, 1, 192])
        #expect(profile.group == "debian:6.1.0-9-amd64:64")
        #expect(profile.operatingSystem == "linux-64-debian:6.1.0-9-amd64")
        #expect(
            profile.addresses.map { "\($0.key) \($0.symbol) \($0.value) \($0.moves)" } == [
                "task.per_cpu_offsets_addr __per_cpu_offset 0xffffffff82400100 true",
                "task.current_task_addr current_task 0x1fb80 false",
                "task.init_addr init_task 0xffffffff82800040 true",
                "task.switch_task_hook_addr finish_task_switch.isra.0 0xffffffff81000200 true",
            ]
        )
        let keys = profile.configuration().split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(Set(keys) == Set(["[\(profile.group)]"] + Self.keys))
        #expect(keys.count == Self.keys.count + 1)
        #expect(value("task.size", profile) == 2048)
        #expect(value("task.comm_size", profile) == 16)
        #expect(value("task.comm_offset", profile) == 1024)
        #expect(value("task.start_time_offset", profile) == 96)
        #expect(value("fs.f_path_mnt_offset", profile) == 88)
        #expect(value("fs.f_path_dentry_offset", profile) == 96)
        #expect(value("path.mnt_parent_offset", profile) == -16)
        #expect(value("path.mnt_mountpoint_offset", profile) == -8)
        #expect(profile.offsets.allSatisfy { $0.note == nil })
    }

    private static let keys =
        """
        name version.a version.b version.c task.init_addr task.per_cpu_offsets_addr task.per_cpu_offset_0_addr \
        task.current_task_addr task.switch_task_hook_addr task.size task.tasks_offset task.pid_offset \
        task.tgid_offset task.group_leader_offset task.thread_group_offset task.real_parent_offset \
        task.parent_offset task.mm_offset task.stack_offset task.real_cred_offset task.cred_offset \
        task.comm_offset task.comm_size task.files_offset task.start_time_offset cred.uid_offset cred.gid_offset \
        cred.euid_offset cred.egid_offset mm.size mm.mmap_offset mm.pgd_offset mm.arg_start_offset \
        mm.start_brk_offset mm.brk_offset mm.start_stack_offset vma.size vma.vm_mm_offset vma.vm_start_offset \
        vma.vm_end_offset vma.vm_next_offset vma.vm_file_offset vma.vm_flags_offset fs.f_path_dentry_offset \
        fs.f_path_mnt_offset fs.f_pos_offset fs.fdt_offset fs.fdtab_offset fs.fd_offset qstr.size \
        qstr.name_offset path.d_name_offset path.d_iname_offset path.d_parent_offset path.d_op_offset \
        path.d_dname_offset path.mnt_root_offset path.mnt_parent_offset path.mnt_mountpoint_offset
        """.split(separator: " ").map(String.init)

    @Test func whatANewKernelLacksIsReplacedAndSaid() throws {
        var kernel = KernelFixture()
        kernel.isNew = true
        kernel.table.layout = .offsetsLast
        let profile = try KernelProfile(vmlinux: kernel.vmlinux)
        #expect(profile.addresses[1].symbol == "pcpu_hot.current_task")
        #expect(profile.addresses[1].value == KernelAddress(0x1fb88))
        #expect(!profile.addresses[1].moves)
        #expect(value("task.thread_group_offset", profile) == 0)
        #expect(value("mm.mmap_offset", profile) == 0x7fff_f000)
        #expect(value("vma.vm_next_offset", profile) == 0x7fff_f000)
        #expect(value("path.d_iname_offset", profile) == 32)
        #expect(value("x.mm_mt_ma_root_offset", profile) == 48 + 16)
        #expect(
            profile.offsets.filter { $0.note != nil }.map(\.key) == [
                "task.thread_group_offset", "mm.mmap_offset", "vma.vm_next_offset", "x.mm_mt_ma_root_offset",
            ]
        )
    }

    @Test func aProfileIsReadAsItWasWritten() throws {
        let profile = try KernelProfile(vmlinux: KernelFixture().vmlinux)
        let data = try JSONText.encode(profile)
        #expect(try JSONText.decode(KernelProfile.self, from: data, source: "x") == profile)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""0xffffffff82800040""#))
        let damaged = Data(text.replacing("0xffffffff82800040", with: "0xz").utf8)
        let failure = #expect(throws: Failure.self) {
            try JSONText.decode(KernelProfile.self, from: damaged, source: "x")
        }
        #expect(failure?.message.contains("'0xz' is no hexadecimal address") == true)
    }

    @Test func whatABootDecidedIsFilledIn() throws {
        let profile = try KernelProfile(vmlinux: KernelFixture().vmlinux)
        let boot = KernelBoot(
            slide: KernelAddress(0x900_0000),
            processorOffset: KernelAddress(0xffff_8ebf_1d20_0000),
            bannerPlace: KernelAddress(0x200_0000)
        )
        let lines = profile.configuration(boot).split(separator: "\n").map(String.init)
        #expect(lines.contains("task.init_addr = \(0xffff_ffff_8280_0040 + 0x900_0000 as UInt64)"))
        #expect(lines.contains("task.current_task_addr = \(0x1fb80)"))
        #expect(lines.contains("task.per_cpu_offset_0_addr = \(0xffff_8ebf_1d20_0000 as UInt64)"))
        #expect(profile.configuration().contains("task.per_cpu_offset_0_addr = 0\n"))
    }

    @Test func aKernelWithoutTypesIsToldTheWaysOut() throws {
        for is64Bit in [true, false] {
            var kernel = KernelFixture()
            kernel.hasTypes = false
            kernel.is64Bit = is64Bit
            let failure = #expect(throws: Failure.self) { try KernelProfile(vmlinux: kernel.vmlinux) }
            #expect(failure?.code == .unavailable)
            #expect(failure?.message.contains("no BTF") == true)
            let hint = try #require(failure?.hint)
            #expect(hint.contains("64-bit") && hint.contains("-dbg package") && hint.contains("kernelinfo"))
        }
        var kernel = KernelFixture()
        kernel.is64Bit = false
        let failure = #expect(throws: Failure.self) { try KernelProfile(vmlinux: kernel.vmlinux) }
        #expect(failure?.message.contains("none for x86_64") == true)
    }

    @Test(arguments: [
        "init_task", "__per_cpu_offset", "linux_banner", "_text", "current_task", "task_struct.pid", "cred",
        "mount.mnt", "path", "qstr",
    ])
    func whatAKernelLacksIsNamed(_ part: String) throws {
        var kernel = KernelFixture()
        kernel.lacks = [part]
        let failure = #expect(throws: Failure.self) { try KernelProfile(vmlinux: kernel.vmlinux) }
        #expect(failure?.code == .badData)
        let name = part == "path" ? "f_path" : String(part.split(separator: ".").last ?? "")
        #expect(failure?.message.contains(name) == true, "\(failure?.message ?? "")")
    }

    @Test(arguments: [
        "Linux version ] (a) (b) #1 x\n", "Linux version 6.1]\n (a) (b) #1 x\n", "Linux version 6.1.0\n",
        "Linux version 6.1;rm (a) (b) #1\n", "", "Windows version 6.1 (a) (b) #1 x\n",
        "Linux version 6.1 (a) (b) #\u{1b}[2J\u{e9}\n",
    ])
    func aBannerThatIsNoneIsRefused(_ banner: String) throws {
        var kernel = KernelFixture()
        kernel.banner = banner
        let failure = #expect(throws: Failure.self) { try KernelProfile(vmlinux: kernel.vmlinux) }
        #expect(failure?.code == .badData)
    }

    @Test func aKernelOfAnotherDistributionHasItsVersionFromTheRelease() throws {
        var kernel = KernelFixture()
        kernel.banner = "Linux version 6.8.300 (me@here) (gcc) #2 SMP now\n"
        #expect(try KernelProfile(vmlinux: kernel.vmlinux).upstream == [6, 8, 255])
    }

    @Test func damagedAtRandomAKernelIsRefusedOrHasAProfile() throws {
        var random = SeededGenerator(seed: 0xe1f)
        let whole = KernelFixture().vmlinux
        var read = 0
        for _ in 0..<2000 {
            guard let profile = try? KernelProfile(vmlinux: mutated(whole, &random)) else { continue }
            read += 1
            #expect(profile.configuration().hasPrefix("[debian:"))
        }
        #expect(read > 100 && read < 1900, "\(read)")
    }

    @Test(arguments: [true, false]) func damagedAtRandomAnELFFileIsRefusedOrItsSectionsLieInIt(
        _ is64Bit: Bool
    ) throws {
        var random = SeededGenerator(seed: 0xe1f64)
        var kernel = KernelFixture()
        kernel.is64Bit = is64Bit
        let whole = kernel.vmlinux
        let headers = whole.count - (is64Bit ? 4 * 64 : 4 * 40)
        var read = 0
        for round in 0..<2000 {
            var data = whole
            let range = round % 2 == 0 ? 0..<64 : headers..<whole.count
            data.replaceSubrange(range, with: mutated(whole.subdata(in: range), &random))
            guard let file = try? ELFFile(data) else { continue }
            read += 1
            for section in file.sections where file.contents(of: section.name) == nil {
                Issue.record("round \(round): \(section)")
            }
            _ = file.text(at: KernelFixture.readOnly)
        }
        #expect(read > 100 && read < 1900, "\(read)")
    }
}
