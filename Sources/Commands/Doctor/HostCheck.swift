/// One thing that was looked at on this host.
struct HostCheck: Encodable {
    /// What came of it.
    enum Status: String, Encodable {
        case ok
        /// Worth knowing, or wanted by some commands only.
        case note
        /// Nothing can be recorded without it.
        case missing
    }

    /// What was looked at.
    let name: String
    let status: Status
    /// What was found.
    let text: String
    /// How to get what is missing.
    var remedy: String?
}
