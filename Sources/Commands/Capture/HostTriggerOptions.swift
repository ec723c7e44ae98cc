import ArgumentParser
import Capture
import RunRecords

/// What begins and ends a recording from outside the guest, which need not know of it.
struct HostTriggerOptions: ParsableArguments {
    @Flag(help: "Record from the first connection to the guest until all connections are closed.")
    var onConnection = false

    @Option(help: ArgumentHelp("Record when the guest prints this text on its console.", valueName: "text"))
    var onSerial: String?

    @Option(help: ArgumentHelp("With --on-serial: until the guest prints this text.", valueName: "text"))
    var untilSerial: String?

    @Flag(help: "Record as soon as the guest is ready, until its end or what a limit says.")
    var atOnce = false

    func validate() throws {
        if [onConnection, onSerial != nil, atOnce].count(where: { $0 }) > 1 {
            throw ValidationError("--on-connection, --on-serial and --at-once exclude each other")
        }
        if untilSerial != nil, onSerial == nil { throw ValidationError("--until-serial needs --on-serial") }
        if onSerial?.isEmpty == true || untilSerial?.isEmpty == true {
            throw ValidationError("a text that the guest prints cannot be empty")
        }
    }

    /// The trigger; nothing where none of these was given.
    var trigger: RunRecord.Trigger? {
        onConnection ? .connection : onSerial != nil ? .serial : atOnce ? .atOnce : nil
    }

    /// The option that was given, for messages.
    var name: String { onConnection ? "--on-connection" : onSerial != nil ? "--on-serial" : "--at-once" }

    /// What the guest prints.
    var words: SerialWords? { onSerial.map { SerialWords(start: $0, stop: untilSerial) } }
}
