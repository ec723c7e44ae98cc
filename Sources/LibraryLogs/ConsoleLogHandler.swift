package import HostSupport
package import Logging

/// Hands what libraries log to the console: their warnings to everybody, the rest to whoever looks for a fault.
struct ConsoleLogHandler: LogHandler {
    let console: Console
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { " \($0.key)=\($0.value)" }.joined()
        // What goes wrong in a task that is told to end is no news.
        if event.level >= .error, !Task.isCancelled {
            console.warning("\(event.message)\(details)")
        } else {
            console.detail("\(event.message)\(details)")
        }
    }
}

/// What libraries log to.
///
/// - Parameters:
///   - label: What its lines are of.
///   - console: Who is told.
/// - Returns: The logger, which only libraries know by its type.
package func libraryLogger(_ label: String, console: Console) -> Logger {
    Logger(label: label) { _ in ConsoleLogHandler(console: console) }
}
