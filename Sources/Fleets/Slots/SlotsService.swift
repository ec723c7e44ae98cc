import ServiceLifecycle

/// The slots of a fleet, side by side.
struct SlotsService: Service {
    let crew: FleetCrew

    /// Keeps the guests alive until the fleet is drained.
    ///
    /// - Throws: `CancellationError`.
    func run() async throws {
        crew.board.update { $0.phase = .running }
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                for slot in crew.plan.slots {
                    group.addTask { try await FleetSlot(slot: slot, crew: crew).run() }
                }
            }
        } onGracefulShutdown: {
            crew.control.drain()
        }
    }
}
