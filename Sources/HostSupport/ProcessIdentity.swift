import Glibc

/// Who this process is.
public enum ProcessIdentity {
    /// This process's identifier.
    public static var current: Int32 { getpid() }
}
