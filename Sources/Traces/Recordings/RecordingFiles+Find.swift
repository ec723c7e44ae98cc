import Glibc

extension RecordingFiles {
    /// The recordings in a folder, without those in folders below it, sorted by name.
    ///
    /// A recording of which only one file is there is in the list too. Symbolic links are not followed, be it
    /// the folder itself or a file in it: a hostile engine could have planted them. Names that are not UTF-8
    /// are passed over.
    ///
    /// - Throws: ``TraceFormatError`` with code `cannotOpen` or `cannotRead`.
    public static func find(in directory: String) throws(TraceFormatError) -> [FoundRecording] {
        let folder = try Folder(path: directory)
        var found: [String: FoundRecording] = [:]
        for entry in try folder.names() {
            guard let (name, suffix) = split(entry) else { continue }
            let files = RecordingFiles(name: name, in: directory)
            var recording =
                found[name] ?? FoundRecording(files: files, snapshot: .missing, nondetLog: .missing)
            if suffix == snapshotSuffix {
                recording.snapshot = folder.examine(entry)
            } else {
                recording.nondetLog = folder.examine(entry)
            }
            found[name] = recording
        }
        return found.values.sorted { $0.files.name < $1.files.name }
    }

    private static func split(_ entry: String) -> (name: String, suffix: String)? {
        for suffix in [snapshotSuffix, nondetLogSuffix]
        where entry.hasSuffix(suffix) && entry.utf8.count > suffix.utf8.count {
            return (String(entry.dropLast(suffix.count)), suffix)
        }
        return nil
    }
}

/// An open folder, closed when it goes out of scope.
private struct Folder: ~Copyable {
    private let path: String
    private let stream: OpaquePointer

    init(path: String) throws(TraceFormatError) {
        guard !path.utf8.contains(0) else {
            throw TraceFormatError(.cannotOpen, "failed to open a folder: its path contains a NUL")
        }
        // An empty path means the current folder, as it does for `RecordingFiles`.
        let name = path.isEmpty ? "." : path
        let descriptor = retrying { open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY) }
        guard descriptor >= 0 else {
            throw TraceFormatError(.cannotOpen, "failed to open folder \"\(path)\": \(describe(errno))")
        }
        guard let stream = fdopendir(descriptor) else {
            let reason = describe(errno)
            close(descriptor)
            throw TraceFormatError(.cannotOpen, "failed to open folder \"\(path)\": \(reason)")
        }
        self.path = path
        self.stream = stream
    }

    deinit {
        closedir(stream)
    }

    func names() throws(TraceFormatError) -> [String] {
        var names: [String] = []
        while true {
            // The only way to tell the end from a failure.
            errno = 0
            guard let entry = readdir(stream) else { break }
            // The name is read where it lies: a record is as long as its name, not as its C type.
            let name = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            if let text = String(validatingCString: name.assumingMemoryBound(to: CChar.self)) {
                names.append(text)
            }
        }
        guard errno == 0 else {
            throw TraceFormatError(.cannotRead, "failed to list folder \"\(path)\": \(describe(errno))")
        }
        return names
    }

    func examine(_ name: String) -> FoundRecording.File {
        var status = stat()
        guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .missing }
        return isRegular(status) ? .present(bytes: Int(status.st_size)) : .notRegularFile
    }
}
