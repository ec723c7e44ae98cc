extension DatasetIndex {
    /// Every file under `data/` that the index names, once, in the order of their paths, with what it is.
    var describedFiles: [(file: DatasetFile, summary: String)] {
        var found: [String: (DatasetFile, String)] = [:]
        func add(_ file: DatasetFile?, _ summary: String) {
            if let file { found[file.path] = found[file.path] ?? (file, summary) }
        }
        for disk in disks { add(disk, "A base disk that runs' own disks lie over") }
        for reference in references ?? [] {
            add(
                reference,
                "A file of a trace of another part, which files of this one were packed against"
            )
        }
        for trace in traces {
            add(
                trace.snapshot,
                trace.log == nil
                    ? "The recording \(trace.name)"
                    : "The snapshot that the recording \(trace.name) starts from"
            )
            add(trace.log, "The log of the recording \(trace.name)")
            add(trace.record, "What is known of the run \(trace.run)")
            add(trace.packets, "The packets of the run \(trace.run)")
            add(trace.disk, "What the guest of the run \(trace.run) wrote to its disk")
            add(trace.kernelInformation, "A profile of the guest's kernel, for PANDA's introspection")
        }
        return found.sorted { $0.key < $1.key }.map { ($0.value.0, $0.value.1) }
    }

    /// The same as they lie in the dataset's folder.
    var publishedFiles: [PublishedFile] {
        describedFiles.map { file, summary in
            PublishedFile(
                path: "data/" + file.path,
                bytes: file.bytes,
                sha256: file.sha256,
                mediaType: file.mediaType,
                summary: summary
            )
        }
    }

    /// The title of the dataset, with the number of the part where it is one of several.
    func title(of description: DatasetDescription) -> String {
        volume.map { "\(description.title) (part \($0.number) of \($0.count))" } ?? description.title
    }
}
