/// What the guest prints on its console when its recording is to begin and to end.
public struct SerialWords: Sendable, Codable, Hashable {
    /// What begins a recording.
    public var start: String
    /// What ends it; a rule or the guest's end does where there is nothing.
    public var stop: String?

    /// Describes words.
    public init(start: String, stop: String? = nil) {
        self.start = start
        self.stop = stop
    }
}
