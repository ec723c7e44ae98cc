public import HostSupport
public import Traces

extension SnapshotMemory: GuestMemory {}

extension KernelBoot {
    /// Finds a kernel in a snapshot: a recording's `NAME-rr-snp`, or a warm state.
    ///
    /// - Parameters:
    ///   - profile: The kernel's profile.
    ///   - snapshot: The path of the snapshot.
    /// - Throws: ``HostSupport/Failure`` with `bad-data` where the snapshot is damaged or of another kernel, saying
    ///   what was not found; with `not-found` or `input-output` where it cannot be read.
    public init(of profile: KernelProfile, inSnapshot snapshot: HostPath) throws {
        let memory: SnapshotMemory
        do throws(TraceFormatError) {
            memory = try SnapshotMemory(path: snapshot.string)
        } catch {
            let code: Failure.Code =
                switch error.code {
                case .cannotOpen, .notRegularFile: .notFound
                case .cannotRead: .inputOutput
                default: .badData
                }
            throw Failure(code, "cannot read the memory in the snapshot \(snapshot): \(error)")
        }
        do {
            try self.init(of: profile, in: memory)
        } catch var failure as Failure {
            failure.message = "the snapshot \(snapshot): \(failure.message)"
            throw failure
        }
    }
}
