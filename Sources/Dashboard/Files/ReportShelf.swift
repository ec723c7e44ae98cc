import HostSupport

/// The pages with pictures that were asked for last: to draw one takes seconds, and no two are drawn at once.
actor ReportShelf {
    private struct Question: Hashable {
        let run: HostPath
        let stamp: [Int64]
    }

    private struct Report {
        let stamp: [Int64]
        let page: String
    }

    /// A page that is drawn, or is to be.
    private struct Drawing {
        let number: Int
        let task: Task<String, any Error>
        var waiting = 1
    }

    /// How much is kept, in bytes.
    private static let room = 32 << 20

    private let make: DashboardSettings.Reporter
    private var kept: [HostPath: Report] = [:]
    private var order: [HostPath] = []
    private var drawings: [Question: Drawing] = [:]
    private var last: Task<String, any Error>?
    private var count = 0

    init(_ make: @escaping DashboardSettings.Reporter) {
        self.make = make
    }

    /// The page of a run; it is drawn no further when all who asked for it have been cancelled.
    ///
    /// - Parameters:
    ///   - run: The run's folder.
    ///   - stamp: Changes when the run does.
    /// - Returns: The page.
    /// - Throws: What makes the page throws; `CancellationError`.
    func page(of run: HostPath, stamp: [Int64]) async throws -> String {
        if let known = kept[run], known.stamp == stamp { return known.page }
        let question = Question(run: run, stamp: stamp)
        let drawing = join(question)
        defer { if drawings[question]?.number == drawing.number { drawings[question] = nil } }
        let page = try await withTaskCancellationHandler {
            try await drawing.task.value
        } onCancel: {
            Task { await leave(question, drawing.number) }
        }
        keep(Report(stamp: stamp, page: page), of: run)
        return page
    }

    private func join(_ question: Question) -> Drawing {
        if var drawing = drawings[question] {
            drawing.waiting += 1
            drawings[question] = drawing
            return drawing
        }
        let task = Task.detached(executorPreference: OwnThreads.shared) { [before = last, make] in
            _ = await before?.result
            try Task.checkCancellation()
            return try await make(question.run)
        }
        last = task
        count += 1
        let drawing = Drawing(number: count, task: task)
        drawings[question] = drawing
        return drawing
    }

    private func leave(_ question: Question, _ number: Int) {
        guard var drawing = drawings[question], drawing.number == number else { return }
        drawing.waiting -= 1
        drawings[question] = drawing.waiting == 0 ? nil : drawing
        if drawing.waiting == 0 { drawing.task.cancel() }
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
