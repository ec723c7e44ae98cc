public import HostSupport
import RunRecords
import YAMLFiles

extension CampaignFile {
    /// The layout that this version reads.
    static let currentSchema = 1
    /// The most items of a campaign.
    static let mostItems = 100_000

    /// Reads a campaign's file.
    ///
    /// - Parameter path: The file.
    /// - Returns: The file's contents, checked.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/configuration``, naming the file, the line and
    ///   the key of everything that is wrong.
    public static func read(_ path: HostPath) throws -> CampaignFile {
        try parse(try FileSystem.readText(path, limit: 1 << 20), source: path.string)
    }

    /// Reads the text of a campaign's file.
    static func parse(_ text: String, source: String) throws -> CampaignFile {
        try StrictYAML.decode(CampaignFile.self, from: text, source: source, checking: \.problems).value
    }

    private var problems: [YAMLProblem] {
        guard schema == Self.currentSchema else {
            return [
                YAMLProblem(path: ["schema"], text: "is \(schema): this version reads \(Self.currentSchema)")
            ]
        }
        return generalProblems + guest.problems + imageProblems + workloadProblems
    }

    private var generalProblems: [YAMLProblem] {
        var found: [YAMLProblem] = []
        func check(_ holds: Bool?, _ key: String, _ text: String) {
            if holds == false { found.append(YAMLProblem(path: [key], text: text)) }
        }
        check(name == safeFileName(name, limit: 60), "name", "cannot name a campaign: '\(name)'")
        check(
            repetitions.map { (1...Self.mostItems).contains($0) },
            "repetitions",
            "must be 1 to \(Self.mostItems)"
        )
        check(retries.map { (0...100).contains($0) }, "retries", "must be 0 to 100")
        check(recordings.map { (1...1000).contains($0) }, "recordings", "must be 1 to 1000")
        if case .fixed(let number)? = concurrency {
            check((1...1024).contains(number), "concurrency", "must be 'auto' or 1 to 1024: \(number)")
        }
        let count = (images ?? [""]).count.multipliedReportingOverflow(by: max(workloads.count, 1))
        let all = count.partialValue.multipliedReportingOverflow(by: max(repetitions ?? 1, 1))
        let isBounded = !count.overflow && !all.overflow && all.partialValue <= Self.mostItems
        check(isBounded, "workloads", "make more than \(Self.mostItems) items")
        let hasBundle = guest.bootstrap != nil || workloads.contains { $0.workloadBundle != nil }
        check(guest.set == nil || hasBundle, "set", "is for a bundle, and there is none")
        check(guest.add == nil || hasBundle, "add", "is for a bundle, and there is none")
        check(guest.set?[ItemSeed.setting] == nil, "set", "must leave \(ItemSeed.setting) to the campaign")
        return found
    }

    private var imageProblems: [YAMLProblem] {
        guard let images else {
            return guest.image.isEmpty
                ? [YAMLProblem(path: ["image"], text: "must name an image, or 'images' several")] : []
        }
        guard guest.image.isEmpty else {
            return [YAMLProblem(path: ["images"], text: "excludes 'image': name all of them here")]
        }
        guard !images.isEmpty else { return [YAMLProblem(path: ["images"], text: "must not be empty")] }
        var seen: Set<String> = []
        return images.enumerated().compactMap { index, image in
            let isGood = !image.isEmpty && seen.insert(image).inserted
            return isGood
                ? nil
                : YAMLProblem(
                    path: ["images", "[\(index)]"],
                    text: "is no image, or given twice: '\(image)'"
                )
        }
    }

    private var workloadProblems: [YAMLProblem] {
        guard !workloads.isEmpty else { return [YAMLProblem(path: ["workloads"], text: "must not be empty")] }
        var names: Set<String> = []
        return workloads.enumerated().flatMap { index, workload in
            var found: [YAMLProblem] = []
            func check(_ holds: Bool, _ key: String, _ text: String) {
                if !holds { found.append(YAMLProblem(path: ["workloads", "[\(index)]", key], text: text)) }
            }
            let name = workload.name
            check(name == safeFileName(name, limit: 60), "name", "cannot name a workload: '\(name)'")
            check(names.insert(name).inserted, "name", "is given twice: '\(name)'")
            let isCommand = workload.command != nil
            check(
                isCommand != (workload.workloadBundle != nil),
                isCommand ? "command" : "name",
                isCommand
                    ? "excludes 'bundle' and 'samples'" : "has neither a 'command', a 'bundle' nor 'samples'"
            )
            check(workload.command?.first?.isEmpty != true, "command", "must begin with a program")
            check(workload.command?.isEmpty != true, "command", "must not be empty")
            check(workload.bundle?.isEmpty != true, "bundle", "must name a bundle")
            check(
                guest.bootstrap == nil || workload.workloadBundle == nil,
                workload.bundle == nil ? "samples" : "bundle",
                "is the guest's bundle: it excludes the campaign's 'bootstrap'"
            )
            let hasBundle = workload.workloadBundle != nil || guest.bootstrap != nil
            check(workload.set == nil || hasBundle, "set", "is for a bundle, and there is none")
            check(workload.add == nil || hasBundle, "add", "is for a bundle, and there is none")
            check(
                workload.set?[ItemSeed.setting] == nil,
                "set",
                "must leave \(ItemSeed.setting) to the campaign"
            )
            if case .files(let files)? = workload.samples {
                check(!files.isEmpty, "samples", "must not be empty")
                check(Set(files).count == files.count, "samples", "has a file twice")
            }
            return found
        }
    }
}
