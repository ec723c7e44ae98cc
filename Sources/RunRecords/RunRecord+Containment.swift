public import HostSupport

extension RunRecord {
    /// What kept the engine within bounds, so that a guest that takes it over gains little.
    public struct Containment: Sendable, Codable, Hashable {
        /// What did it.
        public enum Kind: String, Sendable, Codable {
            /// The kernel, told by `panda-guard`.
            case landlock
            /// A container.
            case container
            /// Nothing: the kernel cannot, and the user accepted that. System calls and limits are bounded all the same.
            case none
        }

        /// What is confined.
        public enum Subject: String, Sendable, Codable, CaseIterable {
            /// What it may write to.
            case writes
            /// What it may read.
            case reads
            /// Where TCP may go.
            case network
            /// Which processes it may signal.
            case signals
            /// Which system calls it may make.
            case calls
        }

        /// What did it.
        public let kind: Kind
        /// The version of Landlock's interface; nothing where it played no part.
        public var landlock: Int?
        /// What was confined.
        public var confined: [Subject]
        /// The memory that the engine may write to, where it is limited.
        public var memory: ByteSize?
        /// The largest file that it may write.
        public var fileSize: ByteSize?

        /// Describes what kept an engine within bounds.
        public init(kind: Kind, landlock: Int? = nil, confined: [Subject] = []) {
            self.kind = kind
            self.landlock = landlock
            self.confined = confined
        }

        /// What is in force, for people.
        public var text: String {
            let what =
                switch kind {
                case .landlock: "Landlock" + (landlock.map { " \($0)" } ?? "")
                case .container: "a container"
                case .none: "nothing"
                }
            let limits = [
                memory.map { "\($0) of memory" }, fileSize.map { "files of up to \($0)" },
            ].compactMap { $0 }
            return what + (confined.isEmpty ? "" : " (\(confined.map(\.rawValue).joined(separator: ", ")))")
                + limits.map { ", \($0)" }.joined()
        }
    }

    /// Something that the guest did and that is worth a look, by its name in ``marks``.
    public enum Mark: String, Sendable, Codable, CaseIterable {
        /// The guest wanted to begin more recordings than the run makes; it got no more.
        case tooManyRecordings = "too-many-recordings"
        /// The guest named a recording so that the name could not be a file's; it was changed.
        case recordingNameChanged = "recording-name-changed"
        /// The guest wanted to connect to somewhere that it may not, and was kept from it.
        case egressRefused = "egress-refused"
        /// What the guest printed, sent, or made the engine say outgrew its bound; the run was ended.
        case outputFlood = "output-flood"
    }

    /// Marks the run, once.
    ///
    /// - Parameter mark: What the guest did.
    public mutating func add(_ mark: Mark) {
        guard marks?.contains(mark.rawValue) != true else { return }
        marks = (marks ?? []) + [mark.rawValue]
    }
}
