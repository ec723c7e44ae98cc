extension SetupLint {
    /// Rules of the machine as a whole, and of its ports.
    var machineAndPorts: [SetupFinding] {
        var found: [SetupFinding] = []
        for option in words.all("-machine", "-M") where !["", "pc"].contains(option.kind("type")) {
            found.append(
                finding(
                    "machine-type",
                    .warning,
                    option.text,
                    "only the default type of machine is tried; recordings of 'pc-1.0' have diverged",
                    issues: [669]
                )
            )
        }
        let ports =
            words.all("-serial").count + words.all("-device").count { $0.kind("driver") == "isa-serial" }
        if ports > 1 {
            found.append(
                finding(
                    "serial",
                    ports > 2 ? .warning : .note,
                    "\(ports) serial ports",
                    "divergences were reported with several serial ports; guests here have two, and replay",
                    issues: [225]
                )
            )
        }
        let controllers = words.options.filter { ["-usb", "-usbdevice"].contains($0.name) }
        if let first = controllers.first {
            found.append(
                finding(
                    "usb",
                    .note,
                    first.name == "-usb" ? first.name : first.text,
                    "a USB controller that is there when a recording is made must be there when it is replayed",
                    issues: [171, 234]
                )
            )
        }
        return found
    }

    /// Rules of the recording itself.
    var recording: [SetupFinding] {
        var found: [SetupFinding] = []
        for option in words.all("-record-from") where (option.value ?? "").count(where: { $0 == ":" }) > 1 {
            found.append(
                finding(
                    "name",
                    .warning,
                    option.text,
                    "a second colon is taken for the end of another name, and memory is written over",
                    source: "vl.c"
                )
            )
        }
        for option in words.all("-record-from", "-loadvm") {
            found.append(
                finding(
                    "savevm",
                    .note,
                    option.text,
                    "'savevm' was seen to hang and to let a disk grow without end; a snapshot that is not there is no "
                        + "error, and the recording begins with the boot",
                    issues: [1626, 523]
                )
            )
        }
        if hasCompleteSnapshotOption, words.all("-complete-rr-snapshot").isEmpty {
            found.append(
                finding(
                    "snapshot",
                    .warning,
                    nil,
                    "without -complete-rr-snapshot this engine stores memory and processor alone, and some such "
                        + "recordings diverge",
                    issues: [1434]
                )
            )
        }
        return found
    }

    /// What depends on the guest's system, which cannot be seen from its machine.
    var system: [SetupFinding] {
        var found: [SetupFinding] = []
        let plugins = words.all("-panda").flatMap { ($0.value ?? "").split(separator: ";") }
        let os = words.all("-os").first
        if os?.value?.hasPrefix("linux") == true || plugins.contains(where: { $0.hasPrefix("osi") }) {
            found.append(
                finding(
                    "aslr",
                    .note,
                    os?.text ?? "osi",
                    "addresses of a kernel with KASLR are those of one boot: take the kernel's profile from the "
                        + "recording's own snapshot, or boot with 'nokaslr'",
                    issues: [1258]
                )
            )
        }
        if let os, os.value?.hasPrefix("windows") == true {
            found.append(
                finding(
                    "windows",
                    .note,
                    os.text,
                    "Windows XP and 2000 needed corrections of PANDA; Windows 10 is slow, and recordings of it fail",
                    issues: [212, 284, 577, 1332]
                )
            )
        }
        found.append(
            finding(
                "vmmouse",
                .note,
                nil,
                "what is installed in the guest cannot be seen from here: VMware's tools and X.Org's driver 'vmmouse' "
                    + "break the replay",
                issues: [18, 16]
            )
        )
        return found
    }
}
