import HostSupport
import RunRecords
import WebServer

/// A file as it is sent to whoever wants to keep it.
enum Download {
    /// The answer to a request for a file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: What it is to be called.
    ///   - request: The request, which may want a part of it.
    /// - Returns: The answer.
    static func response(_ file: WebFile, named name: String, to request: WebRequest) -> WebResponse {
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/octet-stream"), ("Accept-Ranges", "bytes"),
            ("Content-Disposition", "attachment; filename=\"\(safeFileName(name, limit: 200))\""),
        ]
        switch WebRange(request.header("Range"), size: file.size) {
        case .whole:
            return WebResponse(200, headers: headers, body: .file(file, 0..<file.size))
        case .part(let range):
            headers.append(
                ("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)")
            )
            return WebResponse(206, headers: headers, body: .file(file, range))
        case .unsatisfiable:
            return WebResponse(416, headers: [("Content-Range", "bytes */\(file.size)")])
        }
    }
}
