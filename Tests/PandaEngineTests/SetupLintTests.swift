import PandaEngine
import RunRecords
import Testing

@Suite struct SetupLintTests {
    private func rules(
        _ line: String,
        _ architecture: GuestArchitecture? = nil,
        offersCompleteSnapshots: Bool = false
    ) -> [String] {
        let words = line.split(separator: " ").map(String.init)
        let lint = SetupLint(
            words,
            architecture: architecture,
            hasCompleteSnapshotOption: offersCompleteSnapshots
        )
        return lint.findings.map { "\($0.severity.rawValue) \($0.rule)" }.filter { $0 != "note vmmouse" }
    }

    @Test(arguments: [
        ("-enable-kvm", "kvm"), ("--enable-kvm", "kvm"), ("-accel kvm", "kvm"), ("-machine accel=kvm", "kvm"),
        ("-M pc,accel=kvm", "kvm"), ("-smp 2", "smp"), ("-smp cpus=4,cores=2", "smp"),
        ("-device virtio-net-pci,netdev=a", "virtio"), ("-drive if=virtio,file=a", "virtio"),
        ("-net nic,model=virtio", "virtio"), ("-virtfs local,path=/", "virtio"),
        ("-device rtl8139,netdev=a", "nic"), ("-net nic,model=ne2k_pci", "nic"), ("-device e1000e", "nic"),
        ("-device driver=pcnet,netdev=a", "nic"), ("-device scsi-hd,drive=a", "disk"),
        ("-drive if=scsi,file=a", "disk"), ("-device usb-storage,drive=a", "disk"),
        ("-device nvme,drive=a", "disk"),
        ("-device usb-tablet", "usb-tablet"), ("-device qxl-vga", "display"), ("-vga qxl", "display"),
        ("-spice port=5900", "display"), ("-M pc-1.0", "machine-type"), ("-machine type=q35", "machine-type"),
        ("-serial a -serial b -device isa-serial", "serial"), ("-record-from a:b:c", "name"),
    ])
    func whatHasCostReplaysIsWarnedOf(_ line: String, _ rule: String) {
        #expect(rules(line).contains("warning \(rule)"), "\(rules(line))")
        #expect(rules(line).filter { $0.hasPrefix("warning") }.count == 1, "\(rules(line))")
    }

    @Test(arguments: [
        "-m 512 -display none -monitor none -serial null -netdev user,id=net0 -device e1000,netdev=net0",
        "-drive if=ide,index=0,media=disk,format=qcow2,file=a -hda b -smp 1 -M pc -accel tcg -vga std",
        "-drive if=none,id=bootstrap,file=a -device usb-storage,id=bootstrap,drive=bootstrap", "",
        "-append virtio -kernel kvm -device ac97",
    ])
    func whatIsSafeIsNot(_ line: String) {
        #expect(rules(line).isEmpty, "\(rules(line))")
    }

    @Test func someThingsAreOnlyWorthKnowing() {
        #expect(rules("-usb") == ["note usb"])
        #expect(rules("-serial a -serial b") == ["note serial"])
        #expect(rules("-usbdevice tablet") == ["warning usb-tablet", "note usb"])
        #expect(rules("-loadvm root") == ["note savevm"])
        #expect(rules("-os linux-64-debian:6.1") == ["note aslr"])
        #expect(rules("-panda coverage;osi_linux:x=y") == ["note aslr"])
        #expect(rules("-os windows-32-7sp1") == ["note windows"])
    }

    @Test func architecturesAndEnginesHaveRulesToo() {
        #expect(
            rules("", .mips) == ["warning architecture"] && rules("", .aarch64) == ["warning architecture"]
        )
        #expect(rules("", .x8664).isEmpty && rules("", .ppc).isEmpty)
        #expect(rules("-m 64", offersCompleteSnapshots: true) == ["warning snapshot"])
        #expect(rules("-complete-rr-snapshot", offersCompleteSnapshots: true).isEmpty)
    }

    @Test func eachFindingNamesItsEvidence() {
        let lint = SetupLint(["-enable-kvm", "-vga", "qxl", "-usb"], architecture: .mips)
        #expect(lint.findings.allSatisfy { !$0.evidence.isEmpty })
        let first = lint.findings.first
        #expect(first?.evidence.first == "panda-re/panda#195")
        #expect(first?.text.hasPrefix("'-enable-kvm': ") == true)
        #expect(first?.text.hasSuffix("(PANDA#195, PANDA#577, PANDA#1038, PANDA#1206)") == true)
    }
}
