import Catalogue
import Foundation
import HostSupport
import PageTemplates
import RunRecords
import WebServer

/// The runs of a collection: chosen, sorted, and page by page.
struct RunsPage {
    /// How many runs a page has.
    static let pageSize = 50

    /// What an address asks for, as it stands behind the question mark.
    struct Question {
        var state: CataloguedRun.State?
        var image: String?
        var tag: String?
        var fleet: String?
        var since: String?
        var text: String?
        var order = RunQuery.Order.time
        var isDescending = true
        var page = 1
        /// What cannot be understood; the page says so, and goes without.
        var problems: [String] = []

        /// Reads an address.
        init(_ form: WebForm) {
            image = form["image"]
            tag = form["tag"]
            fleet = form["fleet"]
            since = form["since"]
            text = form["text"]
            if let word = form["state"] {
                state = CataloguedRun.State(rawValue: word)
                if state == nil { problems.append("There is no state '\(word)'.") }
            }
            if let word = form["sort"] {
                if let order = RunQuery.Order(rawValue: word) {
                    self.order = order
                } else {
                    problems.append("Runs cannot be sorted by '\(word)'.")
                }
            }
            isDescending = form["dir"] != "asc"
            page = form["page"].flatMap { Int($0) }.map { min(max(1, $0), 1_000_000) } ?? 1
        }

        /// The question to the catalogue.
        mutating func query(at now: Date) -> RunQuery {
            var query = RunQuery()
            query.states = state.map { [$0] } ?? []
            query.image = image
            query.tags = tag.map { [$0] } ?? []
            query.originName = fleet
            query.text = text
            query.order = order
            query.isDescending = isDescending
            if let since {
                query.since = Date(moment: since, now: now)
                if query.since == nil {
                    problems.append(
                        "'\(since)' is no time: write 2026-11-26, or how long ago it was: 2h, 3d."
                    )
                }
            }
            query.limit = RunsPage.pageSize
            return query
        }

        /// The fields of an address that asks the same.
        func fields(page: Int? = nil, sort: (RunQuery.Order, Bool)? = nil) -> [(name: String, value: String)]
        {
            let (order, isDescending) = sort ?? (self.order, self.isDescending)
            let all: [(String, String?)] = [
                ("state", state?.rawValue),
                ("image", image), ("tag", tag), ("fleet", fleet), ("since", since), ("text", text),
                ("sort", order == .time ? nil : order.rawValue), ("dir", isDescending ? nil : "asc"),
                ("page", page.flatMap { $0 == 1 ? nil : "\($0)" }),
            ]
            return all.compactMap { name, value in value.map { (name, $0) } }
        }

        var isFiltered: Bool { [state?.rawValue, image, tag, fleet, since, text].contains { $0 != nil } }
    }

    /// The columns, and what they can be sorted by.
    private static let columns: [(name: String, order: RunQuery.Order?, isNumber: Bool)] = [
        ("Run", .id, false), ("State", .state, false), ("Image", .image, false), ("Made for", nil, false),
        ("Recordings", .recordings, true), ("Visitors", nil, true), ("Size", .size, true),
        ("Planned, UTC", .time, false), ("Note", nil, false),
    ]

    let collection: CollectionSource
    let collections: [CollectionSource]

    /// What was found.
    struct Found {
        var question: Question
        var runs: [CataloguedRun]
        var count: Int
        var pages: Int
    }

    /// Looks for what a form asks for.
    func find(_ form: WebForm, at now: Date) throws -> Found {
        var question = Question(form)
        var query = question.query(at: now)
        let count = try collection.count(query)
        let pages = max(1, (count + Self.pageSize - 1) / Self.pageSize)
        question.page = min(question.page, pages)
        query.offset = (question.page - 1) * Self.pageSize
        return Found(
            question: question,
            runs: try collection.catalogue.runs(query),
            count: count,
            pages: pages
        )
    }

    /// The page.
    func page(_ form: WebForm, at now: Date) throws -> (page: Page, status: Int) {
        let found = try find(form, at: now)
        let question = found.question
        let sums = try collection.totals()
        var values: [String: Any] = [
            "name": collection.path.name, "path": collection.path.string,
            "hasSeveral": collections.count > 1,
            "collections": collections.map {
                [
                    "number": "\($0.number)", "name": $0.path.string,
                    "isChosen": $0.number == collection.number,
                ]
                    as [String: Any]
            },
            "states": CataloguedRun.State.allCases.map { state in
                ["name": state.rawValue, "isChosen": question.state == state] as [String: Any]
            },
            "images": sums.images, "image": question.image ?? "", "tag": question.tag ?? "",
            "fleet": question.fleet ?? "", "since": question.since ?? "", "text": question.text ?? "",
            "sort": question.order.rawValue, "dir": question.isDescending ? "desc" : "asc",
            "problems": question.problems, "isFiltered": question.isFiltered,
            "allHref": Address.runs(in: collection),
            "rows": found.runs.map { $0.values(at: now, in: collection) },
            "hasRows": !found.runs.isEmpty, "isEmpty": found.runs.isEmpty,
            "columns": columns(question),
            "summary": summary(found),
        ]
        values.merge(pager(found)) { $1 }
        return (
            Page(title: "Runs", place: .runs, content: try Page.Resource.runs.get().html(values)),
            question.problems.isEmpty ? 200 : 400
        )
    }

    private func summary(_ found: Found) -> String {
        guard found.count > 0 else { return "No run matches." }
        let first = (found.question.page - 1) * Self.pageSize + 1
        let last = first + found.runs.count - 1
        let all = Words.number(found.count, "run")
        return found.pages == 1 ? all : "\(Words.count(first)) to \(Words.count(last)) of \(all)"
    }

    private func columns(_ question: Question) -> [[String: Any]] {
        Self.columns.map { column in
            var values: [String: Any] = ["name": column.name, "isNumber": column.isNumber]
            guard let order = column.order else { return values }
            let isCurrent = question.order == order
            // What is sorted by already is turned round; sizes and times begin with the greatest.
            let isDescending =
                isCurrent ? !question.isDescending : [.time, .size, .recordings].contains(order)
            values["isSortable"] = true
            values["href"] = Address.runs(
                in: collection,
                question.fields(sort: (order, isDescending))
            )
            values["isSorted"] = isCurrent
            values["direction"] = question.isDescending ? "descending" : "ascending"
            values["arrow"] = question.isDescending ? "↓" : "↑"
            return values
        }
    }

    private func pager(_ found: Found) -> [String: Any] {
        let page = found.question.page
        func href(_ page: Int) -> String { Address.runs(in: collection, found.question.fields(page: page)) }
        let near = Set([1, page - 1, page, page + 1, found.pages]).filter { (1...found.pages).contains($0) }
            .sorted()
        var links: [[String: Any]] = []
        for (index, number) in near.enumerated() {
            if index > 0, number > near[index - 1] + 1 { links.append(["isGap": true]) }
            links.append([
                "isLink": true, "number": Words.count(number), "href": href(number),
                "isCurrent": number == page,
            ])
        }
        return [
            "hasPages": found.pages > 1, "pageLinks": links,
            "hasPrevious": page > 1, "previous": href(max(1, page - 1)),
            "hasNext": page < found.pages, "next": href(min(found.pages, page + 1)),
        ]
    }
}
