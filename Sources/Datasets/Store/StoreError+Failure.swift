import HostSupport
import TraceStore
import Traces

/// Makes what the store throws an error of PANDAcap's own, with what to do.
func namingStore<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let error as StoreError {
        switch error.code {
        case .cannotAccess: throw Failure(.inputOutput, error.description)
        case .damagedFrame, .wrongContents:
            throw Failure(
                .badData,
                error.description,
                hint: "get the file again, and see that its reference is the right one"
            )
        }
    } catch is CancellationError {
        throw Failure(.interrupted, "interrupted; nothing was left half-done")
    }
}
