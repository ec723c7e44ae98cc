import Foundation
import Glibc

extension HostPath {
    /// What a file is called while this process writes it, beside the place where it is to be: a hidden name, so that
    /// nobody takes the half of it for the whole.
    public var draft: HostPath { parent / ".\(name).\(getpid()).new" }

    /// Removes the drafts of this file that were left by processes which are no more.
    public func removeLeftDrafts() throws {
        for other in FileSystem.list(parent) where other.hasPrefix(".\(name).") && other.hasSuffix(".new") {
            let number = other.dropFirst(name.count + 2).dropLast(".new".count)
            guard let process = Int32(number), kill(process, 0) != 0, errno == ESRCH else { continue }
            try FileSystem.remove(parent / other)
        }
    }
}
