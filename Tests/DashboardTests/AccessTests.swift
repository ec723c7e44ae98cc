import HostSupport
import TestSupport
import Testing
import WebServer

@testable import Dashboard

@Suite("Who may come in")
struct AccessTests {
    private static let host: (name: String, value: String) = ("Host", "127.0.0.1:8090")

    @Test("whoever has the token, once; from then on his cookie")
    func token() async throws {
        try await withDashboard { lab in
            let token = lab.dashboard.doorkeeper.token
            let first = await lab.dashboard.answer(
                WebRequest("GET", "/?token=\(token)", headers: [Self.host])
            )
            #expect(first.status == 303 && first.header("Location") == "/")
            let cookie = try #require(first.header("Set-Cookie"))
            #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
            #expect(!cookie.contains(token))
            let pair = cookie.prefix { $0 != ";" }
            let page = await lab.dashboard.answer(
                WebRequest("GET", "/", headers: [Self.host, ("Cookie", "other=1; \(pair)")])
            )
            #expect(page.status == 200)
            let again = await lab.dashboard.answer(
                WebRequest("GET", "/?token=\(token)", headers: [Self.host])
            )
            #expect(again.status == 401 && again.header("Set-Cookie") == nil)
            #expect(lab.dashboard.address == "http://127.0.0.1:8090/?token=\(lab.dashboard.doorkeeper.token)")
            #expect(lab.dashboard.doorkeeper.token != token)
            // Who is in already and opens an old bookmark is not put out.
            #expect(await lab.get("/?token=\(token)").status == 303)
        }
    }

    @Test(
        "nobody else, whatever is asked for",
        arguments: [
            "/", "/runs", "/runs/one", "/runs/one/files/run.json", "/runs/one/report", "/events",
            "/api/totals",
            "/fleets/trial", "/fleets/trial/events", "/dataset", "/?token=", "/?token=0", "/nothing",
        ]
    )
    func nobody(target: String) async throws {
        try await withDashboard(fill: .fleet("trial")) { lab in
            let cookies = ["", "\(lab.dashboard.doorkeeper.cookieName)=\(String(repeating: "0", count: 32))"]
            for cookie in cookies {
                let answer = await lab.dashboard.answer(
                    WebRequest("GET", target, headers: [Self.host, ("Cookie", cookie)])
                )
                #expect(answer.status == 401)
                #expect(answer.header("Cache-Control") == "no-store")
            }
            let post = await lab.dashboard.answer(
                WebRequest("POST", target, headers: [Self.host, ("Origin", "http://127.0.0.1:8090")])
            )
            #expect(post.status == 401)
        }
    }

    @Test(
        "a page of a name that was made to lead here is told nothing",
        arguments: [
            "evil.example", "evil.example:8090", "127.0.0.1.evil.example", "localhost.evil.example:8090", "",
            "[evil]",
            "127.0.0.1:port", "0x7f000001", "2130706433", "127.1",
        ]
    )
    func rebinding(host: String) async throws {
        #expect(!Doorkeeper.isAddress(host))
        try await withDashboard { lab in
            let answer = await lab.dashboard.answer(
                WebRequest("GET", "/", headers: [("Host", host), ("Cookie", lab.cookie)])
            )
            #expect(answer.status == 421)
            let twice = await lab.get("/", [("Host", "127.0.0.1:8090")])
            #expect(twice.status == 421, "two hosts are none")
        }
    }

    @Test(
        "one who knows where he is may ask",
        arguments: [
            "127.0.0.1", "127.0.0.1:8090", "localhost", "localhost:9000", "[::1]:8090", "[::1]",
            "192.0.2.7:80",
        ]
    )
    func hosts(host: String) {
        #expect(Doorkeeper.isAddress(host))
    }

