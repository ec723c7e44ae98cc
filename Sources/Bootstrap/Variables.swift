public import HostSupport

/// The user's settings, each with who set it: what `make` and the templates of bundles see.
public struct Variables: Sendable {
    /// The names of the two files, in the order in which they are read.
    public static let fileNames = ["Makefile.vars", "Makefile.local.vars"]

    /// The variables that hold, in the order in which their keys appeared first.
    public let all: [Variable]
    /// Lines of files that do something else than they seem to.
    public let warnings: [VariableWarning]

    /// Lays variables over each other, so that the last that sets a key counts.
    ///
    /// - Parameters:
    ///   - files: Files, the weakest first; the keys of the first are known, all others get a warning.
    ///   - environment: Wins over files, for keys that one of them has.
    ///   - settings: Words `KEY=VALUE`, which win over all.
    /// - Throws: ``HostSupport/Failure`` with `usage` where a setting is none.
    public init(files: [VariablesFile], environment: [String: String], settings: [String]) throws {
        var layers = files.flatMap(\.variables)
        let keys = Set(layers.map(\.key))
        layers += keys.sorted().compactMap { key in
            environment[key].map { Variable(key: key, value: $0, origin: .environment) }
        }
        layers += try settings.map(Self.setting)
        var places: [String: Int] = [:]
        var result: [Variable] = []
        for variable in layers {
            if let place = places[variable.key] {
                result[place] = variable
            } else {
                places[variable.key] = result.count
                result.append(variable)
            }
        }
        all = result
        let known = Set(files.first?.variables.map(\.key) ?? [])
        warnings = files.flatMap { file in
            file.warnings
                + file.variables.compactMap { variable in
                    guard !known.contains(variable.key), case .file(let path, let line) = variable.origin
                    else { return nil }
                    return VariableWarning(
                        file: path,
                        line: line,
                        problem: "nothing of ours knows \(variable.key); templates see it"
                    )
                }
        }
    }

    /// Reads the files of an installation and of a folder, the environment and `--set`.
    ///
    /// - Parameters:
    ///   - installation: Where the shipped `Makefile.vars` lies, and a `Makefile.local.vars` of the host's.
    ///   - folder: A folder whose files win over these: the working folder.
    ///   - environment: The environment.
    ///   - settings: Words `KEY=VALUE`.
    /// - Returns: The variables.
    /// - Throws: ``HostSupport/Failure`` where a file cannot be read or a setting is none.
    public static func read(
        of installation: Installation,
        in folder: HostPath,
        environment: [String: String],
        settings: [String]
    ) throws -> Variables {
        var folders = [FileSystem.resolved(installation.root) ?? installation.root]
        if let own = FileSystem.resolved(folder), !folders.contains(own) { folders.append(own) }
        let paths = folders.flatMap { folder in fileNames.map { folder / $0 } }
        return try Variables(
            files: try paths.filter(FileSystem.exists).map { try VariablesFile($0) },
            environment: environment,
            settings: settings
        )
    }

    /// The value of a key; nothing where nobody set it.
    public subscript(key: String) -> String? { all.first { $0.key == key }?.value }

    private static func setting(_ text: String) throws -> Variable {
        let parts = text.unicodeScalars.split(
            separator: "=",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, Variable.isKey(String(parts[0])) else {
            throw Failure(
                .usage,
                "'\(text)' is no setting",
                hint: "write --set KEY=VALUE; a key has letters, digits and '_'"
            )
        }
        return Variable(key: String(parts[0]), value: String(parts[1]), origin: .commandLine)
    }
}
