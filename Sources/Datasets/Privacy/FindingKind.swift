/// What must not leave, or what somebody should know of before it leaves.
public enum FindingKind: String, Sendable, Codable, CaseIterable {
    /// A private key: whose it is nobody knows.
    case privateKey = "private-key"
    /// A key of this machine's or of its user's: a private one, or the public half that tells which machine it was.
    case operatorKey = "operator-key"
    /// A private key that PANDAcap made for a run, and that stays on the host.
    case runKey = "run-key"
    /// A private key of the guest's own ssh server, made for the one guest.
    case guestKey = "guest-key"
    /// A private key that is in a library for everybody to see.
    case publishedKey = "published-key"
    /// An address of this machine, of whoever works at it, or of its name server.
    case operatorAddress = "operator-address"
    /// The same, but one that many networks have, such as 192.168.1.5, or that manuals have, such as 192.0.2.1.
    case privateAddress = "private-address"
    /// The user's name.
    case userName = "user-name"
    /// The user's home folder.
    case homeFolder = "home-folder"
    /// This machine's name.
    case hostName = "host-name"
    /// A path of this machine.
    case hostPath = "host-path"
    /// Words that the user wants to know of.
    case canary

    /// Whether it keeps a file from leaving.
    ///
    /// - Parameter role: What the file is.
    /// - Returns: What it comes to.
    public func level(in role: ScannedFile.Role) -> PrivacyFinding.Level {
        switch self {
        case .guestKey, .publishedKey: .note
        // Of words that are in dictionaries, and of addresses that are in every manual, a guest has its own.
        case .userName, .privateAddress: role.isGuests || role == .record ? .note : .block
        case .homeFolder, .hostName, .hostPath, .operatorAddress: role == .record ? .note : .block
        case .privateKey, .operatorKey, .runKey, .canary: .block
        }
    }
}
