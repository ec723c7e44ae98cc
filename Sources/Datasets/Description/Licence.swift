/// A licence that data are published under.
struct Licence: Hashable, Sendable {
    /// Its identifier in SPDX's list.
    let identifier: String
    /// Its name in that list.
    let name: String
    /// Where its text stands.
    let address: String

    /// What Zenodo calls it.
    var zenodoName: String { identifier.lowercased() }

    /// Those that can be named: licences of SPDX's list that Zenodo offers, too.
    static let known: [Licence] = [
        Licence("CC-BY-4.0", "Creative Commons Attribution 4.0 International", cc: "licenses/by/4.0"),
        Licence(
            "CC-BY-SA-4.0",
            "Creative Commons Attribution Share Alike 4.0 International",
            cc: "licenses/by-sa/4.0"
        ),
        Licence(
            "CC-BY-NC-4.0",
            "Creative Commons Attribution Non Commercial 4.0 International",
            cc: "licenses/by-nc/4.0"
        ),
        Licence(
            "CC-BY-NC-SA-4.0",
            "Creative Commons Attribution Non Commercial Share Alike 4.0 International",
            cc: "licenses/by-nc-sa/4.0"
        ),
        Licence(
            "CC-BY-ND-4.0",
            "Creative Commons Attribution No Derivatives 4.0 International",
            cc: "licenses/by-nd/4.0"
        ),
        Licence("CC0-1.0", "Creative Commons Zero v1.0 Universal", cc: "publicdomain/zero/1.0"),
        Licence("ODbL-1.0", "Open Data Commons Open Database License v1.0", odc: "odbl/1-0"),
        Licence("ODC-By-1.0", "Open Data Commons Attribution License v1.0", odc: "by/1-0"),
        Licence("PDDL-1.0", "Open Data Commons Public Domain Dedication & License 1.0", odc: "pddl/1-0"),
        Licence("Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
        Licence(
            "BSD-3-Clause",
            "BSD 3-Clause \"New\" or \"Revised\" License",
            "https://opensource.org/license/bsd-3-clause"
        ),
        Licence("MIT", "MIT License", "https://opensource.org/license/mit"),
        Licence(
            "GPL-2.0-only",
            "GNU General Public License v2.0 only",
            "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"
        ),
        Licence(
            "GPL-3.0-only",
            "GNU General Public License v3.0 only",
            "https://www.gnu.org/licenses/gpl-3.0.html"
        ),
    ]

    /// The licence with an identifier; nothing where it is not among the known ones.
    static func named(_ identifier: String) -> Licence? { known.first { $0.identifier == identifier } }

    private init(_ identifier: String, _ name: String, _ address: String) {
        self.identifier = identifier
        self.name = name
        self.address = address
    }

    private init(_ identifier: String, _ name: String, cc path: String) {
        self.init(identifier, name, "https://creativecommons.org/\(path)/")
    }

    private init(_ identifier: String, _ name: String, odc path: String) {
        self.init(identifier, name, "https://opendatacommons.org/licenses/\(path)/")
    }
}
