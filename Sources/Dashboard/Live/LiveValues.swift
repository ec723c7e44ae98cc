import Foundation
import HostSupport

/// What changes on a page while somebody looks.
struct LiveValues: Sendable {
    /// The texts, by the keys that their elements have.
    var values: [String: String] = [:]
    /// What decides which elements there are: with another one, the page must be loaded anew.
    var layout = ""

    /// The same as the layout, in letters that every browser leaves as they are.
    var stamp: String { String(RunningDigest.text(of: Data(layout.utf8), .sha256).prefix(16)) }
}
