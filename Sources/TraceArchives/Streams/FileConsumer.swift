import Glibc
import HostSupport

/// A file that is written beside its target under a name of its own, and takes the target's name when it is whole.
///
/// Unless ``publish(replacing:)`` is called, nothing of it is left when it goes out of scope.
final class FileConsumer: ByteConsumer {
    /// What it will be called.
    let target: HostPath
    /// What it is called until then.
    let draft: HostPath
    private var descriptor: Int32
    private var isThere = true

    init(for target: HostPath) throws {
        self.target = target
        draft = target.draft
        // What a process of the same number has left is nobody's any more.
        unlink(draft.string)
        descriptor = open(draft.string, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Failure(.cannotCreate, "cannot write \(target): \(systemMessage(errno))")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if isThere { unlink(draft.string) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(descriptor, start, rest.count)
            if count < 0 {
                guard errno == EINTR else { throw failure() }
                continue
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Writes over the file's first bytes, before it is finished.
    func overwrite(_ bytes: [UInt8]) throws {
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else { throw failure() }
    }

    func finish() throws {
        guard fsync(descriptor) == 0 else { throw failure() }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 else { throw failure() }
    }

    /// Gives the file its target's name, in the place of a file that has it only where `replacing`.
    func publish(replacing: Bool) throws {
        if !replacing {
            // A link, unlike a renaming, never takes the place of something.
            if link(draft.string, target.string) == 0 { return }
            if errno == EEXIST { throw Self.exists(target) }
            // A file system without links; the name was free a moment ago.
            guard [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else { throw failure() }
            try Self.requireFree(target, replacing: false)
        }
        guard rename(draft.string, target.string) == 0 else { throw failure() }
        isThere = false
    }

    /// Gives several files their targets' names: all, or none where nothing was to be replaced.
    static func publish(_ files: [FileConsumer], replacing: Bool) throws {
        var published: [FileConsumer] = []
        do {
            for file in files {
                try file.publish(replacing: replacing)
                published.append(file)
            }
        } catch {
            // They were not there before; what was replaced cannot be had back.
            if !replacing { for file in published { unlink(file.target.string) } }
            throw error
        }
    }

    /// Makes sure that a name is free, or may be taken.
    static func requireFree(_ target: HostPath, replacing: Bool) throws {
        guard let kind = FileKind(target)?.kind else { return }
        guard replacing else { throw exists(target) }
        guard kind == .regular else {
            throw Failure(.cannotCreate, "\(target) is no file, and is not replaced by one")
        }
    }

    private static func exists(_ target: HostPath) -> Failure {
        Failure(
            .cannotCreate,
            "\(target) is there already",
            hint: "name another place with --out or --name, or replace it with --force"
        )
    }

    private func failure() -> Failure {
        Failure(.inputOutput, "cannot write \(target): \(systemMessage(errno))")
    }
}
