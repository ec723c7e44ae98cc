import HostSupport

extension DatasetReadme {
    /// How recordings are restored with what every system has.
    var restoring: String {
        let lines =
            switch source.index.format {
            case .store: store
            case .rr2: archive("an `.rr2` file is a gzip'd tar archive that has both files of the recording")
            case .classic: archive("a `.tar.gz` file has both files of the recording")
            }
        return "## Restoring a recording\n\nWhat comes out goes beside this folder, which stays as it is.\n\n"
            + lines
    }

    private var store: String {
        """
        A packed file is a frame of zstd. The table of traces says for each snapshot and log whether it stands alone or \
        is a difference from another one, its reference (`snapshot_reference`, `log_reference`). A reference stands alone. zstd 1.4.5 or newer \
        restores both:

        ```
        \(example.joined(separator: "\n"))
        ```

        What comes out has the digest that the table has, `restored_snapshot_sha256` and `restored_log_sha256`.
        """
    }

    /// The commands for a trace that is a difference, or else for any.
    private var example: [String] {
        let traces = source.index.traces
        guard let trace = traces.first(where: { $0.snapshot.restored?.reference != nil }) ?? traces.first
        else {
            return ["zstd -d --long=31 FILE.zst"]
        }
        return [trace.snapshot, trace.log].compactMap { $0 }.flatMap(commands)
    }

    private func commands(_ file: DatasetFile) -> [String] {
        let packed = shellQuoted("data/\(file.path)")
        let target = shellQuoted("../" + (file.restored?.name ?? "restored"))
        guard let reference = file.restored?.reference else {
            return ["zstd -d --long=31 \(packed) -o \(target)"]
        }
        return [
            "zstd -d --long=31 -f \(shellQuoted("data/\(reference)")) -o ../reference",
            "zstd -d --long=31 --patch-from=../reference \(packed) -o \(target)",
        ]
    }

    private func archive(_ text: String) -> String {
        let path = source.index.traces.first.map { "data/\($0.snapshot.path)" } ?? "data/rr/TRACE"
        return "In this dataset \(text):\n\n```\ntar -xzf \(shellQuoted(path)) -C ..\n```"
    }
}
