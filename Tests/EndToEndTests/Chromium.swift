import Foundation
import HostSupport

/// A browser without a window that looks at pages; what it wants of the network by itself it does not get.
struct Chromium {
    /// What came of looking at a page.
    struct View {
        /// What the page's console got.
        let console: [String]
        /// What the page asked the network for.
        let requests: [String]
        /// The page's elements when its scripts had run.
        let elements: String
        /// The size of the picture in pixels.
        let size: (width: Int, height: Int)
        /// The picture, as PNG.
        let picture: Data
    }

    /// A folder for the browser's files.
    let folder: HostPath

    // A browser that hangs would hang the test.
    private static let tool = Tool("timeout", package: "coreutils")

    /// Looks at a file.
    ///
    /// - Parameters:
    ///   - page: The file.
    ///   - width: The width of the window in pixels.
    ///   - arguments: Further arguments of the browser.
    /// - Returns: What came of it.
    /// - Throws: `Failure` where the browser does not come to an end by itself.
    func look(at page: HostPath, width: Int = 1200, _ arguments: [String] = []) async throws -> View {
        let picture = folder / "page.png"
        let log = folder / "network.json"
        let common = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder / "profile")",
            "--window-size=\(width),1600", "--hide-scrollbars", "--enable-logging=stderr",
        ]
        let shown = try await Self.output(
            common + arguments + ["--log-net-log=\(log)", "--screenshot=\(picture)", "file://\(page)"]
        )
        let dumped = try await Self.output(common + arguments + ["--dump-dom", "file://\(page)"])
        let bytes = try FileSystem.read(picture)
        return View(
            console: shown.standardError.split(separator: "\n").map(String.init).filter {
                $0.contains(":CONSOLE:")
            },
            requests: try Self.requests(log),
            elements: dumped.standardOutput,
            size: (Self.number(bytes, at: 16), Self.number(bytes, at: 20)),
            picture: bytes
        )
    }

    /// Prints a file.
    ///
    /// - Parameter page: The file.
    /// - Returns: The pages, as PDF.
    /// - Throws: `Failure` where the browser does not come to an end by itself.
    func pdf(of page: HostPath) async throws -> Data {
        let file = folder / "page.pdf"
        _ = try await Self.output([
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder / "profile")",
            "--print-to-pdf=\(file)", "file://\(page)",
        ])
        return try FileSystem.read(file)
    }

    private static func output(_ arguments: [String]) async throws -> ToolOutput {
        let output = try await tool.output(["60", "chromium"] + arguments)
        guard output.status == .exited(0) else { throw Failure(.unavailable, output.standardError) }
        return output
    }

    /// The addresses that were asked for by a page, and not by the browser.
    private static func requests(_ log: HostPath) throws -> [String] {
        let object = try JSONSerialization.jsonObject(with: FileSystem.read(log)) as? [String: Any]
        let types = (object?["constants"] as? [String: Any])?["logEventTypes"] as? [String: Int]
        guard let events = object?["events"] as? [[String: Any]], let start = types?["URL_REQUEST_START_JOB"]
        else { throw Failure(.badData, "\(log) is no log of the network") }
        return events.compactMap { event in
            guard event["type"] as? Int == start, let parameters = event["params"] as? [String: Any],
                parameters["initiator"] as? String != "not an origin"
            else { return nil }
            return parameters["url"] as? String
        }
    }

    /// Four bytes of a PNG's header, big endian.
    private static func number(_ bytes: Data, at offset: Int) -> Int {
        bytes.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}
