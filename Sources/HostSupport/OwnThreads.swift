import Foundation

/// Runs tasks that block or compute for long on threads of their own.
///
/// All other tasks of a process share as many threads as there are processors, and would wait for them.
public final class OwnThreads: TaskExecutor {
    /// The one of this process; it has no threads while there is nothing to run.
    public static let shared = OwnThreads()

    private init() {}

    /// Runs a part of a task on a new thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
