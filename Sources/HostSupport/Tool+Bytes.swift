public import Foundation
import Subprocess
import SystemPackage

extension Tool {
    /// Runs the program as a filter of bytes and expects it to succeed.
    ///
    /// - Parameters:
    ///   - arguments: The argument vector without the program's name.
    ///   - input: Its standard input.
    ///   - limit: The most bytes that it may write; it is ended when it writes more.
    /// - Returns: What it wrote to its standard output.
    /// - Throws: ``Failure`` where it is missing, cannot be started, writes more than `limit`, or fails, with the
    ///   first line of its standard error.
    public func filter(_ arguments: [String], input: Data, limit: Int) async throws -> Data {
        let program = try located()
        let line = shellLine([name] + arguments)
        do {
            let result = try await Subprocess.run(
                .path(FilePath(program.string)),
                arguments: Arguments(arguments),
                input: .data(input),
                output: .data(limit: limit),
                error: .string(limit: 64 << 10)
            )
            try Task.checkCancellation()
            let status = ExitStatus(result.terminationStatus)
            guard status == .exited(0) else {
                let said = result.standardError.split(whereSeparator: \.isNewline).first
                throw Failure(.system, "\(line) \(status)" + (said.map { ": \($0)" } ?? ""))
            }
            return result.standardOutput
        } catch let error as SubprocessError {
            throw Failure(.system, "cannot run \(line)", cause: error)
        }
    }
}
