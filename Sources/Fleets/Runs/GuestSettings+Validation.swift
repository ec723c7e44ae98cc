import HostSupport
import RunRecords
import YAMLFiles

extension GuestSettings {
    /// All that is wrong with the values, whatever the guest is for.
    var problems: [YAMLProblem] {
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
