/// Which snapshots others are packed against.
enum ReferenceChoice {
    /// What a trace's memory depends on most.
    struct Kind: Hashable {
        let imageDigest: String
        let architecture: String
        let memory: UInt64
    }

    /// Chooses what each snapshot is packed against.
    ///
    /// - Parameters:
    ///   - traces: The kinds of the traces and where their snapshots will lie, in the order of their names.
    ///   - earlier: The same of those that are packed already and stand alone.
    /// - Returns: By the path of each packed snapshot that of another; nothing for those that stand alone.
    static func references(
        _ traces: [(kind: Kind, path: String)],
        earlier: [(kind: Kind, path: String)]
    ) -> [String: String] {
        var whole = Dictionary(earlier.map { ($0.kind, $0.path) }) { first, _ in first }
        var references: [String: String] = [:]
        for (kind, path) in traces {
            if let reference = whole[kind], reference != path {
                references[path] = reference
            } else {
                whole[kind] = path
            }
        }
        return references
    }
}
