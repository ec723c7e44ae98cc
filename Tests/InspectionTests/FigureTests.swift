import Testing
import Traces

@testable import Inspection

@Suite("Pictures and the tables behind them")
struct FigureTests {
    private static let overviews: [TraceOverview] = {
        do {
            return try [
                SampleOverview.make(entries: 900, step: 3, seed: 1),
                SampleOverview.make(entries: 3000, step: 1_000_000, seed: 2),
                SampleOverview.make(entries: 500, step: .max >> 9, seed: 3),
                SampleOverview.make(entries: 300, step: 50, seed: 4, slices: 1),
                SampleOverview.make(entries: 300, step: 50, seed: 5, slices: 77),
            ]
        } catch { fatalError("\(error)") }
    }()

    /// The sum of a column, and what the table says that it is.
    private static func sums(_ figure: ReportFigure?, _ column: String) throws -> [UInt64] {
        let table = try #require(figure?.table)
        let place = try #require(table.columns.firstIndex(of: column))
        let numbers = table.rows.map { row -> UInt64 in
            guard case .number(let number) = row.cells[place] else { return 0 }
            return number
        }
        guard case .number(let total) = table.total?[place] else { return [saturatingSum(numbers)] }
        return [saturatingSum(numbers), total]
    }

    @Test("have the totals of the log", arguments: overviews.indices)
    func totals(index: Int) throws {
        let overview = Self.overviews[index]
        let section = ReportSection.sample(overview)
        var entries: UInt64 = 0
        let events = try #require(section.figure("Events"))
        for category in NondetCategory.allCases where events.table?.columns.contains(category.name) == true {
            let sums = try Self.sums(events, category.name)
            #expect(sums.count == 2 && sums[0] == sums[1])
            entries += sums[0]
        }
        #expect(entries == UInt64(overview.summary.total.entries))
        let packets = section.figure("Packets")
        #expect(
            try Self.sums(packets, "bytes sent") == [
                UInt64(overview.sent.bytes), UInt64(overview.sent.bytes),
            ]
        )
        #expect(try Self.sums(packets, "frames sent")[0] == UInt64(overview.sent.frames))
        let disk = section.figure("Disk")
        #expect(try Self.sums(disk, "bytes read") == [overview.diskReads.bytes, overview.diskReads.bytes])
        #expect(try Self.sums(disk, "bytes written")[1] == overview.diskWrites.bytes)
        #expect(try Self.sums(section.figure("Interrupts"), "interrupts")[0] == UInt64(overview.interrupts))
        let kinds = try Self.sums(section.figure("Entries by kind"), "entries")
        #expect(kinds == [UInt64(overview.summary.total.entries), UInt64(overview.summary.total.entries)])
    }

    @Test("draw the numbers of the tables", arguments: overviews.indices)
    func drawn(index: Int) throws {
        let overview = Self.overviews[index]
        let section = ReportSection.sample(overview)
        let sums: [(String, [String])] = [
            ("Packets", ["bytes received", "bytes sent"]), ("Disk", ["bytes read", "bytes written"]),
            ("Interrupts", ["interrupts"]),
        ]
        for (title, columns) in sums {
            let figure = try #require(section.figure(title))
            guard case .slices(let chart) = figure.content else { throw Missing() }
            let series = chart.panels.flatMap { $0.up + $0.down }
            #expect(series.count == columns.count)
            for (series, column) in zip(series, columns) {
                #expect(series.values.count == overview.activity.slices.count)
                #expect(series.values.reduce(0, +) == Double(try Self.sums(figure, column)[0]))
            }
        }
    }

    private struct Missing: Error {}

    @Test("have tables of some hundred rows at the most, of all instructions", arguments: overviews.indices)
    func rows(index: Int) throws {
        let overview = Self.overviews[index]
        let axis = InstructionAxis(overview.activity, ticksPerSecond: 1e9)
        #expect(axis.groups.count <= 100)
        #expect(axis.groups.flatMap(Array.init) == Array(0..<axis.count))
        #expect(axis.starts.first == 0 && axis.starts.last == overview.activity.instructions)
        let seconds = try #require(axis.seconds)
        #expect(seconds.count == axis.count + 1)
        #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $0 <= $1 })
        for figure in ReportSection.sample(overview).figures {
            let table = try #require(
                figure.table ?? (figure.title == "Snapshot" ? ReportTable(columns: [], rows: []) : nil)
            )
            for row in table.rows { #expect(row.cells.count == table.columns.count) }
            if let total = table.total { #expect(total.count == table.columns.count) }
        }
    }

    @Test(
        "are drawn whatever the length of a tick is said to be",
        arguments: [1e-300, 1e-9, 0, -1, 1e300, .infinity, .nan]
    )
    func rates(ticksPerSecond: Double) throws {
        let overview = Self.overviews[2]
        let axis = InstructionAxis(overview.activity, ticksPerSecond: ticksPerSecond)
        let figure = ReportFigure.time(
            overview.activity,
            axis,
            ticksPerSecond: ticksPerSecond,
            idleShare: nil
        )
        guard case .slices(let chart) = figure.content else { throw Missing() }
        let label = Markup.Label(id: "f", title: "", description: "")
        let text = SliceDrawing(chart: chart, label: label).markup.text
        let cells = figure.table?.rows.flatMap(\.cells).map(\.text).joined(separator: " ") ?? ""
        for word in ["nan", "inf", "e+"] { #expect(!text.contains(word) && !cells.contains(word)) }
    }

    @Test("say so where there is nothing")
    func nothing() throws {
        let section = ReportSection.sample(TraceOverview(of: NondetLog(bytes: [])))
        let sentences = section.figures.map { figure -> String? in
            guard case .sentence(let text) = figure.content else { return nil }
            return text
        }
        #expect(sentences.count == 8 && !sentences.contains(nil))
        #expect(section.figures.allSatisfy { $0.table == nil })
    }

    @Test("have the first 200 flows, and say how many more there are")
    func flows() throws {
        let overview = try SampleOverview.make(entries: 4000, step: 9, seed: 6)
        #expect(overview.flows.flows.count > 300)
        let table = try #require(ReportSection.sample(overview).figure("Flows")?.table)
        #expect(table.rows.count == 200)
        #expect(table.note == "And \(overview.flows.flows.count - 200) more.")
    }

    @Test("draw the largest parts of a snapshot, and have all in the table")
    func snapshot() throws {
        let parts = SnapshotParts(
            parts: (0..<40).map { .init(name: "block \($0)", bytes: UInt64($0 + 1) << 54, what: "memory") }
        )
        let figure = ReportFigure.snapshot(parts)
        guard case .bars(let chart) = figure.content else { throw Missing() }
        #expect(chart.groups.map(\.bars.count) == [14])
        #expect(chart.groups[0].bars[0].name == "block 39")
        #expect(figure.table?.rows.count == 40)
        #expect(figure.table?.total?[1] == .number(820 << 54))
        let dwarfed = ReportFigure.snapshot(
            SnapshotParts(parts: [
                .init(name: "small", bytes: 10, what: ""), .init(name: "memory", bytes: 5000, what: ""),
                .init(name: "smaller", bytes: 5, what: ""),
            ])
        )
        guard case .bars(let chart) = dwarfed.content else { throw Missing() }
        #expect(chart.groups.map { $0.bars.map(\.name) } == [["memory"], ["small", "smaller"]])
        #expect(chart.groups[1].title == "the others, drawn 500 times as wide")
        let forged = ReportFigure.snapshot(
            SnapshotParts(parts: [
                .init(name: "one", bytes: .max, what: ""), .init(name: "two", bytes: .max, what: ""),
            ])
        )
        #expect(forged.table?.total?[1] == .number(.max), "and no overflow")
    }
}
