import GuestImages
import HostSupport
import LinuxKernel
import RunRecords
import Synchronization

extension Capture {
    /// Puts what PANDA has to know of the guest's kernel into the run's folder, and notes in the record what it is or
    /// why there is none.
    ///
    /// The snapshot of a whole recording has what the boot decided. A kernel without a profile is no failure: most
    /// plugins need none.
    func keepKernelProfile() async throws {
        guard let recording = record.withLock({ $0.recordings.first { $0.structure == .complete } }),
            let snapshot = recording.snapshot
        else { return }
        let profile: RunRecord.OSProfile
        do {
            profile = try await writeKernelInformation(plan.files.recordings / snapshot.name)
        } catch let failure as Failure {
            console.detail("\(failure)")
            // What the user named is better than nothing: PANDA has profiles of its own.
            guard record.withLock({ $0.osProfile?.os }) == nil else { return }
            profile = .init(reason: Console.printable(failure.message))
        }
        try update { $0.osProfile = profile }
    }

    private func writeKernelInformation(_ snapshot: HostPath) async throws -> RunRecord.OSProfile {
        guard plan.record.image.disk == nil else {
            throw Failure(.notFound, "the kernel is in the guest's own disk, and is not looked for there")
        }
        let images = ImageStore(home: plan.home)
        let image = try images.load(plan.record.image.name)
        guard image.digest == plan.record.image.digest else {
            throw Failure(.notFound, "the image '\(image.name)' was replaced while the guest ran")
        }
        let profile = try await images.profile(of: image)
        let boot = try KernelBoot(of: profile, inSnapshot: snapshot)
        try FileSystem.write(profile.configuration(boot), to: plan.files.kernelInformation)
        return .init(os: profile.operatingSystem)
    }
}
