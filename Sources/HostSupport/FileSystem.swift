public import Foundation
import Glibc

/// Files and folders of the host, with errors that say what failed on which path.
public enum FileSystem {
    /// Whether something is at `path`, symbolic links followed.
    public static func exists(_ path: HostPath) -> Bool {
        FileManager.default.fileExists(atPath: path.string)
    }

    /// Whether a folder is at `path`.
    public static func isDirectory(_ path: HostPath) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path.string, isDirectory: &isDirectory)
            && isDirectory.boolValue
    }

    /// Whether a regular file is at `path`; a symbolic link to one is none.
    public static func isRegularFile(_ path: HostPath) -> Bool { FileKind(path)?.kind == .regular }

    /// Whether `path` is a regular file that this user may execute.
    public static func isExecutable(_ path: HostPath) -> Bool {
        !isDirectory(path) && access(path.string, X_OK) == 0
    }

    /// The names in a folder, sorted; empty where there is no such folder.
    public static func list(_ folder: HostPath) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []).sorted()
    }

    /// The size of a file in bytes, or nothing where there is none.
    public static func size(_ path: HostPath) -> UInt64? {
        var status = stat()
        return stat(path.string, &status) == 0 ? UInt64(status.st_size) : nil
    }

    /// The path without symbolic links, `.` and `..`, or nothing where it does not exist.
    public static func resolved(_ path: HostPath) -> HostPath? {
        guard let real = realpath(path.string, nil) else { return nil }
        defer { free(real) }
        return HostPath(String(cString: real))
    }

    /// The path made absolute with the working directory.
    public static func absolute(_ path: HostPath) -> HostPath {
        path.isAbsolute ? path : HostPath(FileManager.default.currentDirectoryPath) / path.string
    }

    /// The path made absolute, with the links resolved in as much of it as is there.
    public static func settled(_ path: HostPath) -> HostPath {
        let path = absolute(path)
        if let real = resolved(path) { return real }
        return path == path.parent ? path : settled(path.parent) / path.name
    }

    /// Makes a folder and those above it; it is no error if it is there.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - mode: Permissions of folders that are made, before the umask.
    /// - Throws: ``Failure`` with ``Failure/Code/cannotCreate``.
    public static func createDirectory(_ path: HostPath, mode: Int = 0o755) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path.string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: mode]
            )
        } catch {
            throw Failure(.cannotCreate, "cannot make the folder \(path)", cause: error)
        }
    }

    /// Makes a folder that must not be there yet, so that only one process can have made it.
    ///
    /// - Parameters:
    ///   - path: The folder; the one above it must exist.
    ///   - mode: Its permissions, before the umask.
    /// - Returns: Whether it was made; `false` where something was there already.
    /// - Throws: ``Failure`` with ``Failure/Code/cannotCreate``.
    public static func claimDirectory(_ path: HostPath, mode: UInt32 = 0o755) throws -> Bool {
        if mkdir(path.string, mode) == 0 { return true }
        if errno == EEXIST { return false }
        throw Failure(.cannotCreate, "cannot make the folder \(path): \(systemMessage(errno))")
    }

    /// Removes a file, or a folder with what is in it; it is no error if nothing is there.
    ///
    /// - Parameter path: What to remove.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func remove(_ path: HostPath) throws {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return }
        do {
            try FileManager.default.removeItem(atPath: path.string)
        } catch {
            throw Failure(.inputOutput, "cannot remove \(path)", cause: error)
        }
    }

    /// Renames a file or folder within one file system, replacing a file of that name.
    ///
    /// - Parameters:
    ///   - source: What to rename.
    ///   - target: The new path.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func rename(_ source: HostPath, to target: HostPath) throws {
        guard Glibc.rename(source.string, target.string) == 0 else {
            throw Failure(.inputOutput, "cannot rename \(source) to \(target): \(systemMessage(errno))")
        }
    }

    /// Copies a file's contents and permissions, replacing a file of that name.
    ///
    /// - Parameters:
    ///   - source: The file to copy.
    ///   - target: Where to.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func copy(_ source: HostPath, to target: HostPath) throws {
        do {
            try remove(target)
            try FileManager.default.copyItem(atPath: source.string, toPath: target.string)
        } catch {
            throw Failure(.inputOutput, "cannot copy \(source) to \(target)", cause: error)
        }
    }

    /// Gives a file another name in another folder; where the two cannot share it, the name gets a copy.
    ///
    /// A file that has the name already is left as it is.
    ///
    /// - Parameters:
    ///   - source: The file.
    ///   - target: The other name.
    /// - Throws: ``Failure`` where neither can be made.
    public static func share(_ source: HostPath, as target: HostPath) async throws {
        if link(source.string, target.string) == 0 || errno == EEXIST { return }
        let draft = target.draft
        try await Tool("cp", package: "coreutils").run([
            "--reflink=auto", "--sparse=always", "--preserve=mode", "--", source.string, draft.string,
        ])
        try rename(draft, to: target)
    }

    /// Sets a file's permissions.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: Its new permissions.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func setMode(_ path: HostPath, _ mode: UInt32) throws {
        guard chmod(path.string, mode) == 0 else {
            throw Failure(.inputOutput, "cannot change the mode of \(path): \(systemMessage(errno))")
        }
    }

    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes that it may hold.
    /// - Returns: Its contents.
    /// - Throws: ``Failure`` where the file is missing, unreadable or larger than `limit`.
    public static func read(_ path: HostPath, limit: UInt64 = 64 << 20) throws -> Data {
        guard let size = size(path) else { throw Failure(.notFound, "there is no file \(path)") }
        guard size <= limit else {
            throw Failure(.badData, "\(path) has \(size) bytes, more than the \(limit) expected")
        }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path.string))
        } catch {
            throw Failure(.inputOutput, "cannot read \(path)", cause: error)
        }
    }

    /// Reads a whole file as text; bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes that it may hold.
    /// - Returns: Its contents.
    /// - Throws: ``Failure`` where the file is missing, unreadable or larger than `limit`.
    public static func readText(_ path: HostPath, limit: UInt64 = 64 << 20) throws -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// Writes a file so that a crash at any moment leaves either the old contents or the new, whole.
    ///
    /// The new contents are written beside the file, synced, renamed over it, and the folder is synced.
    ///
    /// - Parameters:
    ///   - data: The contents.
    ///   - path: The file.
    ///   - mode: Its permissions, before the umask.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func write(_ data: Data, to path: HostPath, mode: UInt32 = 0o644) throws {
        let draft = path.draft
        let file = open(draft.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else {
            throw Failure(.inputOutput, "cannot write \(path): \(systemMessage(errno))")
        }
        do {
            try FileHandle(fileDescriptor: file, closeOnDealloc: false).write(contentsOf: data)
        } catch {
            close(file)
            unlink(draft.string)
            throw Failure(.inputOutput, "cannot write \(path)", cause: error)
        }
        let synced = fsync(file) == 0
        guard close(file) == 0, synced, Glibc.rename(draft.string, path.string) == 0 else {
            let reason = systemMessage(errno)
            unlink(draft.string)
            throw Failure(.inputOutput, "cannot write \(path): \(reason)")
        }
        try? syncFolder(path.parent)
    }

    /// Puts the names in a folder on the disk.
    ///
    /// - Parameter folder: The folder; nothing happens where it cannot be opened.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func syncFolder(_ folder: HostPath) throws {
        let opened = open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return }
        defer { close(opened) }
        guard fsync(opened) == 0 else {
            throw Failure(.inputOutput, "cannot write \(folder): \(systemMessage(errno))")
        }
    }

    /// Replaces a file at once, without making sure that a crash of the host leaves either contents: for what is
    /// written again in a moment.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - data: The contents.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func replace(_ path: HostPath, with data: Data) throws {
        let draft = path.draft
        do {
            try data.write(to: URL(fileURLWithPath: draft.string))
            try rename(draft, to: path)
        } catch {
            unlink(draft.string)
            throw Failure(.inputOutput, "cannot write \(path)", cause: error)
        }
    }

    /// Writes text as UTF-8, as ``write(_:to:mode:)`` does.
    ///
    /// - Parameters:
    ///   - text: The contents.
    ///   - path: The file.
    ///   - mode: Its permissions, before the umask.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func write(_ text: String, to path: HostPath, mode: UInt32 = 0o644) throws {
        try write(Data(text.utf8), to: path, mode: mode)
    }

    /// The room that this user has left on the file system of `path`, in bytes.
    ///
    /// - Parameter path: Something that exists there.
    /// - Returns: The free bytes.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput``.
    public static func freeSpace(at path: HostPath) throws -> ByteSize {
        var status = statvfs()
        guard statvfs(path.string, &status) == 0 else {
            throw Failure(.inputOutput, "cannot ask for the free space at \(path): \(systemMessage(errno))")
        }
        return ByteSize(bytes: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}

/// The operating system's words for an error number.
public func systemMessage(_ number: Int32) -> String {
    String(cString: strerror(number))
}