    @Test("texts are equal or not, however long")
    func equal() {
        #expect(Doorkeeper.areEqual("", ""))
        #expect(Doorkeeper.areEqual("abc", "abc"))
        for other in ["abd", "ab", "abcd", "", "ABC"] { #expect(!Doorkeeper.areEqual("abc", other)) }
    }

    @Test("no more browsers than there is room for; the first has to leave")
    func sessions() throws {
        let doorkeeper = Doorkeeper(port: 1)
        let all = (0..<40).compactMap { _ in doorkeeper.admit(doorkeeper.token) }
        #expect(Set(all).count == 40)
        #expect(doorkeeper.session(of: all[0]) == nil)
        #expect(doorkeeper.session(of: all[39]) == all[39])
        #expect(doorkeeper.session(of: nil) == nil)
    }

    @Test(
        "every answer says what its page may do",
        arguments: ["/", "/runs", "/nothing", "/assets/style.css", "/api/totals"]
    )
    func policies(target: String) async throws {
        try await withDashboard { lab in
            let answer = await lab.get(target)
            let policy = try #require(answer.header("Content-Security-Policy"))
            #expect(policy.hasPrefix("default-src 'self'; ") && !policy.contains("unsafe"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(answer.header("X-Content-Type-Options") == "nosniff")
            #expect(answer.header("X-Frame-Options") == "DENY")
            #expect(!answer.text.contains("style=\"") && !answer.text.contains("<style"))
            #expect(!answer.text.contains("onclick") && !answer.text.contains("<script>"))
        }
    }

    @Test("addresses to listen at are read")
    func addresses() throws {
        let good: [(String, String, UInt16, Bool)] = [
            ("127.0.0.1:8090", "127.0.0.1", 8090, true), ("127.0.0.1", "127.0.0.1", 0, true),
            (":80", "127.0.0.1", 80, true), ("localhost:1", "127.0.0.1", 1, true),
            ("[::1]:9", "::1", 9, true),
            ("0.0.0.0:80", "0.0.0.0", 80, false), ("::1", "::1", 0, true), ("[::]:80", "::", 80, false),
            ("192.0.2.1:80", "192.0.2.1", 80, false),
        ]
        for (text, address, port, isLoopback) in good {
            let read = try #require(ListenAddress(text), "\(text)")
            #expect(read.address == address && read.port == port && read.isLoopback == isLoopback, "\(text)")
        }
        for text in [
            "name:80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "[::1", "1.2.3", "evil.example",
        ] {
            #expect(ListenAddress(text) == nil, "\(text)")
        }
    }
}

@Suite("What may be done")
struct ControlTests {
    @Test("nothing, unless that was allowed")
    func readOnly() async throws {
        try await withDashboard(fill: .fleet("trial")) { lab in
            let form = "form=\(Doorkeeper.formToken(of: lab.session))"
            for target in ["/fleets/trial/drain", "/fleets/trial/down", "/", "/runs"] {
                #expect(await lab.post(target, form).status == 404)
            }
            #expect(await !lab.get("/fleets/trial").text.contains("<form"))
            #expect(await lab.get("/fleets/trial").text.contains("read only"))
        }
    }

    @Test("by a form of a page of ours alone")
    func forms() async throws {
        try await withDashboard(allowsControl: true, fill: .fleet("trial")) { lab in
            let page = await lab.get("/fleets/trial").text
            let token = Doorkeeper.formToken(of: lab.session)
            #expect(page.contains("name=\"form\" value=\"\(token)\""))
            #expect(!page.contains(lab.session))
            for (body, origin) in [
                ("form=\(token)", nil), ("form=\(token)", "http://evil.example"), ("form=\(token)", "null"),
                ("form=\(token)", "https://127.0.0.1:8090"), ("form=\(token)", "http://127.0.0.1:9"),
                ("form=0", "http://127.0.0.1:8090"), ("", "http://127.0.0.1:8090"),
                ("form=\(token)&form=\(token)", "http://127.0.0.1:8090"),
            ] as [(String, String?)] {
                #expect(await lab.post("/fleets/trial/drain", body, origin: origin).status == 403)
            }
            // The fleet's process is made up: it does not run.
            #expect(await lab.post("/fleets/trial/drain", "form=\(token)").status == 503)
            #expect(await lab.post("/fleets/other/drain", "form=\(token)").status == 404)
            #expect(await lab.post("/fleets/trial/start", "form=\(token)").status == 404)
            let put = await lab.dashboard.answer(
                WebRequest("PUT", "/", headers: [("Host", "127.0.0.1:8090"), ("Cookie", lab.cookie)])
            )
            #expect(put.status == 405)
        }
    }
}
