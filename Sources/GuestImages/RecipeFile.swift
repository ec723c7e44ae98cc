import HostSupport

/// What one recipe file says; what it leaves out comes from its base, or has a default.
struct RecipeFile: Codable, Sendable {
    var schema: Int
    var name: String
    var description: String
    var base: String?
    var suite: String?
    var kernelSuite: String?
    var architectures: [ImageRecipe.Target]?
    var disk: ImageRecipe.Disk?
    var packages: [String]?
    var programs: [String]?
    var modules: [String]?
    var users: [User]?
    var files: [Entry]?
    var guestPrograms: [ImageRecipe.GuestProgram]?
    var scripts: [String]?
    var services: Services?
    var append: String?
    var sshUser: String?
    var readyTimeout: Int?
    var agent: GuestImage.Agent?

    struct User: Codable, Sendable {
        var name: String
        var uid: Int?
        var groups: [String]?
        var shell: String?
        var recorded: Bool?
    }

    struct Entry: Codable, Sendable {
        var source: String
        var path: String
        var mode: FileMode
    }

    struct Services: Codable, Sendable {
        var enable: [String]?
        var disable: [String]?
    }
}
