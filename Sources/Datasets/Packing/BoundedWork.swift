import HostSupport

/// Many pieces of work, so many at once.
enum BoundedWork {
    /// Does something with each element, a few at a time, and stops at the first error or Ctrl-C.
    ///
    /// - Parameters:
    ///   - elements: The elements.
    ///   - limit: How many are worked on at once.
    ///   - body: What to do with one.
    /// - Returns: What `body` returned, in the order of the elements.
    /// - Throws: What `body` throws; `Failure` with `interrupted` where the user asked for the end.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element],
        atOnce limit: Int,
        _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Result?] = Array(repeating: nil, count: elements.count)
            var next = 0
            func start() throws {
                if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
                guard next < elements.count else { return }
                let (number, element) = (next, elements[next])
                next += 1
                group.addTask { (number, try await body(element)) }
            }
            for _ in 0..<max(1, limit) { try start() }
            while let (number, result) = try await group.next() {
                results[number] = result
                try start()
            }
            return results.compactMap { $0 }
        }
    }

    /// How many files may be packed or restored at once: as many as there are processors, and as memory is there for.
    ///
    /// - Parameters:
    ///   - wanted: What the user asks for.
    ///   - largest: The size of the largest file in bytes; it, its reference and what comes of them are mapped.
    /// - Returns: The number, at least 1.
    static func jobs(_ wanted: Int?, largest: UInt64) -> Int {
        let file = ByteSize(bytes: largest)
        return HostCapacity.jobs(
            processors: wanted ?? HostCapacity.processors,
            each: file,
            file,
            file,
            .mebibytes(128)
        )
    }
}
