public import HostSupport

/// The disks that a run's disk lies over.
public enum DiskLayers {
    /// Follows the names from an overlay to the disk that stands alone.
    ///
    /// - Parameters:
    ///   - disk: The overlay, a qcow2 disk.
    ///   - folders: Where those beneath it may lie.
    /// - Returns: Their paths without links, the one right beneath it first.
    /// - Throws: ``HostSupport/Failure`` with `notPermitted` where one lies elsewhere, `badData` where one cannot be
    ///   taken.
    public static func beneath(_ disk: HostPath, within folders: [HostPath]) throws -> [HostPath] {
        try DiskChain(disk, within: folders).layers.dropFirst().map(\.path)
    }
}
