public import Bootstrap
public import HostSupport

/// What the user's variables say of the image to build.
public struct ImageSettings: Sendable, Hashable {
    /// The user who is made in the image.
    public struct User: Sendable, Hashable, Encodable {
        /// The name.
        public let name: String
        /// The group's name.
        public let group: String
        /// The number.
        public let uid: UInt32
        /// The group's number.
        public let gid: UInt32
    }

    /// The names that the image gets.
    public let tags: [String]
    /// What it is built on.
    public let base: BaseRequest
    /// Further packages.
    public let packages: [String]
    /// Who is made in it.
    public let user: User
    /// Where the engine lies in it.
    public let root: HostPath
    /// The bundle that is run in it, as it was named; nothing where none is.
    public let bundle: String?
    /// What it says of itself.
    let title: String
    let version: String
    let description: String
    let maintainer: String

    /// Reads the variables.
    ///
    /// - Parameters:
    ///   - variables: The user's settings.
    ///   - tag: The image's name, over `IMAGE_NAME`.
    ///   - base: What it is built on, over `IMAGE_BASE`.
    ///   - bundle: The bundle, over `DOCKER_BOOTSTRAP`; an empty text for none.
    /// - Throws: ``HostSupport/Failure`` with `configuration`, naming the variable that is wrong.
    public init(_ variables: Variables, tag: String? = nil, base: String? = nil, bundle: String? = nil) throws
    {
        func value(_ key: String, _ fallback: String) -> String {
            variables[key].flatMap { $0.isEmpty ? nil : $0 } ?? fallback
        }
        version = value("IMAGE_VERSION", "latest")
        let name = try Self.reading(tag == nil ? "IMAGE_NAME" : "--tag") {
            try ImageReference(tag ?? value("IMAGE_NAME", "pandacap"))
        }
        guard name.digest == nil else {
            throw Failure(
                .configuration,
                "the image's name '\(name)' has a digest, which only a registry gives"
            )
        }
        guard ImageReference.isTag(version) else {
            throw Failure(
                .configuration,
                "IMAGE_VERSION is '\(Console.printable(version))', which cannot be the tag of an image",
                hint: "a tag has letters, digits, '.', '_' and '-'"
            )
        }
        tags =
            name.tag == nil
            ? Array(Set([version, "latest"])).sorted().map { "\(name.name):\($0)" } : [name.description]
        title = name.name
        description = variables["IMAGE_DESCRIPTION"] ?? ""
        maintainer = variables["IMAGE_MAINTAINER"] ?? ""
        self.base = try Self.reading(base == nil ? "IMAGE_BASE" : "--base") {
            try BaseRequest(base ?? value("IMAGE_BASE", BaseRequest.word))
        }
        packages = value("IMAGE_EXTRA_PACKAGES", "").split(whereSeparator: \.isWhitespace).map(String.init)
        if let odd = packages.first(where: { $0.wholeMatch(of: /[a-z0-9][a-z0-9+.\-]+/) == nil }) {
            throw Failure(
                .configuration,
                "IMAGE_EXTRA_PACKAGES has '\(Console.printable(odd))', which cannot be the name of a package"
            )
        }
        user = User(
            name: try Self.account("DOCKER_USER", value("DOCKER_USER", "panda")),
            group: try Self.account("DOCKER_USER_GROUP", value("DOCKER_USER_GROUP", "panda")),
            uid: try Self.number("DOCKER_USER_UID", value("DOCKER_USER_UID", "1000")),
            gid: try Self.number("DOCKER_USER_GID", value("DOCKER_USER_GID", "1000"))
        )
        root = HostPath(value("PANDA_PATH", "/opt/panda"))
        guard root.string.wholeMatch(of: /(\/[A-Za-z0-9_+.\-]+)+/) != nil,
            !root.string.split(separator: "/").contains("..")
        else {
            throw Failure(
                .configuration,
                "PANDA_PATH is '\(Console.printable(root.string))', where no engine can lie in an image",
                hint: "write an absolute path of letters, digits, '.', '_', '+' and '-'"
            )
        }
        self.bundle = (bundle ?? variables["DOCKER_BOOTSTRAP"]).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func account(_ key: String, _ value: String) throws -> String {
        guard value.wholeMatch(of: /[a-z_][a-z0-9_\-]{0,31}/) != nil, value != "root" else {
            throw Failure(
                .configuration,
                "\(key) is '\(Console.printable(value))', which cannot be the name of the image's user or group",
                hint: "a name has lower-case letters, digits, '_' and '-', and is not 'root'"
            )
        }
        return value
    }

    private static func number(_ key: String, _ value: String) throws -> UInt32 {
        guard let number = UInt32(value), number > 0, number < 65534 else {
            throw Failure(
                .configuration,
                "\(key) is '\(Console.printable(value))'",
                hint: "write a number from 1 to 65533"
            )
        }
        return number
    }

    private static func reading<Value>(_ source: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch var failure as Failure {
            failure.message = "\(source): \(failure.message)"
            throw failure
        }
    }
}
