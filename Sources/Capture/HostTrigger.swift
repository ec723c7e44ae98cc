import HostSupport
import QMP
import RunRecords

/// Says when the host is to begin and to end a recording, where neither the guest nor a login of ours does.
struct HostTrigger {
    private let trigger: RunRecord.Trigger
    private let words: SerialWords?
    private let activity: NetworkActivity
    private var search: ConsoleSearch
    private var connections: Int

    /// Describes the trigger of a plan; connections that were there before do not count.
    init(_ plan: CapturePlan, _ activity: NetworkActivity) {
        trigger = plan.record.trigger
        words = plan.serial
        self.activity = activity
        search = ConsoleSearch(console: plan.files.console)
        connections = activity.connections
    }

    /// What is waited for, for people; nothing where nothing is.
    var awaited: String? {
        switch trigger {
        case .connection: "a connection"
        case .serial: words.map { "'\($0.start)' on the console" }
        case .atOnce, .command, .login, .guest: nil
        }
    }

    /// Whether a recording is to begin.
    mutating func begins() -> Bool {
        switch trigger {
        case .connection:
            guard activity.connections > connections else { return false }
            connections = activity.connections
            return true
        case .serial: return words.map { search.reaches($0.start) } ?? false
        case .atOnce: return true
        case .command, .login, .guest: return false
        }
    }

    /// Whether the recording is to end.
    mutating func ends() -> Bool {
        switch trigger {
        case .connection: activity.openConnections == 0
        case .serial: words?.stop.map { search.reaches($0) } ?? false
        case .atOnce, .command, .login, .guest: false
        }
    }
}

extension Capture {
    /// Begins and ends the recordings from the host, when the trigger says so.
    func recordFromHost(_ guest: RunningGuest) async throws {
        var trigger = HostTrigger(plan, guest.activity)
        var number = 0
        while plan.wantsMore(than: number) {
            if let awaited = trigger.awaited { console.step("waiting for \(awaited)") }
            while !trigger.begins() { try await Task.sleep(for: .milliseconds(20)) }
            try await guest.control.beginRecord(fileName: "\(plan.recordingName)_\(number.digits(3))")
            try await require("begin") { look().open != nil || look().ended > number }
            while look().ended <= number, !trigger.ends() { try await Task.sleep(for: .milliseconds(20)) }
            if look().ended <= number { try await guest.control.endRecord() }
            try await require("end") { look().ended > number }
            number += 1
        }
    }

    private func require(_ step: String, _ holds: () -> Bool) async throws {
        guard
            try await poll(for: .seconds(60), every: .milliseconds(10), until: { holds() ? true : nil })
                == nil
        else { return }
        throw Failure(
            .unavailable,
            "the engine did not \(step) a recording that it was asked to",
            hint: "see \(plan.files.engineLog)"
        )
    }
}
