/* Ends a program, in order, when whoever started it is gone. */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

static void watch(int owner, short gone, int engine)
{
    struct pollfd ends[2] = {{.fd = owner, .events = gone}, {.fd = engine, .events = POLLIN}};

    while (poll(ends, 2, -1) < 0 && errno == EINTR) {}
    if (!(ends[1].revents & POLLIN))
        syscall(SYS_pidfd_send_signal, engine, SIGTERM, NULL, 0);
}

/*
 * The watcher is no child of the engine's: QEMU reaps only children it knows. It takes the engine's descriptor along:
 * a number could be another process's by the time it looks.
 */
static void hold_lifeline(int owner, short gone, const char *name)
{
    int engine = (int)syscall(SYS_pidfd_open, getpid(), 0);
    pid_t child;

    if (owner < 0 || engine < 0)
        die(exit_usage, "cannot watch", name, strerror(errno));
    child = fork();
    if (child == 0) {
        if (fork() == 0) {
            setsid();
            for (int fd = 0; fd < 3; fd++)
                close(fd);
            watch(owner, gone, engine);
        }
        _exit(0);
    }
    if (child < 0)
        die(exit_unavailable, "cannot watch", name, strerror(errno));
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    close(owner);
    close(engine);
}

static int process(const char *number)
{
    return (int)syscall(SYS_pidfd_open, (pid_t)atol(number), 0);
}

static int listener(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (strlen(path) >= sizeof address.sun_path)
        die(exit_usage, "cannot watch", path, "the path is too long");
    strcpy(address.sun_path, path);
    return connection >= 0 && connect(connection, (struct sockaddr *)&address, sizeof address) == 0 ? connection : -1;
}
