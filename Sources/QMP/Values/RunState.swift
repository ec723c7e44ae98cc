/// Whether and why the guest runs or stands.
///
/// The list of states grows with QEMU, hence a name that keeps what it does not know.
public struct RunState: RawRepresentable, Hashable, Sendable, Codable {
    /// The name on the wire.
    public var rawValue: String

    /// Creates a state from its name on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The guest runs.
    public static let running = RunState(rawValue: "running")
    /// The guest was stopped by `stop`.
    public static let paused = RunState(rawValue: "paused")
    /// The emulator was started with `-S` and the guest has not run yet.
    public static let prelaunch = RunState(rawValue: "prelaunch")
    /// The guest waits for an incoming migration.
    public static let inmigrate = RunState(rawValue: "inmigrate")
    /// The guest stands while an outgoing migration finishes.
    public static let finishMigrate = RunState(rawValue: "finish-migrate")
    /// The guest stands after an outgoing migration.
    public static let postmigrate = RunState(rawValue: "postmigrate")
    /// The guest stands while its state is restored.
    public static let restoreVM = RunState(rawValue: "restore-vm")
    /// The guest stands while its state is saved.
    public static let saveVM = RunState(rawValue: "save-vm")
    /// The guest has shut down and the emulator stays because of `-no-shutdown`.
    public static let shutdown = RunState(rawValue: "shutdown")
    /// The guest sleeps (ACPI S3).
    public static let suspended = RunState(rawValue: "suspended")
    /// The guest's kernel has panicked.
    public static let guestPanicked = RunState(rawValue: "guest-panicked")
    /// The guest stands after an input or output error.
    public static let ioError = RunState(rawValue: "io-error")
    /// The emulator has failed and the guest cannot go on.
    public static let internalError = RunState(rawValue: "internal-error")
    /// The watchdog has fired.
    public static let watchdog = RunState(rawValue: "watchdog")
    /// The guest stands in a debugger.
    public static let debug = RunState(rawValue: "debug")
    /// The guest stands for a COLO checkpoint.
    public static let colo = RunState(rawValue: "colo")
    /// The emulator was started with `-preconfig` and is not yet set up; unknown to PANDA.
    public static let preconfig = RunState(rawValue: "preconfig")
}

extension RunState: CustomStringConvertible {
    /// The name on the wire.
    public var description: String { rawValue }
}
