import Glibc

extension HostPath {
    /// What a file is called while this process writes it, beside the place where it is to be: a hidden name, so that
    /// nobody takes the half of it for the whole.
    public var draft: HostPath { parent / ".\(name).\(getpid()).new" }
}
