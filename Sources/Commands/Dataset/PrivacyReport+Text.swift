import Datasets
import HostSupport

/// A scan's result for people and programs.
struct ScanReport: Report {
    let report: PrivacyReport
    let isBlocked: Bool
    let seconds: Double

    init(_ report: PrivacyReport, in time: Duration) {
        self.report = report
        isBlocked = !report.blocking.isEmpty
        seconds = (time.seconds * 1000).rounded() / 1000
    }

    var text: String {
        let rows = Dictionary(grouping: report.findings) { "\($0.kind.rawValue)\0\($0.subject)\0\($0.level)" }
            .values
            .sorted {
                ($0[0].level.rawValue, $0[0].kind.rawValue, $0[0].subject) < (
                    $1[0].level.rawValue, $1[0].kind.rawValue, $1[0].subject
                )
            }
            .map { findings -> [String] in
                let first = findings[0]
                let isBlocking = report.blocking.contains(first)
                let count = findings.reduce(0) { $0 + $1.count }
                let place = first.place == .file ? "byte" : first.place == .memory ? "address" : "disk byte"
                return [
                    isBlocking ? "block" : first.level == .block ? "let pass" : "note",
                    first.kind.rawValue, first.subject, "\(count)", "\(Set(findings.map(\.file)).count)",
                    "\(first.file), \(place) \(first.offsets[0])"
                        + (first.excerpt.isEmpty ? "" : ": \(first.excerpt)"),
                ]
            }
        let table = Table(header: ["LEVEL", "KIND", "WHAT", "PLACES", "FILES", "FIRST"], rows: rows).text
        let size = ByteSize(bytes: report.bytes)
        let speed = seconds > 0 ? ", \(Int(Double(report.bytes) / seconds / 1e6)) MB/s" : ""
        let end =
            "\(report.files) files, \(size), looked at in \(Duration.milliseconds(Int64(seconds * 1000)).text)\(speed)"
        let verdict =
            isBlocked
            ? "There is what must not leave. What may all the same is acknowledged with --acknowledge KIND."
            : "Nothing keeps it from leaving."
        let omitted = report.omitted.map { "not looked for: \($0)" }
        return ((rows.isEmpty ? [] : [table, ""]) + omitted + [end, verdict]).joined(separator: "\n")
    }
}
