extension QMPClient {
    private struct LoadArguments: Encodable {
        let fileName: String?
        let name: String
        let arguments: String?

        enum CodingKeys: String, CodingKey {
            case fileName = "file_name"
            case name = "plugin_name"
            case arguments = "plugin_args"
        }
    }

    private struct UnloadArguments: Encodable {
        let index: Int
    }

    /// Loads a PANDA plugin.
    ///
    /// On the wire: `load_plugin {"plugin_name": name, "file_name": fileName, "plugin_args": "a,b=c"}`, where
    /// what is nil or empty is left out. PANDA reports no error if the plugin cannot be loaded: ask
    /// ``listPlugins(timeout:)``.
    ///
    /// - Parameters:
    ///   - name: The name of the plugin.
    ///   - fileName: Its library, if it is not where PANDA's own plugins are.
    ///   - arguments: Arguments of the form `key` or `key=value`. PANDA takes them as one list with commas
    ///     and without escapes, so none may contain a comma.
    ///   - timeout: How long to wait for the reply.
    /// - Throws: ``QMPError``; it has the code ``QMPError/Code/commandNotFound`` if the emulator is not PANDA.
    public func loadPlugin(
        _ name: String,
        fileName: String? = nil,
        arguments: [String] = [],
        timeout: Duration = defaultTimeout
    ) async throws {
        if let argument = arguments.first(where: { $0.contains(",") }) {
            throw QMPError(.invalidArgument, "the plugin argument \(quoted(argument)) contains a comma")
        }
        let all = LoadArguments(
            fileName: fileName,
            name: name,
            arguments: arguments.isEmpty ? nil : arguments.joined(separator: ",")
        )
        try await explainingStockQEMU { try await execute("load_plugin", arguments: all, timeout: timeout) }
    }

    /// Unloads a PANDA plugin.
    ///
    /// On the wire: `unload_plugin {"index": index}`. PANDA ignores an index that it does not have.
    public func unloadPlugin(index: Int, timeout: Duration = defaultTimeout) async throws {
        try await explainingStockQEMU {
            try await execute("unload_plugin", arguments: UnloadArguments(index: index), timeout: timeout)
        }
    }

    /// Asks which PANDA plugins are loaded, in the order of their index.
    ///
    /// On the wire: `list_plugins`.
    public func listPlugins(timeout: Duration = defaultTimeout) async throws -> [PandaPlugin] {
        try await explainingStockQEMU {
            try await execute("list_plugins", returning: [PandaPlugin].self, timeout: timeout)
        }
        .sorted { $0.index < $1.index }
    }
}
