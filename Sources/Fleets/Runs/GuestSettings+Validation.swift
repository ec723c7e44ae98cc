import HostSupport
import RunRecords
import YAMLFiles

extension GuestSettings {
    /// All that is wrong with the values, whatever the guest is for.
    var problems: [YAMLProblem] {
        egressProblems + tagProblems
    }

    private var tagProblems: [YAMLProblem] {
        func problem(_ path: [String], _ check: () throws -> Void) -> YAMLProblem? {
            do {
                try check()
                return nil
            } catch {
                return YAMLProblem(
                    path: path,
                    text: "cannot be: \((error as? Failure)?.message ?? "\(error)")"
                )
            }
        }
        return (tags ?? []).enumerated().compactMap { index, tag in
            problem(["tags", "[\(index)]"]) { _ = try RunTags.kept([tag]) }
        } + [problem(["label"]) { _ = try RunTags.kept(label: label) }].compactMap { $0 }
    }

    private var egressProblems: [YAMLProblem] {
        guard case .allowed(let rules)? = egress else { return [] }
        return rules.enumerated().compactMap { index, rule in
            do {
                _ = try EgressRule(rule)
                return nil
            } catch {
                let text = (error as? Failure)?.message ?? "\(error)"
                return YAMLProblem(path: ["egress", "allow", "[\(index)]"], text: "cannot be: \(text)")
            }
        }
    }
}
