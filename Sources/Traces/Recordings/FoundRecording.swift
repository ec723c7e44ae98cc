/// A recording found in a folder, whole or not.
public struct FoundRecording: Hashable, Sendable {
    /// What became of one of the two files.
    public enum File: Hashable, Sendable {
        /// A regular file of that many bytes.
        case present(bytes: Int)
        /// There is none of that name.
        case missing
        /// A symbolic link, a folder, a pipe or the like, which is not followed or opened.
        case notRegularFile
    }

    /// The files' names.
    public var files: RecordingFiles

    /// The snapshot.
    public var snapshot: File

    /// The log of nondeterministic inputs.
    public var nondetLog: File

    /// Whether both files are there; what they hold is another question.
    public var isPair: Bool {
        guard case .present = snapshot, case .present = nondetLog else { return false }
        return true
    }
}
