import DiskFiles
import Foundation
import HostSupport

/// A disk of the user's or a guest's, and those beneath it, each looked at before a tool opens it.
///
/// A qcow2 disk can name any file of the host, or of the network, as the one beneath it: names are followed here alone,
/// and only into chosen folders. The tools are told what to open and do not look at the names.
struct DiskChain {
    struct Layer {
        let path: HostPath
        let format: String
    }

    /// The most disks that may lie over each other.
    static let longest = 8

    /// The disk itself first, the lowest last.
    let layers: [Layer]

    /// Takes a disk that stands alone, or part of a chain.
    init(layers: [Layer]) {
        self.layers = layers
    }

    /// Looks at a qcow2 disk and those beneath it.
    ///
    /// - Parameters:
    ///   - top: The disk.
    ///   - folders: Where those beneath it may lie.
    /// - Throws: `Failure` with `notPermitted` where one lies elsewhere, `badData` where one cannot be taken.
    init(_ top: HostPath, within folders: [HostPath]) throws {
        let allowed = folders.compactMap(FileSystem.resolved)
        guard let first = FileSystem.resolved(top) else {
            throw Failure(.notFound, "there is no disk \(top)")
        }
        var layers: [Layer] = []
        var next: Layer? = Layer(path: first, format: "qcow2")
        while let layer = next {
            guard layers.count < Self.longest, !layers.contains(where: { $0.path == layer.path }) else {
                throw Failure(
                    .badData,
                    "more than \(Self.longest) disks lie over each other, or in a circle: \(top)"
                )
            }
            layers.append(layer)
            next = layer.format == "raw" ? nil : try Self.beneath(layer.path, allowed)
        }
        self.layers = layers
    }

    /// The lowest disk alone.
    var base: DiskChain { DiskChain(layers: layers.suffix(1)) }

    /// The chain as QEMU's tools take it in place of a file's name.
    var blockDevice: String {
        get throws {
            var node: [String: Any]?
            for layer in layers.reversed() {
                var next: [String: Any] = [
                    "driver": layer.format, "read-only": true,
                    "file": ["driver": "file", "filename": layer.path.string],
                ]
                if layer.format == "qcow2" { next["backing"] = node ?? NSNull() }
                node = next
            }
            let data = try JSONSerialization.data(withJSONObject: node ?? [:], options: [.sortedKeys])
            return "json:" + String(decoding: data, as: UTF8.self)
        }
    }

    /// The header of a qcow2 disk that keeps its contents to itself.
    static func header(_ path: HostPath) throws -> QCOW2Header {
        let header: QCOW2Header
        do throws(DiskFormatError) {
            header = try QCOW2Header(try RawDisk(path: path.string))
        } catch {
            throw Failure(.badData, "\(path) is no qcow2 disk that can be read: \(error)")
        }
        if header.isEncrypted { throw Failure(.badData, "the disk \(path) is encrypted") }
        if header.hasExternalData {
            throw Failure(
                .badData,
                "the disk \(path) keeps its contents in another file",
                hint:
                    "make one file of both: qemu-img convert -f qcow2 -O qcow2 \(shellQuoted(path.string)) NEW"
            )
        }
        if header.isCorrupt {
            throw Failure(
                .badData,
                "the disk \(path) is marked as damaged",
                hint: "'qemu-img check -r all' may repair a copy of it"
            )
        }
        return header
    }

    /// The disk that lies beneath another one.
    private static func beneath(_ path: HostPath, _ allowed: [HostPath]) throws -> Layer? {
        let header = try header(path)
        guard let name = header.backingFile else { return nil }
        let shown = printableName(Array(name.utf8))
        guard let format = header.backingFormat, ["qcow2", "raw"].contains(format) else {
            throw Failure(
                .badData,
                "the disk \(path) does not say whether the disk beneath it, '\(shown)', is qcow2 or raw",
                hint: "'qemu-img rebase -u -F FORMAT -b NAME' writes it down"
            )
        }
        // QEMU takes 'word:' for a protocol, such as of a server.
        let protocolPart = name.prefix { $0 != ":" && $0 != "/" }
        guard
            !name.contains(":") || protocolPart.endIndex == name.endIndex
                || name[protocolPart.endIndex] == "/",
            let real = FileSystem.resolved(path.parent / name), FileSystem.isRegularFile(real),
            allowed.contains(where: { real.string.hasPrefix($0.string + "/") })
        else {
            throw Failure(
                .notPermitted,
                "the disk \(path) lies over '\(shown)', which is no file in "
                    + allowed.map(\.string).joined(separator: " or "),
                hint: "a disk from elsewhere can name any file; only those beside it are believed"
            )
        }
        return Layer(path: real, format: format)
    }
}
