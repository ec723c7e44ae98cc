import HostSupport
import PageTemplates

extension ReportPage {
    /// The digest of `page.js`, by which the page's policy lets that script run and no other.
    static let scriptDigest = "sha256-34dgTNZ9Q6Etu4dtGSgBNLM7VI0PfuDDzAV48YaCCqc="

    static let script = String(decoding: PackageResources.page_js, as: UTF8.self)
    static let style = String(decoding: PackageResources.page_css, as: UTF8.self)

    /// The page as one HTML file that is well-formed XML, too, and loads nothing.
    ///
    /// - Throws: ``HostSupport/Failure`` with `internal` where the template is wrong.
    public func html() throws -> String {
        try PageTemplate(PackageResources.page_mustache, named: "page.mustache").html(values)
    }

    private var values: [String: Any] {
        [
            "subject": subject.word, "origin": origin, "title": title, "generator": generator,
            "scriptDigest": Self.scriptDigest, "style": Self.style,
            "script": Self.script, "hasSeveral": sections.count > 1,
            "sections": sections.enumerated().map { $1.values(id: "r\($0 + 1)") },
        ]
    }
}

extension ReportSection {
    fileprivate func values(id: String) -> [String: Any] {
        [
            "id": id, "heading": (kind.map { $0 + " " } ?? "") + name, "name": name, "summary": summary,
            "problems": problems,
            "facts": facts.map { ["name": $0.name, "value": $0.value] },
            "figures": figures.enumerated().map { $1.values(id: "\(id)-f\($0 + 1)") },
        ]
    }
}

extension ReportFigure {
    fileprivate func values(id: String) -> [String: Any] {
        var values: [String: Any] = [
            "id": id, "title": title, "caption": caption, "hasKeys": !keys.isEmpty,
            "keys": keys.map { ["mark": $0.mark.rawValue, "text": $0.text] },
        ]
        let label = Markup.Label(id: id, title: title, description: description)
        switch content {
        case .slices(let chart): values["drawing"] = SliceDrawing(chart: chart, label: label).markup.text
        case .bars(let chart): values["drawing"] = BarDrawing(chart: chart, label: label).markup.text
        case .spans(let chart): values["drawing"] = SpanDrawing(chart: chart, label: label).markup.text
        case .text(let lines): values["terminal"] = ["lines": lines]
        case .tableOnly: break
        case .sentence(let text): values["caption"] = text
        }
        if let table { values["table"] = table.values(isFolded: content != .tableOnly) }
        return values
    }
}

extension ReportTable {
    fileprivate func values(isFolded: Bool) -> [String: Any] {
        let isText = columns.indices.map { column in
            rows.first.map { column < $0.cells.count && !$0.cells[column].isNumber } ?? true
        }
        return [
            "isFolded": isFolded,
            "columns": zip(columns, isText).map { ["name": $0, "isText": $1] as [String: Any] },
            "rows": rows.map { row in
                [
                    "head": Self.values(row.cells.prefix(1)), "cells": Self.values(row.cells.dropFirst()),
                    "hasSlices": row.slices != nil,
                    "slices": row.slices.map { "\($0.lowerBound)-\($0.upperBound - 1)" } ?? "",
                ] as [String: Any]
            },
            "hasTotal": total != nil, "totalHead": Self.values((total ?? []).prefix(1)),
            "total": Self.values((total ?? []).dropFirst()),
            "hasNote": note != nil, "note": note ?? "",
        ]
    }

    private static func values(_ cells: ArraySlice<Cell>) -> [[String: Any]] {
        cells.map { ["text": $0.text, "isText": !$0.isNumber] }
    }
}
