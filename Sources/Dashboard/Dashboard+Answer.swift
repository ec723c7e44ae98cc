import Fleets
import Foundation
import HostSupport
import WebServer

extension Dashboard {
    /// Pages load nothing from elsewhere, run no script but ours, and are shown in no frame of somebody else's.
    private static let policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'"
    /// A page with pictures has its style and script in itself, and nothing of this server's.
    private static let reportPolicy =
        "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

    /// Answers a request.
    ///
    /// - Parameter request: The request, of anybody.
    /// - Returns: The answer.
    func answer(_ request: WebRequest) async -> WebResponse {
        var response: WebResponse
        do {
            response = try await admitted(request)
        } catch {
            response = failed(error)
        }
        let isReport = Self.isReport(request)
        let own: [(name: String, value: String)] = [
            ("Content-Security-Policy", isReport ? Self.reportPolicy : Self.policy),
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", isReport ? "SAMEORIGIN" : "DENY"),
            // With none at all, browsers would not say where a form of ours comes from, either.
            ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        response.headers += own
        if !response.headers.contains(where: { $0.name == "Cache-Control" }) {
            response.headers.append(("Cache-Control", "no-store"))
        }
        return response
    }

    /// Whether a page with pictures is asked for.
    static func isReport(_ request: WebRequest) -> Bool {
        request.path.count == 3 && request.path.last == "report"
    }

    /// Answers whoever may come in, and shows the others out.
    private func admitted(_ request: WebRequest) async throws -> WebResponse {
        guard Doorkeeper.isAddress(request.header("Host")) else {
            return .text(421, "ask for this by its address, or as localhost\n")
        }
        guard request.method != nil else {
            return WebResponse(405, headers: [("Allow", "GET, HEAD")], body: .bytes([]))
        }
        if request.path.count == 2, request.path[0] == "assets" { return asset(request.path[1]) }
        let session = doorkeeper.session(of: request.cookie(doorkeeper.cookieName))
        if request.path.isEmpty, let token = request.query["token"], request.method == .get {
            return try exchange(token, isIn: session != nil)
        }
        guard let session else {
            let page = try Page.message(
                "Not signed in",
                "This browser has not been let in.",
                hint: "Open the address that 'pandacap serve' has printed. Each address lets one browser in."
            )
            return try page.response(settings, status: 401)
        }
        if request.method == .post { return try await change(request, session: session) }
        return try await show(request, session: session)
    }

    private func exchange(_ token: String, isIn: Bool) throws -> WebResponse {
        if let session = doorkeeper.admit(token) {
            console.step("a browser was let in; another one is by \(address)")
            var response = WebResponse.redirect(to: "/")
            response.headers.append(
                (
                    "Set-Cookie",
                    "\(doorkeeper.cookieName)=\(session); Path=/; HttpOnly; SameSite=Strict"
                )
            )
            return response
        }
        if isIn { return .redirect(to: "/") }
        let page = try Page.message(
            "Not signed in",
            "This address is wrong, or has let a browser in already.",
            hint: "'pandacap serve' prints a new address each time one was used."
        )
        return try page.response(settings, status: 401)
    }

    private func asset(_ name: String) -> WebResponse {
        guard let asset = Page.Resource.assets[name] else { return .text(404, "there is no such file\n") }
        var response = WebResponse.data(asset.bytes, type: asset.type)
        // Their addresses have a digest.
        response.headers.append(("Cache-Control", "private, max-age=31536000, immutable"))
        return response
    }

    private func failed(_ error: any Error) -> WebResponse {
        let failure = error as? Failure
        let status =
            switch failure?.code {
            case .notFound: 404
            case .notPermitted: 403
            case .usage: 400
            case .unavailable, .timeout: 503
            default: 500
            }
        if status == 500 { console.warning(failure?.description ?? "\(error)") }
        let title =
            switch status {
            case 404: "Not found"
            case 403: "Not permitted"
            case 400: "Not understood"
            default: "That did not work"
            }
        do {
            let page = try Page.message(title, failure?.message ?? "\(error)", hint: failure?.hint)
            return try page.response(settings, status: status)
        } catch {
            return .text(500, "the templates of the pages are wrong\n")
        }
    }

    /// Does what a form asks for, where that is allowed at all.
    private func change(_ request: WebRequest, session: String) async throws -> WebResponse {
        guard settings.allowsControl, request.path.count == 3, request.path[0] == "fleets",
            let fleet = fleets.first(where: { $0.id == request.path[1] }),
            ["drain", "down"].contains(request.path[2])
        else { throw Failure(.notFound, "nothing can be changed here") }
        let ownOrigin = request.header("Host").map { "http://\($0)" }
        guard let origin = request.header("Origin"), origin == ownOrigin,
            Doorkeeper.areEqual(request.form["form"] ?? "", Doorkeeper.formToken(of: session))
        else { throw Failure(.notPermitted, "the form is not one of a page of this dashboard") }
        guard let process = FleetProcess.running(fleet.folder) else {
            throw Failure(.unavailable, "the fleet '\(fleet.folder.path.name)' does not run")
        }
        console.step("the dashboard asks the fleet '\(fleet.folder.path.name)' to end: \(request.path[2])")
        try await process.askToEnd(fleet.folder, hurries: request.path[2] == "down")
        return .redirect(to: Address.fleet(fleet))
    }
}
