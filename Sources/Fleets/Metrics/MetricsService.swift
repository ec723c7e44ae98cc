import HostSupport
import ServiceLifecycle
import WebServer

/// Offers the fleet's numbers to Prometheus, at the loopback address alone.
struct MetricsService: Service {
    let port: UInt16
    let registry: PrometheusRegistry
    let console: Console

    /// Answers until the fleet ends.
    ///
    /// - Throws: ``HostSupport/Failure`` where the port cannot be had.
    func run() async throws {
        let server = WebServer(address: "127.0.0.1", port: port, console: console) { [registry] request in
            guard request.path == ["metrics"] else {
                return .text(404, "there is nothing here but /metrics\n")
            }
            return .data(Array(registry.text.utf8), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        try await server.run()
    }
}
