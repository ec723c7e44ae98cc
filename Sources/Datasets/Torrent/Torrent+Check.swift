import Foundation
import Glibc
public import HostSupport

extension Torrent {
    /// Compares a file, or a folder, with the digests of the pieces.
    ///
    /// - Parameters:
    ///   - contents: The file or the folder, whatever it is called.
    ///   - progress: Is told how many bytes have been read.
    /// - Returns: What is wrong: files that are missing, of another size, not of the torrent, or in a piece whose digest
    ///   is another.
    /// - Throws: ``HostSupport/Failure`` where there is nothing; `CancellationError`.
    public func check(
        _ contents: HostPath,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws -> [String] {
        guard FileSystem.exists(contents) else { throw Failure(.notFound, "there is nothing at \(contents)") }
        var problems = files.compactMap { file -> String? in
            guard let kind = FileKind(place(of: file, in: contents)), kind.kind == .regular else {
                return "\(file.path): is missing"
            }
            return kind.size == file.bytes
                ? nil : "\(file.path): has \(kind.size) bytes and not \(file.bytes)"
        }
        if !isSingleFile {
            let tree = BagTree(contents)
            let known = Set(files.map(\.path))
            problems += (tree.files + tree.others).filter { !known.contains($0) }.map {
                "\($0): is not a file of the torrent"
            }
        }
        problems += try await wrongPieces(contents, progress)
        return problems.sorted()
    }

    private func place(of file: File, in contents: HostPath) -> HostPath {
        isSingleFile ? contents : contents / file.path
    }

    /// The files that pieces with other digests reach into.
    private func wrongPieces(
        _ contents: HostPath,
        _ progress: @escaping @Sendable (UInt64) -> Void
    ) async throws -> [String] {
        let count = pieceCount
        let workers = min(max(1, ProcessInfo.processInfo.activeProcessorCount), max(1, count))
        let wrong = try await withThrowingTaskGroup(of: [Int].self) { group in
            for worker in 0..<workers {
                let range = count * worker / workers..<count * (worker + 1) / workers
                group.addTask {
                    try range.filter { piece in
                        try Task.checkCancellation()
                        if worker == 0 {
                            progress(UInt64(piece - range.lowerBound) * UInt64(workers) * pieceBytes)
                        }
                        return digest(of: piece, in: contents) != Array(pieces[piece * 20..<piece * 20 + 20])
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted()
        }
        let reached = wrong.flatMap { piece in parts(of: piece).map { ($0.file.path, piece) } }
        return Dictionary(grouping: reached) { $0.0 }.map { path, pieces in
            let more = pieces.count > 1 ? " and \(pieces.count - 1) more" : ""
            return "\(path): is not as it was in piece \(pieces[0].1)\(more) of \(count)"
        }
    }

    /// Which bytes of which files a piece has.
    private func parts(of piece: Int) -> [(file: File, offset: UInt64, bytes: UInt64)] {
        let start = UInt64(piece) * pieceBytes
        let end = start + pieceBytes
        var parts: [(File, UInt64, UInt64)] = []
        var position: UInt64 = 0
        for file in files {
            let from = max(start, position)
            let to = min(end, position + file.bytes)
            if from < to { parts.append((file, from - position, to - from)) }
            position += file.bytes
            if position >= end { break }
        }
        return parts
    }

    /// The digest of a piece; nothing where bytes of it are missing.
    private func digest(of piece: Int, in contents: HostPath) -> [UInt8]? {
        var digest = RunningDigest(.sha1)
        for part in parts(of: piece) {
            let descriptor = open(
                place(of: part.file, in: contents).string,
                O_RDONLY | O_CLOEXEC | O_NOFOLLOW
            )
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            let size = Int(min(part.bytes, 1 << 20))
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
            defer { buffer.deallocate() }
            var done: UInt64 = 0
            while done < part.bytes {
                let wanted = Int(min(UInt64(size), part.bytes - done))
                let count = pread(descriptor, buffer.baseAddress, wanted, off_t(part.offset + done))
                guard count > 0 else { return nil }
                digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                done += UInt64(count)
            }
        }
        return digest.bytes
    }
}
