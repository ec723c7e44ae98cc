import HostSupport

/// A library that must not be a stub, for a stub would only stop the engine.
public struct StubRefusal: Sendable {
    /// The library.
    public let library: String
    /// Who uses it.
    public let user: String
    /// What does the same without it, in a clause.
    public let instead: String?

    /// Describes what must not be.
    public init(library: String, user: String, instead: String?) {
        self.library = library
        self.user = user
        self.instead = instead
    }

    /// What is said where there is a stub.
    var failure: Failure {
        Failure(
            .unavailable,
            "\(user) needs \(library), and this engine has a stub in its place, which would stop it",
            hint: instead
                ?? "'pandacap engine install --force' looks for it again, in Debian's archive or to be built; "
                + "or name an engine that has it with --engine"
        )
    }
}
