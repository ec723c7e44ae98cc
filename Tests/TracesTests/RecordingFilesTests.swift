import Foundation
import Testing
import Traces

@Suite("Recordings in a folder")
struct RecordingFilesTests {
    @Test("a prefix gives both paths")
    func paths() {
        let files = RecordingFiles(prefix: "/runs/1/rr/boot")
        #expect(files.snapshotPath == "/runs/1/rr/boot-rr-snp")
        #expect(files.nondetLogPath == "/runs/1/rr/boot-rr-nondet.log")
        #expect(files.name == "boot")
        #expect(RecordingFiles(name: "boot", in: "/runs/1/rr") == files)
        #expect(RecordingFiles(name: "boot", in: "/runs/1/rr/") == files)
        #expect(RecordingFiles(name: "boot", in: "") == RecordingFiles(prefix: "boot"))
        #expect(RecordingFiles(prefix: "boot").name == "boot")
    }

    @Test("pairs and lone halves are found, links and folders are not followed")
    func find() throws {
        try withScratchFolder { folder in
            func touch(_ name: String, _ count: Int) throws {
                try Data(count: count).write(to: folder.appending(path: name))
            }
            try touch("both-rr-snp", 3)
            try touch("both-rr-nondet.log", 4)
            try touch("log-rr-nondet.log", 0)
            try touch("snap-rr-snp", 5)
            try touch("-rr-snp", 1)
            try touch("notes.txt", 1)
            try touch("linked-rr-snp", 1)
            let files = FileManager.default
            try files.createSymbolicLink(
                at: folder.appending(path: "linked-rr-nondet.log"),
                withDestinationURL: folder.appending(path: "both-rr-nondet.log")
            )
            try files.createDirectory(
                at: folder.appending(path: "dir-rr-snp"),
                withIntermediateDirectories: false
            )

            let found = try RecordingFiles.find(in: folder.path)
            #expect(found.map(\.files.name) == ["both", "dir", "linked", "log", "snap"])
            #expect(found.map(\.isPair) == [true, false, false, false, false])
            #expect(
                found.map(\.snapshot) == [
                    .present(bytes: 3), .notRegularFile, .present(bytes: 1), .missing, .present(bytes: 5),
                ]
            )
            #expect(
                found.map(\.nondetLog) == [
                    .present(bytes: 4), .missing, .notRegularFile, .present(bytes: 0), .missing,
                ]
            )
            #expect(found.first?.files.snapshotPath == folder.path + "/both-rr-snp")
        }
    }

    @Test("a folder that is missing, a link or a file is refused")
    func refusedFolders() throws {
        try withScratchFolder { folder in
            let link = folder.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
            let file = folder.appending(path: "file")
            try Data().write(to: file)
            for path in [link.path, file.path, folder.path + "/none", folder.path + "\0"] {
                let error = #expect(throws: TraceFormatError.self) { try RecordingFiles.find(in: path) }
                #expect(error?.code == .cannotOpen)
            }
        }
    }

    @Test("links, folders, pipes and missing files are not opened")
    func refusedFiles() throws {
        try withScratchFolder { folder in
            let target = folder.appending(path: "target")
            try Data(SnapshotStream().bytes).write(to: target)
            let link = folder.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            let pipe = folder.appending(path: "pipe").path
            #expect(mkfifo(pipe, 0o600) == 0)

            let cases: [(path: String, code: TraceFormatError.Code)] = [
                (link.path, .cannotOpen), (folder.path + "/none", .cannotOpen), ("\0", .cannotOpen),
                (folder.path, .notRegularFile), (pipe, .notRegularFile), ("/dev/null", .notRegularFile),
            ]
            for (path, code) in cases {
                #expect(#expect(throws: TraceFormatError.self) { try NondetLog(path: path) }?.code == code)
                #expect(#expect(throws: TraceFormatError.self) { try SnapshotHead(path: path) }?.code == code)
            }
        }
    }
}
