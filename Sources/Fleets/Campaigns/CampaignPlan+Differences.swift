import HostSupport

extension CampaignPlan {
    /// Makes sure that a campaign goes on as it was begun.
    ///
    /// How often is tried again, and how many items are made at once, may change at any time.
    ///
    /// - Parameters:
    ///   - begun: The plan that was begun.
    ///   - extends: Whether there may be further items behind those that there were.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/configuration``, naming what differs.
    func requireContinuation(of begun: CampaignPlan, extends: Bool) throws {
        let found = differences(from: begun)
        let isLonger = items.count > begun.items.count
        guard found.isEmpty, !isLonger || extends else {
            let what = found.isEmpty ? ["it has \(items.count) items instead of \(begun.items.count)"] : found
            throw Failure(
                .configuration,
                "the campaign '\(name)' was begun with another file:\n"
                    + what.map { "  \($0)" }.joined(separator: "\n"),
                hint: found.isEmpty
                    ? "add --extend to make the further items as well"
                    : "give the changed campaign another name"
            )
        }
    }

    /// What is not as it was, in words; further items behind the others are no difference.
    func differences(from begun: CampaignPlan) -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ what: String, _ value: (CampaignPlan) -> Value) {
            if value(self) != value(begun) { found.append("'\(what)' differs") }
        }
        compare("name", \.name)
        compare("timeout", \.timeout)
        compare("recordings", \.recordings)
        if folder != begun.folder { found.append("the file was in \(begun.folder) and is in \(folder)") }
        found += guest.differences(from: begun.guest).map { "'\($0)' differs" }
        for workload in begun.workloads {
            guard let now = workloads.first(where: { $0.name == workload.name }) else {
                found.append("the workload '\(workload.name)' is gone")
                continue
            }
            if now != workload { found.append("the workload '\(workload.name)' differs") }
        }
        if let index = begun.items.indices.first(where: { index in
            !items.indices.contains(index) || items[index] != begun.items[index]
        }) {
            found.append("item \(index) is another one: \(begun.items[index].text)")
        }
        return found
    }
}

extension CampaignPlan.Item {
    /// What the item is, for people.
    public var text: String {
        "\(workload)\(sample.map { " of \($0.name)" } ?? "") with \(image), repetition \(repetition)"
    }
}

extension GuestSettings {
    /// The keys whose values differ; not the image, which is each item's own.
    fileprivate func differences(from other: GuestSettings) -> [String] {
        var keys: [String] = []
        func compare<Value: Equatable>(_ key: String, _ value: (GuestSettings) -> Value) {
            if value(self) != value(other) { keys.append(key) }
        }
        compare("memory", \.memory)
        compare("hostname", \.hostname)
        compare("cold", \.cold)
        compare("readyTimeout", \.readyTimeout)
        compare("bootstrap", \.bootstrap)
        compare("bootstrapTimeout", \.bootstrapTimeout)
        compare("set", \.set)
        compare("add", \.add)
        compare("plugins", \.plugins)
        compare("egress", \.egress)
        return keys
    }
}
