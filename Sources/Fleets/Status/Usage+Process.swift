import Foundation
import HostSupport

extension FleetStatus.Usage {
    /// What this process uses now (proc(5): `statm` counts pages of memory).
    static var ofThisProcess: Self {
        var usage = Self()
        let pages = (try? FileSystem.readText("/proc/self/statm"))?.split(separator: " ").dropFirst().first
        usage.memory = (pages.flatMap { UInt64($0) } ?? 0) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
        usage.processorSeconds = ProcessIdentity.processorSeconds(of: ProcessIdentity.current)
        usage.files = FileSystem.list("/proc/self/fd").count
        usage.threads = FileSystem.list("/proc/self/task").count
        return usage
    }
}
