import HostSupport

/// What lets its owner make deposits.
///
/// It is in no argument vector, no file and no message.
public struct DepositToken: Sendable {
    /// The variable that it is taken from.
    public static let variable = "ZENODO_TOKEN"

    let secret: String

    /// Takes the token from variables.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - service: The service, for the hint.
    /// - Throws: ``HostSupport/Failure`` with `configuration` where there is none, or where it cannot be one.
    public init(from environment: [String: String], for service: DepositService) throws {
        guard let secret = environment[Self.variable], !secret.isEmpty else {
            throw Failure(
                .configuration,
                "\(Self.variable) is not set",
                hint: Self.hint(for: service)
            )
        }
        guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Failure(.configuration, "\(Self.variable) has characters that no token has")
        }
        self.secret = secret
    }

    static func hint(for service: DepositService) -> String {
        "make a token with the scopes deposit:write and deposit:actions at "
            + "\(service.base)/account/settings/applications/, and put it into \(variable)"
    }
}
