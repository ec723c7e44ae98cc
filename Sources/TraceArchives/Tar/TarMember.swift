/// A member of a tar file, as its header describes it.
struct TarMember {
    enum Kind: String {
        case file
        case folder = "a folder"
        case hardLink = "a hard link"
        case symbolicLink = "a symbolic link"
        case special = "a device, a pipe or a socket"
        case sparse = "a sparse file"
    }

    /// Its name, which may be anything; nothing where it is no UTF-8.
    let name: String?
    let kind: Kind
    /// The size that its header gives, in bytes.
    let size: UInt64
    /// Where its header begins, in bytes from the start of the tar.
    let offset: UInt64
}
