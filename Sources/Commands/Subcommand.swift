import ArgumentParser
import Foundation
import HostSupport

/// A result that can be shown to a person and to a program.
protocol Report: Encodable {
    /// The result as lines for a person, without a line feed at the end.
    var text: String { get }
}

extension Report {
    /// The lines for a person without control characters: names of recordings and reasons come from guests, or from
    /// whoever made the trace.
    var printableText: String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Console.printable(String($0)) }
            .joined(separator: "\n")
    }
}

/// A command that does one thing and reports its result.
protocol Subcommand: AsyncParsableCommand {
    var global: GlobalOptions { get }

    /// Does the work.
    ///
    /// - Parameter console: What a person is told meanwhile.
    /// - Returns: The exit code.
    /// - Throws: What went wrong, as `Failure` where a person can act on it.
    func execute(_ console: Console) async throws -> Int32
}

extension Subcommand {
    mutating func run() async throws {
        let console = global.console
        let code: Int32
        do {
            code = try await execute(console)
        } catch let failure as Failure {
            console.endProgress()
            if global.json { try print(ErrorReport(error: .init(failure))) }
            try StandardStream.error.write("error: \(failure)\n")
            code = failure.code.exitCode
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// Writes a result to standard output, in the form that was asked for.
    func print(_ report: some Report) throws {
        if global.json {
            try StandardStream.output.write(try JSONText.encode(report))
        } else if !report.text.isEmpty {
            try StandardStream.output.write(report.printableText + "\n")
        }
    }
}

/// A failure as JSON.
private struct ErrorReport: Report {
    struct Content: Encodable {
        let code: String
        let message: String
        let hint: String?

        init(_ failure: Failure) {
            code = failure.code.name
            var plain = failure
            plain.hint = nil
            message = plain.description
            hint = failure.hint
        }
    }

    let error: Content
    var text: String { "" }
}
