import HostSupport

extension ContainerPlan {
    /// The processor time that everything in the container has used, in seconds; 0 where it is not there.
    public var processorSeconds: Double {
        get async {
            let question = ["container", "inspect", "--format", "{{.State.Pid}}", name]
            let answer = (try? await runtime.run(question)) ?? ""
            guard let first = answer.split(whereSeparator: \.isWhitespace).first.flatMap({ Int32($0) }),
                first > 0
            else { return 0 }
            return ProcessIdentity.family(of: first).map(ProcessIdentity.processorSeconds).reduce(0, +)
        }
    }
}
