import Testing

@testable import HostSupport

@Suite("A host does as much at once as it has processors and memory for")
struct CapacityTests {
    @Test("and one piece of work at least, however large")
    func jobs() {
        func jobs(_ processors: Int, _ free: UInt64?) -> Int {
            HostCapacity.jobs(
                processors: processors,
                free: free.map { ByteSize.mebibytes($0) },
                each: .mebibytes(128),
                .mebibytes(192)
            )
        }
        #expect(jobs(8, nil) == 8 && jobs(8, 100_000) == 8 && jobs(8, 1000) == 3 && jobs(8, 10) == 1)
        let huge = ByteSize(bytes: .max)
        #expect(HostCapacity.jobs(processors: 4, free: .mebibytes(1), each: huge, huge) == 1)
    }

    @Test("whose kernel says how much can be had")
    func memory() throws {
        let text = "MemTotal:       16 kB\nMemAvailable:    2048 kB\n"
        #expect(HostCapacity.availableMemory(of: text) == .mebibytes(2))
        #expect(HostCapacity.availableMemory(of: "MemAvailable: 99999999999999999 kB") == nil)
        #expect(HostCapacity.availableMemory(of: "") == nil)
        #expect(try #require(HostCapacity.availableMemory).bytes > 0)
    }
}
