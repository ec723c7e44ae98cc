public import HostSupport

extension ImageStore {
    /// The folder of an image's warm states.
    ///
    /// `ID.json` describes a state and is written last; `ID.state` and `ID.qcow2` are its files, `base.qcow2` is the
    /// image's disk by a name that `ID.qcow2` can lead to.
    public func warmFolder(of image: GuestImage) -> HostPath { folder(of: image) / "warm" }

    /// The warm states of an image, the newest first; one whose saving was not finished is none.
    ///
    /// - Parameter image: The image.
    /// - Returns: The states.
    /// - Throws: ``HostSupport/Failure`` with `bad-data`, naming a state that is damaged.
    public func warmStates(of image: GuestImage) throws -> [WarmState] {
        let folder = warmFolder(of: image)
        return try FileSystem.list(folder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.map {
            name in
            let file = folder / name
            let state = try JSONText.decode(
                WarmState.self,
                from: try FileSystem.read(file),
                source: file.string
            )
            let names = [state.stream.name] + [state.disk?.name].compactMap { $0 }
            guard state.schema == WarmState.currentSchema, "\(state.id).json" == name,
                FileSystem.size(folder / state.stream.name) == state.streamBytes,
                names.allSatisfy({ !$0.contains("/") && FileSystem.isRegularFile(folder / $0) })
            else {
                throw Failure(
                    .badData,
                    "the warm state \(file) is damaged: its files are not what it says",
                    hint: "'pandacap image warm \(image.name) --replace' saves another"
                )
            }
            return state
        }
        .sorted { $0.created > $1.created }
    }

    /// The disks beneath that of a run, the lowest first.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - state: The warm state that the run starts from; none where it boots.
    /// - Returns: The disks' paths; none where the guest has no disk.
    public func diskLayers(of image: GuestImage, from state: WarmState?) -> [HostPath] {
        guard let disk = image.disk else { return [] }
        let saved = state?.disk.map { [warmFolder(of: image) / $0.name] } ?? []
        return [path(of: disk, in: image)] + saved
    }

    /// The lock that lets one process at a time save warm states of an image, or replace the image.
    ///
    /// - Parameter name: The image's name.
    /// - Returns: The lock, held until it is released.
    /// - Throws: ``HostSupport/Failure`` where it cannot be taken.
    public func lock(_ name: String) throws -> FileLock { try FileLock(lockFile(name)) }
}
