import HostSupport
import RunRecords

/// The sockets through which a gate and the engine find each other, where the guest may connect to what is listed.
struct EgressSockets: Sendable {
    private let outward: UnixListener
    private let inward: UnixListener
    private let back: UnixListener
    private let filter: EgressFilter

    /// Makes the sockets.
    ///
    /// - Parameter plan: The guest's plan.
    /// - Throws: `Failure` where one cannot be made.
    init?(_ plan: GuestPlan) throws {
        guard case .allowed = plan.egress else { return nil }
        filter = EgressFilter(rules: try plan.egress.rules())
        outward = try UnixListener(plan.runtime.outward)
        inward = try UnixListener(plan.runtime.inward)
        back = try UnixListener(plan.runtime.back)
    }

    /// Waits for the engine, and stands in its way.
    ///
    /// - Parameter accept: Waits for the engine at a socket.
    /// - Returns: The gate; nothing where the engine does not come.
    /// - Throws: What `accept` throws.
    func gate(_ accept: (UnixListener) async throws -> UnixConnection?) async throws -> EgressGate? {
        guard let outward = try await accept(outward), let inward = try await accept(inward),
            let back = try await accept(back)
        else { return nil }
        return EgressGate(filter, outward: outward, inward: inward, back: back)
    }
}

/// What came of a guest's network.
struct NetworkOutcome: Sendable {
    /// What went wrong with its capture, or with the filter.
    let problem: String?
    /// What was refused; nothing where nothing is.
    let refused: RefusedTraffic?
}
