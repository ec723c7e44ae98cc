import Catalogue
import Fleets
import Foundation
import HostSupport
import RunRecords
import WebServer

extension Dashboard {
    /// Shows a page, a file, or what changes.
    func show(_ request: WebRequest, session: String) async throws -> WebResponse {
        let now = Date()
        let path = request.path
        switch path.first {
        case nil: return try overview.page(at: now).response(settings)
        case "events" where path.count == 1:
            return LiveEvents.response { [self] in try overview.live(at: Date()) }
        case "fleets" where path.count == 2 || path.count == 3:
            return try fleet(path, session: session, now)
        case "runs" where path.count == 1:
            let (page, status) = try runs(request).page(request.query, at: now)
            return try page.response(settings, status: status)
        case "runs": return try await run(request)
        case "dataset" where path.count == 1:
            return try await datasetPage().page(request.query, at: now).response(settings)
        case "dataset" where path == ["dataset", "events"]:
            let page = try datasetPage()
            return LiveEvents.response { await page.live(at: Date()) }
        case "api": return try await api(request, now)
        default: throw Failure(.notFound, "there is no such page")
        }
    }

    private var overview: OverviewPage { OverviewPage(collections: collections, fleets: fleets) }

    private func datasetPage() throws -> DatasetPage {
        guard let dataset else {
            throw Failure(
                .notFound,
                "no dataset is shown",
                hint: "Name one: 'pandacap serve --dataset FOLDER'."
            )
        }
        return DatasetPage(dataset: dataset)
    }

    private func runs(_ request: WebRequest) throws -> RunsPage {
        RunsPage(collection: try collection(request), collections: collections)
    }

    /// The collection that an address names by its number; the first where it names none.
    private func collection(_ request: WebRequest) throws -> CollectionSource {
        let number = request.query["in"] ?? "1"
        guard let found = collections.first(where: { "\($0.number)" == number }) else {
            throw Failure(.notFound, "there is no such collection")
        }
        return found
    }

    private func find(_ id: String) throws -> FleetSource {
        guard let fleet = fleets.first(where: { $0.id == id }) else {
            throw Failure(.notFound, "there is no such fleet")
        }
        return fleet
    }

    private func fleet(_ path: [String], session: String, _ now: Date) throws -> WebResponse {
        let fleet = try find(path[1])
        let place = fleet.folder.path.parent.parent
        let page = FleetPage(
            fleet: fleet,
            collection: collections.first { $0.path == place },
            formToken: settings.allowsControl ? Doorkeeper.formToken(of: session) : nil
        )
        if path.count == 2 { return try page.page(at: now).response(settings) }
        guard path[2] == "events" else { throw Failure(.notFound, "there is no such page") }
        return LiveEvents.response { page.live(at: Date()) }
    }

    private func run(_ request: WebRequest) async throws -> WebResponse {
        let collection = try collection(request)
        let id = request.path[1]
        guard let (folder, files) = collection.run(id) else {
            throw Failure(.notFound, "there is no such run in \(collection.path)")
        }
        let further = Array(request.path.dropFirst(2))
        switch further.first {
        case nil:
            let page = RunPage(id: id, collection: collection, folder: folder, files: files)
            return try page.page().response(settings)
        case "report" where further.count == 1:
            let page = try await reports.page(of: folder.path, stamp: Self.stamp(of: folder))
            var response = WebResponse.data(Array(page.utf8), type: "text/html; charset=utf-8")
            if request.query["download"] != nil {
                response.headers.append(
                    ("Content-Disposition", "attachment; filename=\"\(safeFileName(id)).html\"")
                )
            }
            return response
        case "files":
            let path = Array(further.dropFirst())
            guard let name = path.last, let file = files.open(path) else {
                throw Failure(.notFound, "the run has no such file")
            }
            return Download.response(file, named: "\(id)-\(name)", to: request)
        default: throw Failure(.notFound, "there is no such page")
        }
    }

    /// Changes when a run does, or what replays told of its programs.
    private static func stamp(of run: RunFolder) -> [Int64] {
        let finished = Set(run.finishedAnalyses.map(\.folder))
        // A folder that a plain replay wrote into has no manifest.
        let told = FileSystem.list(run.analyses).map { run.analyses / $0 }.filter {
            finished.contains($0) || !FileSystem.exists($0 / AnalysisManifest.fileName)
        }
        let files = [run.record] + told.flatMap { [$0 / AnalysisManifest.fileName, $0 / "events.jsonl"] }
        return files.map { FileKind($0)?.changed ?? 0 }
    }

    /// What the pages show, for programs.
    private func api(_ request: WebRequest, _ now: Date) async throws -> WebResponse {
        let path = Array(request.path.dropFirst())
        switch path.first {
        case "totals" where path.count == 1:
            return try json(
                collections.map { Totals(collection: $0.path, totals: try $0.totals().totals) }
            )
        case "runs" where path.count == 1:
            let found = try runs(request).find(request.query, at: now)
            guard found.question.problems.isEmpty else {
                throw Failure(.usage, found.question.problems.joined(separator: " "))
            }
            return try json(
                RunList(page: found.question.page, pages: found.pages, count: found.count, runs: found.runs)
            )
        case "runs" where path.count == 2:
            let collection = try collection(request)
            guard let (folder, _) = collection.run(path[1]) else {
                throw Failure(.notFound, "there is no such run in \(collection.path)")
            }
            return try json(try RunRecord.read(from: folder))
        case "fleets" where path.count == 1:
            return try json(
                fleets.map { fleet in
                    let known = fleet.status(at: now)
                    return Fleet(
                        id: fleet.id,
                        isRunning: known?.isRunning ?? false,
                        status: known?.status
                    )
                }
            )
        case "dataset" where path.count == 1:
            return try await json(datasetPage().summary)
        default: throw Failure(.notFound, "there is no such page")
        }
    }

    private func json(_ value: some Encodable) throws -> WebResponse {
        .data(Array(try JSONText.encode(value)), type: "application/json")
    }

    private struct Totals: Encodable {
        let collection: HostPath
        let totals: CatalogueTotals
    }

    private struct RunList: Encodable {
        let page: Int
        let pages: Int
        let count: Int
        let runs: [CataloguedRun]
    }

    private struct Fleet: Encodable {
        let id: String
        let isRunning: Bool
        let status: FleetStatus?
    }
}
