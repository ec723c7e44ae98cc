import ArgumentParser

struct ContainerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "container",
        abstract: "Look after images and containers, of Docker or Podman",
        discussion: """
            docs/containers.md tells how to start either. 'make help' lists the short forms: lsimg, lscont, lsaddr, \
            sh-NAME, ssh-NAME and others.
            """,
        subcommands: [
            ContainerBuildCommand.self, ContainerImagesCommand.self, ContainerListCommand.self,
            ContainerAddressesCommand.self,
            ContainerShellCommand.self, ContainerSSHCommand.self, ContainerTestCommand.self,
            ContainerPruneCommand.self, ContainerForgetKeysCommand.self,
        ]
    )
}
