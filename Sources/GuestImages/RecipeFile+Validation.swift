import HostSupport
import RunRecords
import YAMLFiles

extension RecipeFile {
    /// All that is wrong with the values of this file alone.
    var problems: [YAMLProblem] {
        guard schema == ImageRecipe.currentSchema else {
            let text = "is \(schema): this version reads \(ImageRecipe.currentSchema)"
            return [YAMLProblem(path: ["schema"], text: text)]
        }
        return generalProblems + targetProblems + contentProblems + userProblems
    }

    private var generalProblems: [YAMLProblem] {
        var found: [YAMLProblem] = []
        func check(_ holds: Bool?, _ key: String, _ text: String) {
            if holds == false { found.append(YAMLProblem(path: [key], text: text)) }
        }
        check(ImageName.isValid(name), "name", "cannot name an image: '\(name)'")
        check(base.map { !$0.isEmpty }, "base", "must be a recipe's name or path")
        for (key, value) in [("suite", suite), ("kernelSuite", kernelSuite)] {
            check(value.map(GuestName.isWord), key, "is no Debian suite: '\(value ?? "")'")
        }
        check(sshUser.map(GuestName.isUser), "sshUser", "is no user's name: '\(sshUser ?? "")'")
        check(
            readyTimeout.map { (1...3600).contains($0) },
            "readyTimeout",
            "must be 1 to 3600 seconds: \(readyTimeout ?? 0)"
        )
        check(
            append.map { $0.allSatisfy { $0.isASCII && !$0.isNewline } },
            "append",
            "must be one line of ASCII"
        )
        check(architectures.map { !$0.isEmpty }, "architectures", "must not be empty")
        check(agent.map { $0 != .usb }, "agent", "must be 'serial' or 'none'")
        if let size = disk?.size, !ImageRecipe.Disk.sizes.contains(size) || size.bytes % (1 << 20) != 0 {
            let range = "\(ImageRecipe.Disk.sizes.lowerBound) to \(ImageRecipe.Disk.sizes.upperBound)"
            found.append(YAMLProblem(path: ["disk", "size"], text: "must be whole mebibytes, \(range)"))
        }
        return found
    }

    private var targetProblems: [YAMLProblem] {
        var seen: Set<GuestArchitecture> = []
        return (architectures ?? []).enumerated().flatMap { index, target in
            let path = ["architectures", "[\(index)]"]
            var found: [YAMLProblem] = []
            if target.architecture.debianName == nil || !target.architecture.hasRecctrl {
                let name = target.architecture.rawValue
                found.append(
                    YAMLProblem(path: path + ["architecture"], text: "cannot be recorded: '\(name)'")
                )
            }
            if !seen.insert(target.architecture).inserted {
                found.append(YAMLProblem(path: path + ["architecture"], text: "is given twice"))
            }
            if !GuestName.isWord(target.kernelPackage) {
                found.append(YAMLProblem(path: path + ["kernelPackage"], text: "is no package's name"))
            }
            if target.kernelSuite.map(GuestName.isWord) == false {
                found.append(YAMLProblem(path: path + ["kernelSuite"], text: "is no Debian suite"))
            }
            if target.memory < .mebibytes(16) || target.memory.bytes % (1 << 20) != 0 {
                found.append(
                    YAMLProblem(path: path + ["memory"], text: "must be whole mebibytes, and 16M or more")
                )
            }
            return found
        }
    }

    private var contentProblems: [YAMLProblem] {
        let absolute = "must be an absolute path in the guest"
        let files = files ?? []
        let programs = guestPrograms ?? []
        let relative = "must be a path below guest/ or the recipe's folder"
        let word = GuestName.isWord
        let unit = "is no unit's name"
        return each("packages", packages, nil, "is no package's name", word)
            + each("modules", modules, nil, "is no module's name", word)
            + each("programs", self.programs, nil, absolute, GuestName.isPath)
            + each("files", files.map(\.source), "source", relative, GuestName.isRelativePath)
            + each("files", files.map(\.path), "path", absolute, GuestName.isPath)
            + each("guestPrograms", programs.map(\.name), "name", "is no program's name", word)
            + each("guestPrograms", programs.map(\.path), "path", absolute, GuestName.isPath)
            + each("scripts", scripts, nil, relative, GuestName.isRelativePath)
            + each("services.enable", services?.enable, nil, unit, GuestName.isUnit)
            + each("services.disable", services?.disable, nil, unit, GuestName.isUnit)
    }

    private var userProblems: [YAMLProblem] {
        let users = users ?? []
        let groups = users.enumerated().flatMap { index, user in
            each("users.[\(index)].groups", user.groups, nil, "is no group's name", GuestName.isUser)
        }
        let identifiers = users.enumerated().compactMap { index, user in
            user.uid.flatMap { 1...59_999 ~= $0 ? nil : $0 }
                .map { YAMLProblem(path: ["users", "[\(index)]", "uid"], text: "must be 1 to 59999: \($0)") }
        }
        let shells = users.enumerated().compactMap { index, user in
            user.shell.flatMap { GuestName.isPath($0) ? nil : $0 }.map {
                YAMLProblem(
                    path: ["users", "[\(index)]", "shell"],
                    text: "must be an absolute path: '\($0)'"
                )
            }
        }
        return each("users", users.map(\.name), "name", "is no user's name", GuestName.isUser)
            + groups + identifiers + shells
    }

    /// The values of a list that are not good; `key` has its parts separated by dots.
    private func each(
        _ key: String,
        _ values: [String]?,
        _ field: String?,
        _ text: String,
        _ isGood: (String) -> Bool
    ) -> [YAMLProblem] {
        let path = key.split(separator: ".").map(String.init)
        return (values ?? []).enumerated().filter { !isGood($0.element) }.map { index, value in
            YAMLProblem(path: path + ["[\(index)]"] + (field.map { [$0] } ?? []), text: "\(text): '\(value)'")
        }
    }
}
