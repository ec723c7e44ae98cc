import HostSupport
import YAMLFiles

extension ImageRecipe {
    /// Puts a recipe together from its layers, the undermost first.
    ///
    /// A key of a later layer takes the place of the same key of an earlier one, and lists are added to, but for
    /// the architectures, of which each layer has all or none.
    init(_ layers: [RecipeLayer]) throws {
        guard let own = layers.last else { throw Failure(.configuration, "there is no recipe") }
        try Self.refuseKeysWithoutEffect(in: layers)
        func last<Value>(_ key: KeyPath<RecipeFile, Value?>) -> Value? {
            layers.last { $0.file[keyPath: key] != nil }?.file[keyPath: key]
        }
        func needed<Value>(_ key: KeyPath<RecipeFile, Value?>, _ name: String) throws -> Value {
            if let value = last(key) { return value }
            throw Failure(
                .configuration,
                "\(own.places.line(of: ["schema"])): the key '\(name)' is missing at the top"
            )
        }
        func all<Value>(_ key: KeyPath<RecipeFile, [Value]?>) -> [Value] {
            layers.flatMap { $0.file[keyPath: key] ?? [] }
        }
        name = own.file.name
        description = own.file.description
        suite = try needed(\.suite, "suite")
        kernelSuite = last(\.kernelSuite) ?? suite
        architectures = try needed(\.architectures, "architectures")
        disk = last(\.disk)
        packages = all(\.packages).uniqued()
        programs = all(\.programs).uniqued()
        modules = all(\.modules).uniqued()
        users = try Self.users(of: layers)
        files = try layers.flatMap { layer in
            try (layer.file.files ?? []).enumerated().map { index, file in
                let source = try layer.source(file.source, at: ["files", "[\(index)]", "source"])
                return File(
                    source: source,
                    path: file.path,
                    mode: file.mode,
                    place: layer.places.place(of: ["files", "[\(index)]"])
                )
            }
        }
        guestPrograms = all(\.guestPrograms)
        scripts = try layers.flatMap { layer in
            try (layer.file.scripts ?? []).enumerated().map { index, script in
                let path = ["scripts", "[\(index)]"]
                let source = try layer.source(script, at: path)
                return Script(source: source, place: layer.places.place(of: path))
            }
        }
        services = layers.flatMap { Self.services(of: $0) }
        append = try needed(\.append, "append")
        sshUser = try needed(\.sshUser, "sshUser")
        readyTimeout = last(\.readyTimeout) ?? 120
        agent = last(\.agent) ?? .serial
        places = Places(layers, source: own.places.source)
    }

    private static func refuseKeysWithoutEffect(in layers: [RecipeLayer]) throws {
        let hasDisk = layers.contains { $0.file.disk != nil }
        let findings = layers.flatMap { layer in
            let given = [
                ("users", layer.file.users != nil), ("scripts", layer.file.scripts != nil),
                ("services", layer.file.services != nil),
            ]
            .filter { !hasDisk && $0.1 }
            .map { layer.places.finding([$0.0], "has no effect without 'disk'") }
            let programs = hasDisk && layer.file.programs != nil
            return given
                + (programs ? [layer.places.finding(["programs"], "has no effect beside 'disk'")] : [])
        }
        guard findings.isEmpty else { throw Failure(.configuration, findings.joined(separator: "\n")) }
    }

    private static func services(of layer: RecipeLayer) -> [Service] {
        func services(_ units: [String]?, _ key: String, isEnabled: Bool) -> [Service] {
            (units ?? []).enumerated().map { index, unit in
                let place = layer.places.place(of: ["services", key, "[\(index)]"])
                return Service(unit: unit, isEnabled: isEnabled, place: place)
            }
        }
        return services(layer.file.services?.disable, "disable", isEnabled: false)
            + services(layer.file.services?.enable, "enable", isEnabled: true)
    }

    /// The users; one that several layers name has what the last of them says, and the groups of all.
    private static func users(of layers: [RecipeLayer]) throws -> [User] {
        var users: [User] = []
        for layer in layers {
            var seen: Set<String> = []
            for (index, given) in (layer.file.users ?? []).enumerated() {
                guard seen.insert(given.name).inserted else {
                    throw layer.failure(["users", "[\(index)]", "name"], "is given twice: '\(given.name)'")
                }
                let place = users.firstIndex { $0.name == given.name }
                let former = place.map { users[$0] }
                let user = User(
                    name: given.name,
                    uid: given.uid ?? former?.uid,
                    groups: ((former?.groups ?? []) + (given.groups ?? [])).uniqued(),
                    shell: given.shell ?? former?.shell,
                    isRecorded: given.recorded ?? former?.isRecorded ?? false,
                    place: layer.places.place(of: ["users", "[\(index)]"])
                )
                if let place { users[place] = user } else { users.append(user) }
            }
        }
        return users
    }
}

extension ImageRecipe.Places {
    init(_ layers: [RecipeLayer], source: String) {
        self.source = source
        var packages: [String: String] = [:]
        var suites: [String: String] = [:]
        for layer in layers {
            for (index, name) in (layer.file.packages ?? []).enumerated() {
                packages[name] = layer.places.place(of: ["packages", "[\(index)]"])
            }
            for (key, value) in [("kernelSuite", layer.file.kernelSuite), ("suite", layer.file.suite)] {
                if let value { suites[value] = layer.places.place(of: [key]) }
            }
        }
        self.packages = packages
        self.suites = suites
    }
}
