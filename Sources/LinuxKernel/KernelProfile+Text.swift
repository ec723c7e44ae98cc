extension KernelProfile {
    /// The profile as a group of `kernelinfo.conf`, which PANDA's plugin osi_linux reads.
    ///
    /// - Parameter boot: What a boot of the kernel decided; without it addresses are those without KASLR, and the
    ///   offset of the first processor's variables is 0.
    /// - Returns: The text, with a line feed at its end.
    public func configuration(_ boot: KernelBoot? = nil) -> String {
        var lines = ["[\(group)]", "name = \(release)|\(version)|\(machine)"]
        for (letter, number) in zip("abc", upstream) { lines.append("version.\(letter) = \(number)") }
        // PANDA reads decimal numbers only; people read addresses in hexadecimal.
        func add(_ key: String, _ value: UInt64, _ meaning: String) {
            lines.append("# \(KernelAddress(value)): \(meaning)")
            lines.append("\(key) = \(value)")
        }
        for address in addresses {
            let slide = address.moves ? boot?.slide.value ?? 0 : 0
            add(address.key, address.value.value &+ slide, address.symbol)
        }
        add(
            "task.per_cpu_offset_0_addr",
            boot?.processorOffset.value ?? 0,
            boot == nil ? "not known: a boot decides it" : "what __per_cpu_offset[0] holds"
        )
        for offset in offsets {
            if let note = offset.note { lines.append("# \(note)") }
            lines.append("\(offset.key) = \(offset.value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
