/// A plugin that PANDA has loaded.
public struct PandaPlugin: Hashable, Sendable, Decodable {
    /// Its place in the list; it changes when a plugin before it is unloaded.
    public var index: Int

    /// The name it was loaded by.
    public var name: String

    /// The handle of its library in the emulator's memory, good only for telling plugins apart.
    public var address: Int64

    /// Creates a description of a plugin.
    public init(index: Int, name: String, address: Int64) {
        self.index = index
        self.name = name
        self.address = address
    }
}
