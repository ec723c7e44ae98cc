import HostSupport

/// The pages with pictures that were asked for last: to draw one takes seconds, and no two are drawn at once.
actor ReportShelf {
    private struct Report {
        let stamp: Int64
        let page: String
    }

    /// How much is kept, in bytes.
    private static let room = 32 << 20

    private let make: DashboardSettings.Reporter
    private var kept: [HostPath: Report] = [:]
    private var order: [HostPath] = []
    private var last: Task<String, any Error>?

    init(_ make: @escaping DashboardSettings.Reporter) {
        self.make = make
    }

    /// The page of a run.
    ///
    /// - Parameters:
    ///   - run: The run's folder.
    ///   - stamp: Changes when the run does.
    /// - Returns: The page.
    /// - Throws: What makes the page throws.
    func page(of run: HostPath, stamp: Int64) async throws -> String {
        if let known = kept[run], known.stamp == stamp { return known.page }
        let before = last
        let task = Task {
            _ = await before?.result
            // Whoever waited for the one before may have wanted the same.
            if let known = known(run, stamp) { return known }
            let page = try await make(run)
            keep(Report(stamp: stamp, page: page), of: run)
            return page
        }
        last = task
        return try await task.value
    }

    private func known(_ run: HostPath, _ stamp: Int64) -> String? {
        kept[run].flatMap { $0.stamp == stamp ? $0.page : nil }
    }

    private func keep(_ report: Report, of run: HostPath) {
        kept[run] = report
        order.removeAll { $0 == run }
        order.append(run)
        while kept.values.reduce(0, { $0 + $1.page.utf8.count }) > Self.room, order.count > 1 {
            kept[order.removeFirst()] = nil
        }
    }
}
