import Catalogue
import HostSupport

extension RunIndex {
    /// The catalogue of a collection; nothing where it cannot be written to, which is told and ends nothing.
    static func of(_ collection: HostPath, _ console: Console) -> RunIndex? {
        do {
            return RunIndex(try Catalogue(collection: collection, console: console), console: console)
        } catch {
            console.warning("the catalogue is left alone: \(error)")
            return nil
        }
    }
}
