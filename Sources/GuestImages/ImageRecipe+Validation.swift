import HostSupport
import RunRecords

extension ImageRecipe {
    /// Something wrong with a value: where, and what.
    struct Problem {
        let path: [String]
        let text: String
    }

    /// All that is wrong with the values.
    var problems: [Problem] {
        guard schema == Self.currentSchema else {
            return [Problem(path: ["schema"], text: "is \(schema): this version reads \(Self.currentSchema)")]
        }
        return generalProblems + targetProblems + contentProblems
    }

    private var generalProblems: [Problem] {
        var found: [Problem] = []
        func check(_ holds: Bool, _ key: String, _ text: String) {
            if !holds { found.append(Problem(path: [key], text: text)) }
        }
        check(ImageName.isValid(name), "name", "cannot name an image: '\(name)'")
        check(Self.isWord(suite), "suite", "is no Debian suite: '\(suite)'")
        check(Self.isWord(sshUser), "sshUser", "is no user's name: '\(sshUser)'")
        check((1...3600).contains(readyTimeout), "readyTimeout", "must be 1 to 3600 seconds: \(readyTimeout)")
        check(append.allSatisfy { $0.isASCII && !$0.isNewline }, "append", "must be one line of ASCII")
        check(!architectures.isEmpty, "architectures", "must not be empty")
        return found
    }

    private var targetProblems: [Problem] {
        var seen: Set<GuestArchitecture> = []
        return architectures.enumerated().flatMap { index, target in
            let path = ["architectures", "[\(index)]"]
            var found: [Problem] = []
            if target.architecture.debianName == nil || !target.architecture.hasRecctrl {
                let name = target.architecture.rawValue
                found.append(Problem(path: path + ["architecture"], text: "cannot be recorded: '\(name)'"))
            }
            if !seen.insert(target.architecture).inserted {
                found.append(Problem(path: path + ["architecture"], text: "is given twice"))
            }
            if !Self.isWord(target.kernelPackage) {
                found.append(Problem(path: path + ["kernelPackage"], text: "is no package's name"))
            }
            if target.memory < .mebibytes(16) || target.memory.bytes % (1 << 20) != 0 {
                found.append(
                    Problem(path: path + ["memory"], text: "must be whole mebibytes, and 16M or more")
                )
            }
            return found
        }
    }

    private var contentProblems: [Problem] {
        func each(
            _ key: String,
            _ values: [String],
            _ field: String?,
            _ text: String,
            _ isGood: (String) -> Bool
        )
            -> [Problem]
        {
            values.enumerated().filter { !isGood($0.element) }.map { index, value in
                Problem(path: [key, "[\(index)]"] + (field.map { [$0] } ?? []), text: "\(text): '\(value)'")
            }
        }
        let absolute = "must be an absolute path in the guest"
        return each("packages", packages, nil, "is no package's name", Self.isWord)
            + each("modules", modules, nil, "is no module's name", Self.isWord)
            + each("programs", programs, nil, absolute, Self.isGuestPath)
            + each("files", files.map(\.source), "source", "must be a path below guest/") {
                Self.isGuestPath("/" + $0)
            }
            + each("files", files.map(\.path), "path", absolute, Self.isGuestPath)
            + each("guestPrograms", guestPrograms.map(\.name), "name", "is no program's name", Self.isWord)
            + each("guestPrograms", guestPrograms.map(\.path), "path", absolute, Self.isGuestPath)
    }

    /// Whether a text is what packages, modules and users are called, and so no option and no path.
    static func isWord(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "+-._".utf8.contains(byte)
            }
        }
        return isPlain && !text.isEmpty && !text.hasPrefix("-") && !text.hasPrefix(".")
    }

    /// Whether a path is absolute, each of its components a plain name.
    private static func isGuestPath(_ path: String) -> Bool {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        return components.count > 1 && components[0].isEmpty
            && components.dropFirst().allSatisfy { isWord(String($0)) }
    }
}
