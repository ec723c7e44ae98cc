import Foundation
import HostSupport
import PageTemplates
import WebServer

/// A page as it is shown within the frame of all pages.
struct Page: Sendable {
    /// The pages that the head of each leads to.
    enum Place: Sendable {
        case overview, runs, dataset
    }

    /// The templates and what goes with them.
    enum Resource {
        static let layout = Result { try PageTemplate(PackageResources.layout_mustache, named: "layout") }
        static let message = Result { try PageTemplate(PackageResources.message_mustache, named: "message") }
        static let overview = Result {
            try PageTemplate(PackageResources.overview_mustache, named: "overview")
        }
        static let fleet = Result { try PageTemplate(PackageResources.fleet_mustache, named: "fleet") }
        static let runs = Result { try PageTemplate(PackageResources.runs_mustache, named: "runs") }
        static let run = Result { try PageTemplate(PackageResources.run_mustache, named: "run") }
        static let dataset = Result { try PageTemplate(PackageResources.dataset_mustache, named: "dataset") }

        /// The files that pages load, by their names in `/assets`.
        static let assets: [String: (bytes: [UInt8], type: String)] = [
            "style.css": (PackageResources.style_css, "text/css; charset=utf-8"),
            "live.js": (PackageResources.live_js, "text/javascript; charset=utf-8"),
            "icon.svg": (PackageResources.icon_svg, "image/svg+xml"),
        ]

        /// Changes when one of them does, so that browsers may keep them forever.
        static let stamp = String(
            RunningDigest.text(of: Data(PackageResources.style_css + PackageResources.live_js), .sha256)
                .prefix(12)
        )
    }

    var title: String
    var place: Place?
    var content: String
    /// Where its live values come from.
    var events: String?
    /// What a page that does not have the same must load anew.
    var layout = ""

    /// The whole page.
    ///
    /// - Parameters:
    ///   - settings: What is shown.
    ///   - status: The status.
    /// - Returns: The answer.
    /// - Throws: ``HostSupport/Failure`` with `internal` where a template is wrong.
    func response(_ settings: DashboardSettings, status: Int = 200) throws -> WebResponse {
        let pages: [(Place, String, String)] =
            [(.overview, "/", "Overview"), (.runs, "/runs", "Runs")]
            + (settings.dataset == nil ? [] : [(.dataset, "/dataset", "Dataset")])
        let html = try Resource.layout.get().html([
            "title": title, "stamp": Resource.stamp, "content": content, "version": settings.version,
            "isLive": events != nil, "events": events ?? "", "layout": layout,
            "mode": settings.allowsControl ? "control allowed" : "read only",
            "pages": pages.map {
                ["href": $0.1, "name": $0.2, "isCurrent": place == $0.0] as [String: Any]
            },
        ])
        return .data(Array(html.utf8), type: "text/html; charset=utf-8", status: status)
    }

    /// A page that says one thing.
    static func message(_ title: String, _ text: String, hint: String? = nil) throws -> Page {
        Page(
            title: title,
            content: try Resource.message.get().html([
                "title": title, "text": text, "hint": hint ?? "", "hasHint": hint != nil,
            ])
        )
    }
}
