public import Foundation
import HostSupport

extension KernelProfile {
    /// Computes the profile of a kernel from its file alone.
    ///
    /// - Parameter vmlinux: The ELF file, as ``KernelImage/vmlinux(of:)`` takes it out of the kernel.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where no profile can be had of this kernel, saying why and
    ///   what else there is; with `bad-data` where the file is damaged.
    public init(vmlinux: Data) throws {
        let file = try ELFFile(vmlinux)
        guard let section = file.contents(of: ".BTF") else {
            throw Self.impossible(
                "it has no BTF, the description of its own types (CONFIG_DEBUG_INFO_BTF); Debian's kernels for i386 "
                    + "have none"
            )
        }
        guard file.is64Bit, file.machine == Self.x8664 else {
            throw Self.impossible("it is none for x86_64")
        }
        let symbols = try KernelSymbolTable(try KernelSymbols(vmlinux))
        let types = try BTF(section)
        let banner = try symbols.require("linux_banner")
        guard let text = file.text(at: banner) else {
            throw Failure(.badData, "its linux_banner at \(KernelAddress(banner)) is not in the file")
        }
        (release, version) = try Self.parse(text)
        upstream = try Self.upstream(release: release, version: version)
        machine = "x86_64"
        addresses = try Self.addresses(symbols, types)
        let offsets = try Self.offsets(types)
        self.offsets = offsets
        func offset(_ key: String) throws -> Int {
            guard let found = offsets.first(where: { $0.key == key }) else {
                throw Failure(.internal, "a kernel profile has no \(key)")
            }
            return found.value
        }
        landmarks = Landmarks(
            banner: text,
            bannerAddress: KernelAddress(banner),
            firstTask: KernelAddress(try symbols.require("init_task")),
            processorOffsets: KernelAddress(try symbols.require("__per_cpu_offset")),
            ownPointers: [try offset("task.group_leader_offset"), try offset("task.real_parent_offset")],
            name: try offset("task.comm_offset")
        )
    }

    private static let x8664: UInt16 = 62

    private static func impossible(_ reason: String) -> Failure {
        Failure(
            .unavailable,
            "no profile can be had of the kernel: \(reason)",
            hint:
                "take a 64-bit guest, whose kernels have BTF; or the types out of the kernel's -dbg package; or "
                + "PANDA's own module 'kernelinfo', which is compiled and loaded in the guest"
        )
    }

    /// Takes release and version out of `Linux version RELEASE (BUILDER) (COMPILER) VERSION`.
    private static func parse(_ banner: String) throws -> (release: String, version: String) {
        let words = banner.split(separator: " ", maxSplits: 3)
        guard words.count == 4, words[0] == "Linux", words[1] == "version",
            // It becomes a part of the engine's arguments and of a group's name.
            words[2].wholeMatch(of: /[0-9]+\.[0-9]+[A-Za-z0-9.+_~-]{0,100}/) != nil,
            let start = words[3].firstRange(of: ") #")
        else { throw Failure(.badData, "its linux_banner is none: '\(Console.printable(banner))'") }
        let version = words[3][start.upperBound...].prefix { $0 != "\n" }
        guard version.utf8.count <= 200, version.allSatisfy({ $0.isASCII && !$0.isNewline && $0 != "\0" })
        else {
            throw Failure(.badData, "its linux_banner is none: '\(Console.printable(banner))'")
        }
        return (String(words[2]), "#" + String(version))
    }

    /// Debian's releases end with `.0`, whatever the upstream version is; that is in the version.
    private static func upstream(release: String, version: String) throws -> [Int] {
        let numbers =
            version.firstMatch(of: /Debian ([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,5})/)?.output
            ?? release.firstMatch(of: /([0-9]{1,3})\.([0-9]{1,3})(?:\.([0-9]{1,5}))?/)
            .map { ($0.output.0, $0.output.1, $0.output.2, $0.output.3 ?? "0") }
        guard let numbers, let first = Int(numbers.1), let second = Int(numbers.2), let third = Int(numbers.3)
        else { throw Failure(.badData, "its release is none: '\(release)'") }
        // LINUX_VERSION_CODE has 8 bits for it.
        return [first, second, min(third, 255)]
    }

    private static func addresses(_ symbols: KernelSymbolTable, _ types: BTF) throws -> [Address] {
        func address(_ key: String, _ symbol: String, _ value: UInt64, moves: Bool = true) -> Address {
            Address(key: key, symbol: symbol, value: KernelAddress(value), moves: moves)
        }
        var addresses = [
            address("task.per_cpu_offsets_addr", "__per_cpu_offset", try symbols.require("__per_cpu_offset"))
        ]
        // From 6.2 to 6.14 it is the first member of a structure.
        let current: (symbol: String, value: UInt64)
        if let value = symbols.address(of: "current_task") {
            current = ("current_task", value)
        } else if let value = symbols.address(of: "pcpu_hot"),
            let offset = types.member("current_task", of: "pcpu_hot")?.byteOffset
        {
            current = ("pcpu_hot.current_task", value &+ UInt64(offset))
        } else {
            throw Failure(.badData, "it has neither a symbol current_task nor pcpu_hot")
        }
        addresses.append(
            address(
                "task.current_task_addr",
                current.symbol,
                current.value,
                // Otherwise it is the place in each processor's own variables.
                moves: current.value >> 32 != 0
            )
        )
        addresses.append(address("task.init_addr", "init_task", try symbols.require("init_task")))
        if let hook = symbols.taskSwitch {
            addresses.append(address("task.switch_task_hook_addr", hook.name, hook.address))
        }
        // PANDA ignores it; our own plugins read the guest's clock there.
        if let clock = symbols.address(of: "tk_core") {
            addresses.append(address("x.tk_core_addr", "tk_core", clock))
        }
        return addresses
    }
}

/// The few symbols that a profile needs.
struct KernelSymbolTable {
    private static let names = [
        "linux_banner", "init_task", "__per_cpu_offset", "current_task", "pcpu_hot", "_text", "_end",
        "tk_core",
    ]
    private static let switching = "finish_task_switch"

    private let symbols: [KernelSymbols.Symbol]

    init(_ all: KernelSymbols) throws {
        symbols = all.symbols(beginningWith: Self.names + [Self.switching])
        let (start, end) = (try require("_text"), try require("_end"))
        guard start % 4096 == 0, start < end else {
            throw Failure(
                .badData,
                "its symbols make no sense: it reaches from \(KernelAddress(start)) to \(KernelAddress(end))"
            )
        }
    }

    func address(of name: String) -> UInt64? { symbols.first { $0.name == name }?.address }

    func require(_ name: String) throws -> UInt64 {
        guard let address = address(of: name) else { throw Failure(.badData, "it has no symbol \(name)") }
        return address
    }

    /// What ends each switch of tasks; compilers make a copy of it that has another ending.
    var taskSwitch: KernelSymbols.Symbol? {
        symbols.first {
            ($0.name == Self.switching || $0.name.hasPrefix(Self.switching + "."))
                && !$0.name.hasSuffix(".cold")
        }
    }
}
