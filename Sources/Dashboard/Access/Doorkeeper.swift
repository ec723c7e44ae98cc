import Foundation
import HostSupport
import Synchronization

/// Who may come in: whoever has the address with the token first, and from then on his browser.
final class Doorkeeper: Sendable {
    private struct State {
        var token: String
        var sessions: [String] = []
    }

    /// How many browsers may be in at once; the first one has to leave for another.
    private static let sessionLimit = 32

    private let state = Mutex(State(token: Doorkeeper.secret()))
    /// Names the port, too: cookies are those of a host, and several dashboards may be.
    let cookieName: String

    /// Guards a dashboard at a port.
    init(port: UInt16) {
        cookieName = "pandacap-\(port)"
    }

    /// The token that lets somebody in, once.
    var token: String { state.withLock { $0.token } }

    /// Lets in whoever has the token; another one takes its place.
    ///
    /// - Returns: The new session; nothing where the token is wrong, or was used.
    func admit(_ token: String) -> String? {
        let session = Self.secret()
        let next = Self.secret()
        return state.withLock { state in
            guard Self.areEqual(token, state.token) else { return nil }
            state.token = next
            state.sessions = state.sessions.suffix(Self.sessionLimit - 1) + [session]
            return session
        }
    }

    /// The session that a cookie is of; nothing where it is none of ours.
    func session(of cookie: String?) -> String? {
        guard let cookie else { return nil }
        return state.withLock { $0.sessions }.filter { Self.areEqual(cookie, $0) }.first
    }

    /// What a form has to send back, which only pages of this session know.
    static func formToken(of session: String) -> String {
        hexadecimal(RunningDigest.code(of: Data("form".utf8), key: Data(session.utf8)))
    }

    /// Whether two texts are equal; how long it takes tells nothing but their lengths.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Whether a header Host can only be of somebody who knows where he is.
    ///
    /// A page of somebody else's can have its own name lead here (DNS rebinding), but neither an address nor
    /// `localhost`.
    static func isAddress(_ host: String?) -> Bool {
        guard let host else { return false }
        var name = host[...]
        if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") {
            guard UInt16(name[name.index(after: colon)...]) != nil else { return false }
            name = name[..<colon]
        }
        if name == "localhost" { return true }
        if name.hasPrefix("["), name.hasSuffix("]") {
            return IPAddressText.isIPv6(String(name.dropFirst().dropLast()))
        }
        return IPAddressText.isIPv4(String(name))
    }

    private static func secret() -> String {
        // The system's generator, which is fit for secrets.
        var generator = SystemRandomNumberGenerator()
        return hexadecimal((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
