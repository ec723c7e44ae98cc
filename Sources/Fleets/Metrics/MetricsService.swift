import HostSupport
import Hummingbird
import Logging

/// Offers the fleet's numbers to Prometheus, at the loopback address alone.
enum MetricsService {
    /// The server.
    ///
    /// - Parameters:
    ///   - port: The port.
    ///   - registry: The numbers.
    ///   - logger: What the server logs to.
    /// - Returns: The service.
    static func make(port: UInt16, registry: PrometheusRegistry, logger: Logger) -> some ApplicationProtocol {
        let router = Router()
        router.get("metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text))
            )
        }
        return Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: Int(port)),
                serverName: "pandacap"
            ),
            logger: logger
        )
    }
}
