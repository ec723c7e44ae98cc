extension SetupLint {
    /// Network devices of QEMU 2.9; that of PANDA's own is the e1000.
    private static let networkDevices: Set = [
        "e1000e", "i82550", "i82551", "i82557a", "i82557b", "i82557c", "i82558a", "i82558b", "i82559a",
        "i82559b",
        "i82559c", "i82559er", "i82562", "i82801", "ne2k_isa", "ne2k_pci", "pcnet", "rtl8139", "smc91c111",
        "lan9118", "usb-net", "vmxnet3",
    ]
    private static let diskDevices = [
        "scsi-", "lsi53c", "megasas", "mptsas", "pvscsi", "nvme", "usb-storage", "usb-uas", "usb-bot",
        "sd-card",
    ]

    /// Rules of devices: those whose inputs PANDA records.
    var devices: [SetupFinding] {
        virtio + networks + disks + pointers + displays
    }

    private var virtio: [SetupFinding] {
        words.options.filter { option in
            option.name == "-virtfs" || option.name == "-virtioconsole"
                || (["-device", "-drive", "-net", "-nic", "-balloon", "-vga", "-watchdog"].contains(
                    option.name
                )
                    && (option.value ?? "").contains("virtio"))
        }.map { option in
            finding(
                "virtio",
                .warning,
                option.text,
                "virtio devices break the replay: what comes in through them is not all in the log",
                issues: [1259, 1137]
            )
        }
    }

    private var networks: [SetupFinding] {
        let named =
            words.all("-device").map { ($0, $0.kind("driver")) }
            + words.all("-net", "-nic").compactMap { option in option.property("model").map { (option, $0) } }
        return named.filter { Self.networkDevices.contains($0.1) }.map { option, kind in
            finding(
                "nic",
                .warning,
                option.text,
                "the e1000 is the only network device whose packets and memory accesses PANDA records; "
                    + "replays with '\(kind)' have diverged",
                issues: [217],
                source: "hw/net/e1000.c"
            )
        }
    }

    private var disks: [SetupFinding] {
        let interfaces: Set = ["scsi", "sd", "mtd", "xen"]
        let found = words.options.filter { option in
            switch option.name {
            case "-drive": interfaces.contains(option.property("if") ?? "")
            case "-device":
                Self.diskDevices.contains { option.kind("driver").hasPrefix($0) }
                    // Ours, which is gone before anything is recorded.
                    && option.property("id") != "bootstrap"
            case "-sd", "-mtdblock": true
            case "-usbdevice": option.value?.hasPrefix("disk:") == true
            default: false
            }
        }
        return found.map { option in
            finding(
                "disk",
                .warning,
                option.text,
                "only disks at IDE are recorded; others may make the replay depart from its log",
                source: "hw/ide/core.c"
            )
        }
    }

    private var pointers: [SetupFinding] {
        words.all("-device", "-usbdevice").filter { option in
            option.kind("driver") == "usb-tablet" || (option.name == "-usbdevice" && option.value == "tablet")
        }.map { option in
            finding("usb-tablet", .warning, option.text, "a USB tablet breaks the replay", issues: [234])
        }
    }

    private var displays: [SetupFinding] {
        words.options.filter { option in
            option.name == "-spice"
                || (["-vga", "-device"].contains(option.name) && option.kind("driver").hasPrefix("qxl"))
                || (option.name == "-display" && option.value?.hasPrefix("spice") == true)
        }.map { option in
            finding(
                "display",
                .warning,
                option.text,
                "replays of guests with QXL and SPICE have diverged",
                issues: [91, 225]
            )
        }
    }
}
