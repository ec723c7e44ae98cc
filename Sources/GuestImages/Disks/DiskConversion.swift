import Foundation
import HostSupport

/// Copies of disks in another format, made by qemu-img.
struct DiskConversion {
    private let console: Console

    init(console: Console) {
        self.console = console
    }

    /// Copies a disk with all that lies beneath it, and shows how far it is.
    ///
    /// - Parameters:
    ///   - chain: The disk.
    ///   - target: The new file.
    ///   - format: `raw` or `qcow2`; the latter in the oldest version, which every PANDA reads.
    ///   - text: What is done, for a person.
    /// - Throws: `Failure` with `cannotCreate` where there is no room, or with qemu-img's own words.
    func copy(_ chain: DiskChain, to target: HostPath, as format: String, _ text: String) async throws {
        try await requireRoom(for: chain, at: target.parent)
        console.step(text)
        let options = format == "qcow2" ? ["-o", "compat=0.10"] : []
        let log = HostPath(target.string + ".log")
        let command = LaunchCommand(
            executable: try DiskTools.qemuImg.located(),
            arguments: ["convert", "-p", "-O", format] + options + [try chain.blockDevice, target.string],
            workingDirectory: target.parent
        )
        defer {
            console.endProgress()
            try? FileSystem.remove(log)
        }
        let (_, status) = try await ChildProcess.run(command, log: log) { process in
            var tail = FileTail(log)
            while try await process.exit(within: .milliseconds(200)) == nil {
                // "    (12.34/100%)\r", again and again.
                let said = String(decoding: tail.next(), as: UTF8.self)
                if let percent = said.split(separator: "(").last?.prefix(while: { $0 != "/" }) {
                    console.progress("\(text): \(percent) %")
                }
            }
        }
        try Task.checkCancellation()
        guard status == .exited(0) else {
            let words = FileTail.lastLines(of: log, 5).map { "  \($0)" }.joined(separator: "\n")
            throw Failure(.system, "\(shellLine(["qemu-img"] + command.arguments)) \(status):\n\(words)")
        }
    }

    /// Sees that a copy fits before it is begun.
    private func requireRoom(for chain: DiskChain, at folder: HostPath) async throws {
        struct Measure: Decodable {
            let required: UInt64
        }
        let answer = try await DiskTools.qemuImg.run([
            "measure", "--output=json", "-O", "qcow2", try chain.blockDevice,
        ])
        let measure = try JSONText.decode(Measure.self, from: Data(answer.utf8), source: "qemu-img measure")
        let needed = ByteSize(bytes: measure.required)
        let free = try FileSystem.freeSpace(at: folder)
        guard needed < free else {
            throw Failure(
                .cannotCreate,
                "a copy of \(chain.layers.first?.path.string ?? "the disk") takes \(needed), and \(folder) has "
                    + "\(free) left"
            )
        }
    }

    /// Sees that a qcow2 file leads to each of its clusters once.
    static func check(_ path: HostPath) async throws {
        let alone = DiskChain(layers: [DiskChain.Layer(path: path, format: "qcow2")])
        let output = try await DiskTools.qemuImg.output(["check", "-q", try alone.blockDevice])
        // 3 are clusters that nothing leads to, which a copy leaves behind.
        guard [.exited(0), .exited(3)].contains(output.status) else {
            let words = (output.standardError + output.standardOutput).split(separator: "\n").prefix(5)
            throw Failure(
                .badData,
                "the disk \(path) is damaged:\n" + words.map { "  \($0)" }.joined(separator: "\n"),
                hint: "'qemu-img check -r all' may repair a copy of it"
            )
        }
    }
}
