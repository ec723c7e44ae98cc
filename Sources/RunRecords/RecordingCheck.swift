public import HostSupport
import RRTrace

/// Looks at the files of recordings, without an engine.
public enum RecordingCheck {
    /// The names of the recordings in a folder, whole or not, sorted.
    ///
    /// - Parameter folder: A run's `rr`.
    /// - Returns: The names.
    /// - Throws: ``HostSupport/Failure`` where the folder cannot be read.
    public static func names(in folder: HostPath) throws -> [String] { [] }
}
