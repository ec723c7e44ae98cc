/// What the templates of a bundle are told of the run that they are rendered for.
///
/// What is not known is not defined: a template that uses it fails, and says so.
///
/// Two more are made when the bundle is rendered: `RUN_SSH_KEY`, the line of the run's public key, and `RUN_FILES`,
/// the list of the files that were added.
public struct RunFacts: Sendable {
    /// `RUN_ID`: the run's name.
    public var runID: String
    /// `RUN_HOSTNAME`: what the guest is to call itself.
    public var hostName: String?
    /// `RUN_USER`: who logs in to the guest.
    public var user: String?
    /// `RUN_SSH_PORT`: the host's port that leads to the guest's port 22.
    public var sshPort: UInt16?
    /// `RUN_SFTP_PORT`: the host's port that leads to the guest's port 2222.
    public var sftpPort: UInt16?

    /// Describes a run of which nothing is known but its name.
    public init(runID: String) {
        self.runID = runID
    }

    /// What templates see: these facts over what files and the environment set, and `--set` over all.
    ///
    /// - Parameter variables: The user's settings.
    /// - Returns: The values by their names.
    public func values(with variables: Variables) -> [String: String] {
        var values = [
            "RUN_ID": runID, "RUN_HOSTNAME": hostName, "RUN_USER": user,
            "RUN_SSH_PORT": sshPort.map(String.init), "RUN_SFTP_PORT": sftpPort.map(String.init),
        ].compactMapValues { $0 }
        for variable in variables.all where values[variable.key] == nil || variable.origin == .commandLine {
            values[variable.key] = variable.value
        }
        return values
    }
}
