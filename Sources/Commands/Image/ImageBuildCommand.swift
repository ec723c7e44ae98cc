import ArgumentParser
import GuestImages
import HostSupport
import RunRecords

struct ImageBuildCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a guest image from a recipe; no root privileges are needed",
        discussion: """
            The packages come from Debian's archive, whose signatures are verified. An image of the same name is \
            replaced when the new one is finished. Recipes are YAML files; the ones that come with pandacap are \
            named by their names, others by their paths.

            Examples:
              $ pandacap image build tiny
              $ pandacap image build tiny --arch i386
              $ pandacap image build ./my-guest.yaml --name mine
            """
    )

    @Argument(help: "The recipe's name or path.", completion: .recipes)
    var recipe: String

    @Option(name: .customLong("arch"), help: "The guest's architecture.")
    var architecture: GuestArchitecture = .x8664

    @Option(help: "What to call the image, instead of the recipe's name with the architecture.")
    var name: String?

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let installation = try Installation.locate()
        let store = ImageStore(home: Storage.home)
        let builder = ImageBuilder(
            store: store,
            installation: installation,
            cache: Storage.cache,
            console: console
        )
        let recipe = try ImageRecipe.find(recipe, in: installation)
        let image = try await builder.build(recipe, for: architecture, named: name)
        try print(ImageReport(image: image, folder: store.folder(of: image)))
        return 0
    }
}
