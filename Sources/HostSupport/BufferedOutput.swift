import Foundation
import Glibc

/// A file, or standard output, that is written piece by piece.
///
/// A file has a temporary name until ``finish()``: what is half-made is never found under the name that was asked for, and
/// is removed when this value goes.
public struct BufferedOutput: ~Copyable {
    private static let bufferBytes = 1 << 20

    private let target: HostPath?
    private let draft: HostPath?
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Opens a file for writing.
    ///
    /// - Parameters:
    ///   - name: The file's name, or `-` for standard output.
    ///   - force: Whether a file of that name is replaced.
    /// - Throws: ``Failure`` with ``Failure/Code/cannotCreate`` where there is one, or it cannot be made.
    public init(_ name: String, force: Bool = false) throws {
        guard name != "-" else {
            (target, draft, descriptor) = (nil, nil, STDOUT_FILENO)
            return
        }
        let path = FileSystem.absolute(HostPath(name))
        if !force { try Self.requireNone(name) }
        let draft = path.draft
        let opened = open(draft.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard opened >= 0 else {
            throw Failure(.cannotCreate, "cannot write \(path): \(systemMessage(errno))")
        }
        (target, self.draft, descriptor) = (path, draft, opened)
    }

    /// Makes sure that a file is not there yet, for who would rather know before the work than after it.
    ///
    /// - Parameter name: The file's name, or `-` for standard output.
    /// - Throws: ``Failure`` with ``Failure/Code/cannotCreate`` where it is.
    public static func requireNone(_ name: String) throws {
        let path = FileSystem.absolute(HostPath(name))
        if name != "-", FileSystem.exists(path) {
            throw Failure(.cannotCreate, "\(path) is there already", hint: "replace it with --force")
        }
    }

    deinit {
        guard let draft else { return }
        close(descriptor)
        unlink(draft.string)
    }

    /// Writes bytes.
    ///
    /// - Parameter bytes: The bytes.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``, or ``Failure/Code/interrupted`` where Ctrl-C was pressed.
    public mutating func write(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Writes text as UTF-8, as ``write(_:)-([UInt8])`` does.
    ///
    /// - Parameter text: The text.
    /// - Throws: As for bytes.
    public mutating func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Writes what is left, and gives a file its name.
    ///
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public consuming func finish() throws {
        try flush()
        guard let target, let draft else { return }
        guard fsync(descriptor) == 0 else {
            throw Failure(.inputOutput, "cannot write \(target): \(systemMessage(errno))")
        }
        try FileSystem.rename(draft, to: target)
    }

    private mutating func flush() throws {
        if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
        defer { buffer.removeAll(keepingCapacity: true) }
        guard target != nil else { return try StandardStream.output.write(Data(buffer)) }
        do {
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: buffer)
        } catch {
            throw Failure(.inputOutput, "cannot write \(target?.string ?? "")", cause: error)
        }
    }
}
