import Catalogue
import HostSupport
import RunRecords

/// The collection's catalogue, as far as a fleet writes to it: what goes wrong there is told and ends no run.
struct RunIndex: Sendable {
    let enter: @Sendable (RunRecord, RunFolder) -> Void
    let remove: @Sendable (RunID) -> Void
}
