public import HostSupport

extension RunRecord {
    /// A bootstrap bundle that customised the guest before it was recorded.
    public struct Bundle: Sendable, Codable, Hashable {
        /// One of its scripts.
        public struct Script: Sendable, Codable, Hashable {
            /// Its name.
            public let name: String
            /// Its exit status, as the guest said; nothing where it did not end.
            public var status: Int32?

            /// Describes a script that was not run yet.
            public init(name: String) {
                self.name = name
            }
        }

        /// The folder, on the host that recorded.
        public let folder: HostPath
        /// The digest of what it consisted of before it was rendered.
        public let digest: String
        /// What `--set` said.
        public let settings: [String: String]
        /// The digests of files that were added to it, by their names.
        public let added: [String: String]
        /// The guest's scripts, in the order in which they are run.
        public private(set) var scripts: [Script]
        /// The exit status of its `bootstrap.sh`; nothing where it did not end.
        public private(set) var status: Int32?
        /// What it printed, line by line.
        public private(set) var output: [String] = []

        /// Describes a bundle that was not run yet.
        public init(
            folder: HostPath,
            digest: String,
            settings: [String: String],
            added: [String: String],
            scripts: [String]
        ) {
            self.folder = folder
            self.digest = digest
            self.settings = settings
            self.added = added
            self.scripts = scripts.map(Script.init)
        }

        /// Takes down what the guest said.
        ///
        /// - Parameter said: Its answer; `bootstrap.sh: NAME: status N` is how our `bootstrap.sh` tells of a script.
        public mutating func note(_ said: Bootstrap) {
            status = said.status
            output = said.output
            for index in scripts.indices {
                // Behind the last words of a script that does not end its last line.
                let mark = "bootstrap.sh: \(scripts[index].name): status "
                let found = said.output.lazy.compactMap { line in
                    line.ranges(of: mark).last.map { line[$0.upperBound...] }
                }.first
                scripts[index].status = found.flatMap { Int32($0) }
            }
        }

        /// Why the bundle did not do what it should; nothing where it did.
        public var problem: String? {
            guard status != 0 else { return nil }
            let failed = scripts.first { $0.status != 0 }
            let what = failed.map { "its script \($0.name)" } ?? "its bootstrap.sh"
            guard let status else { return "\(what) did not end in time" }
            return "\(failed?.status == nil ? "its bootstrap.sh" : what) ended with status \(status)"
        }
    }
}
