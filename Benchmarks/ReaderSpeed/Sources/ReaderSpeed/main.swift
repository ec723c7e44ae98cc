import Foundation
import Traces

// Reads a file once in the way that is named, and prints how many entries or pages it had.
let usage = "usage: reader-speed survey|reader|pages|check-log|check-snapshot FILE, or packets PREFIX"
let arguments = CommandLine.arguments
guard arguments.count == 3 else { fatalError(usage) }
let path = arguments[2]
switch arguments[1] {
case "survey":
    print(try NondetLog(path: path).survey().total.entries)
case "reader":
    var reader = try NondetLog(path: path).makeReader()
    var (entries, data) = (0, 0)
    while let entry = try reader.next() {
        entries += 1
        data &+= entry.dataRange.count
    }
    print(entries, data)
case "pages":
    print(try SnapshotMemory(path: path).ranges.count)
case "check-log":
    print(TraceCheck.log(path, against: nil).summary?.total.entries ?? 0)
case "check-snapshot":
    print(TraceCheck.snapshot(path).check.items.count)
case "packets":
    print(try extractPackets(RecordingFiles(prefix: path)))
default:
    fatalError(usage)
}
