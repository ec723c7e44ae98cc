import Fleets
import Foundation
import HostSupport
import RunRecords
import TestSupport
import WebServer

@testable import Dashboard

/// A dashboard over a collection of made-up runs, asked without a server.
struct DashboardLab {
    let dashboard: Dashboard
    let collection: HostPath
    let cookie: String

    /// Makes a collection with the runs that `fill` makes, and lets somebody in.
    init(
        in folder: HostPath,
        allowsControl: Bool = false,
        report: @escaping DashboardSettings.Reporter = { "<p>\($0.name)</p>" },
        _ fill: (HostPath) throws -> Void = { _ in }
    ) async throws {
        collection = folder / "traces"
        try FileSystem.createDirectory(collection / "runs")
        try fill(collection)
        guard let address = ListenAddress("127.0.0.1:8090") else { throw Failure(.internal, "no address") }
        var settings = DashboardSettings(
            collections: [collection],
            address: address,
            version: "0",
            report: report
        )
        settings.allowsControl = allowsControl
        dashboard = try Dashboard(settings, console: Console(.quiet))
        guard let session = dashboard.doorkeeper.admit(dashboard.doorkeeper.token) else {
            throw Failure(.internal, "not let in")
        }
        cookie = "\(dashboard.doorkeeper.cookieName)=\(session)"
    }

    /// The session's part of the cookie.
    var session: String { String(cookie.drop { $0 != "=" }.dropFirst()) }

    /// Asks for something as the browser that was let in.
    func get(_ target: String, _ headers: [(name: String, value: String)] = []) async -> WebResponse {
        await dashboard.answer(
            WebRequest("GET", target, headers: [("Host", "127.0.0.1:8090"), ("Cookie", cookie)] + headers)
        )
    }

    /// Sends a form.
    func post(_ target: String, _ body: String, origin: String? = "http://127.0.0.1:8090") async
        -> WebResponse
    {
        let headers: [(name: String, value: String)] =
            [("Host", "127.0.0.1:8090"), ("Cookie", cookie)] + (origin.map { [("Origin", $0)] } ?? [])
        return await dashboard.answer(WebRequest("POST", target, headers: headers, body: Array(body.utf8)))
    }
}

extension WebResponse {
    /// The value of a header.
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// What is sent, as text; nothing of a file.
    var text: String {
        guard case .bytes(let bytes) = body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The part of a file that is sent.
    var range: Range<UInt64>? {
        guard case .file(_, let range) = body else { return nil }
        return range
    }
}

/// What a collection has.
struct Filling {
    let fill: (HostPath) throws -> Void

    /// So many runs that were planned or failed.
    static func records(_ count: Int) -> Filling { Filling { try addRecords(count, to: $0) } }

    /// A fleet.
    static func fleet(_ name: String) -> Filling { Filling { try addFleet(name, to: $0) } }
}

/// Gives `body` a dashboard.
func withDashboard(
    allowsControl: Bool = false,
    report: @escaping DashboardSettings.Reporter = { "<p>\($0.name)</p>" },
    fill: Filling = Filling { _ in },
    _ body: (DashboardLab) async throws -> Void
) async throws {
    try await withScratch { folder in
        try await body(
            try await DashboardLab(in: folder, allowsControl: allowsControl, report: report, fill.fill)
        )
    }
}

/// Puts the status of a fleet into a collection, as its process would.
func addFleet(_ name: String, to collection: HostPath, phase: String = "running", note: String = "") throws {
    let folder = FleetFolder(collection: collection, name: name)
    try FileSystem.createDirectory(folder.path)
    try FileSystem.write("", to: folder.lock)
    let now = JSONText.timeText(Date())
    let status = """
        {"name": "\(name)", "version": "0", "process": 1, "started": "\(now)", "updated": "\(now)",
        "phase": "\(phase)", "slots": [{"number": 0, "state": "ready", "since": "\(now)", "runs": 1234,
        "failures": 0, "recordings": 7, "note": "\(note)"}],
        "totals": {"runs": 1234, "discarded": 0, "sessions": 0, "recordings": 7, "bytes": 0, "verified": 5,
        "diverged": 0, "failures": {}},
        "verification": {"pending": 0, "running": 0, "lag": 0},
        "timeToReady": {"count": 0}, "turnaround": {"count": 0},
        "usage": {"memory": 0, "processorSeconds": 0, "files": 0, "threads": 0}}
        """
    try FileSystem.write(status, to: folder.status)
}

/// Puts records alone into a collection: to the catalogue these are runs as well.
func addRecords(_ count: Int, to collection: HostPath) throws {
    for number in 0..<count {
        let id = "run-\(String(1000 + number).dropFirst())"
        var record = try plannedRecord(id)
        record.tags = number.isMultiple(of: 10) ? ["tenth"] : nil
        if number.isMultiple(of: 4) { try record.become(.failed, because: "nobody came") }
        let folder = RunFolder(collection: collection, id: record.id)
        try FileSystem.createDirectory(folder.path)
        try record.write(to: folder)
    }
}
