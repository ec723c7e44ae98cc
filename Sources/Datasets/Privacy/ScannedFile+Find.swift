public import HostSupport
public import RunRecords

extension ScannedFile {
    /// The files of a run that a dataset is made of.
    ///
    /// What stays behind, such as the engine's log and what the guest printed, is not among them.
    ///
    /// - Parameter run: The run's folder.
    /// - Returns: The files, called by the run's id.
    public static func files(of run: RunFolder) -> [ScannedFile] {
        let files: [(HostPath, Role)] =
            FileSystem.list(run.recordings).compactMap { name in
                if name.hasSuffix("-rr-snp") { return (run.recordings / name, .snapshot) }
                return name.hasSuffix("-rr-nondet.log") ? (run.recordings / name, .log) : nil
            } + [
                (run.disk, .disk), (run.packets, .packets), (run.kernelInformation, .metadata),
                (run.record, .record),
                (run.peers, .metadata),
            ]
        return files.filter { FileSystem.isRegularFile($0.0) }.map { path, role in
            ScannedFile(path, name: "\(run.path.name)/\(path.relative(to: run.path))", role: role)
        }
    }

    /// All files in a folder, and in those below it; symbolic links are not followed.
    ///
    /// - Parameter folder: The folder.
    /// - Returns: The files, called by their paths below the folder.
    public static func files(in folder: HostPath) -> [ScannedFile] {
        files(in: folder, below: folder)
    }

    private static func files(in folder: HostPath, below top: HostPath) -> [ScannedFile] {
        FileSystem.list(folder).flatMap { name -> [ScannedFile] in
            let path = folder / name
            switch FileKind(path)?.kind {
            case .folder: return files(in: path, below: top)
            case .regular:
                return [ScannedFile(path, name: path.relative(to: top).string, role: role(of: name))]
            default: return []
            }
        }
    }

    /// What a file is, by its name.
    static func role(of name: String) -> Role {
        let roles: [(String, Role)] = [
            ("-rr-snp", .snapshot), ("-rr-nondet.log", .log), (".qcow2", .disk), (".img", .disk),
            (".raw", .disk),
            (".pcap", .packets), (".pcapng", .packets),
        ]
        return roles.first { name.hasSuffix($0.0) }?.1 ?? .metadata
    }
}
