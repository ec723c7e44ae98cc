import Analyses
import ArgumentParser
import HostSupport

struct TracePandalogCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pandalog",
        abstract: "Read a log that PANDA's plugins wrote, and export it as JSON lines or SQLite",
        discussion: """
            Without --write it tells what is in the log. A file whose name ends in .sqlite or .db becomes a database \
            with the table 'entries' and one for each kind of entry; any other gets a line of JSON for each entry, with \
            the names of fields that PANDA gives them. Numbers are written in full: Python and SQLite keep them, jq and \
            JavaScript round what is beyond 2^53. In a database, addresses are text in hexadecimal and other numbers of \
            64 bits without a sign are text in digits, since no integer of SQLite's holds all of them.

            Examples:
              $ pandacap trace pandalog traces/runs/RUN-ID/analysis/syscalls/pandalog.plog
              $ pandacap trace pandalog pandalog.plog --write - | head -n 1
              $ pandacap trace pandalog pandalog.plog --write log.sqlite
              $ sqlite3 log.sqlite "SELECT call_name, count(*) FROM syscall GROUP BY 1"
            """
    )

    @Argument(help: "The file that -pandalog named.")
    var log: String

    @OptionGroup var file: WriteOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        Interrupts.take()
        let path = FileSystem.absolute(HostPath(log))
        guard FileSystem.exists(path) else { throw Failure(.notFound, "there is no file \(path)") }
        let opened: Pandalog
        do throws(PandalogError) {
            opened = try Pandalog(path)
        } catch {
            throw error.failure(path)
        }
        guard let target = file.write else {
            try print(PandalogReport(census: try opened.read()))
            return 0
        }
        let census: Pandalog.Census
        if target.hasSuffix(".sqlite") || target.hasSuffix(".db") {
            if !file.force { try BufferedOutput.requireNone(target) }
            census = try opened.writeTables(to: HostPath(target))
        } else {
            census = try opened.writeLines(to: try file.open())
        }
        console.step("\(census.entries) entries")
        return 0
    }
}

private struct PandalogReport: Report {
    let census: Pandalog.Census

    func encode(to encoder: any Encoder) throws { try census.encode(to: encoder) }

    var text: String {
        let span = census.first.flatMap { first in census.last.map { ", from instruction \(first) to \($0)" }
        }
        return
            (["\(census.file): \(census.entries) entries in \(census.chunks) chunks\(span ?? "")"]
            + census.kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                "  \($0.key): \($0.value)"
            })
            .joined(separator: "\n")
    }
}
