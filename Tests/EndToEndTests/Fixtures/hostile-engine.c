/*
 * An engine that a guest has taken over, as far as a test needs one: it answers what an engine is asked before it is
 * started, and then tries to get at what it has no right to. Each attempt is a line: its name, and "refused" or "done".
 *
 * Built with -D: OTHER_RUN, KEY, HOME_FOLDER, RUNS, OUTSIDE, KERNEL (paths), VICTIM (a process), PORT, ABSTRACT (a name).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(const char *name, int succeeded)
{
    printf("%s %s %d\n", name, succeeded ? "done" : "refused", succeeded ? 0 : errno);
    fflush(stdout);
}

static int reads(const char *path) { return open(path, O_RDONLY) >= 0; }
static int writes(const char *path) { return open(path, O_WRONLY | O_CREAT, 0600) >= 0; }
static int lists(const char *path) { return opendir(path) != NULL; }

static int connects(int kind, int protocol)
{
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int end = socket(AF_INET, kind, protocol);

    return end >= 0 && connect(end, (struct sockaddr *)&there, sizeof there) == 0;
}

static int opens_fast(void)
{
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int end = socket(AF_INET, SOCK_STREAM, 0);

    return end >= 0 && sendto(end, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&there, sizeof there) == 1;
}

static int listens(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(PORT + 1), .sin_addr = {htonl(INADDR_LOOPBACK)}};

    return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&here, sizeof here) == 0;
}

static int connects_abstractly(void)
{
    struct sockaddr_un there = {.sun_family = AF_UNIX, .sun_path = ABSTRACT};

    there.sun_path[0] = 0;
    return connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&there,
                   sizeof there.sun_family + strlen(ABSTRACT)) == 0;
}

static int makes_process(pid_t (*make)(void))
{
    pid_t child = make();

    if (child == 0)
        _exit(0);
    return child > 0;
}

static pid_t clone_process(void) { return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }

/* As many as it gets, and no more than would hurt a test. */
static int bombs(void)
{
    int made = 0;

    while (made < 64 && makes_process(fork))
        made++;
    while (wait(NULL) > 0) {}
    return made > 0;
}

static int takes_memory(size_t bytes)
{
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static int fills_file(off_t bytes)
{
    int file = open("large", O_WRONLY | O_CREAT, 0600);

    signal(SIGXFSZ, SIG_IGN);
    return pwrite(file, "x", 1, bytes) == 1;
}

static int executes(const char *path)
{
    char *arguments[] = {(char *)path, "-c", "echo shell done", NULL};

    execv(path, arguments);
    return 0;
}

static void *thread(void *unused) { return unused; }

int main(int argc, char **argv)
{
    pthread_t id;

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "-version") == 0 || strcmp(argv[i], "-help") == 0)
            return puts("QEMU emulator version 2.9.1 (hostile)\n-panda\n-record-from\n-replay") < 0;
    tell("read-kernel", reads(KERNEL));
    tell("write-here", writes("here"));
    tell("write-console", writes("../console.log"));
    tell("make-thread", pthread_create(&id, NULL, thread, NULL) == 0);
    tell("take-machine-memory", takes_memory(64 << 20));
    tell("fill-small-file", fills_file(1 << 20));
    tell("unix-socket", socket(AF_UNIX, SOCK_STREAM, 0) >= 0);

    tell("read-shadow", reads("/etc/shadow"));
    tell("read-key", reads(KEY));
    tell("list-home", lists(HOME_FOLDER));
    tell("list-root", lists("/"));
    tell("read-other-run", reads(OTHER_RUN));
    tell("list-runs", lists(RUNS));
    tell("read-environment", reads("/proc/1/environ"));
    tell("read-disk", reads("/dev/vda") || reads("/dev/sda") || reads("/dev/mem"));
    tell("write-parent", writes("../escape"));
    tell("write-record", writes("../run.json"));
    tell("write-tmp", writes(OUTSIDE));
    tell("write-device", mknod("device", S_IFBLK | 0600, 0x800) == 0 && reads("device"));
    tell("connect-tcp", connects(SOCK_STREAM, 0));
    tell("connect-multipath", connects(SOCK_STREAM, 262));
    tell("connect-fast", opens_fast());
    tell("connect-udp", connects(SOCK_DGRAM, 0));
    tell("connect-abstract", connects_abstractly());
    tell("raw-socket", socket(AF_PACKET, SOCK_RAW, 0) >= 0 || socket(AF_INET, SOCK_RAW, 255) >= 0);
    tell("listen", listens());
    tell("fork-bomb", bombs());
    tell("clone-process", makes_process(clone_process));
    tell("ring", syscall(SYS_io_uring_setup, 1, calloc(1, 256)) >= 0);
    tell("trace", ptrace(PTRACE_ATTACH, VICTIM, 0, 0) == 0);
    tell("signal", kill(VICTIM, SIGCONT) == 0);
    tell("mount", mount("none", "/mnt", "tmpfs", 0, NULL) == 0);
    tell("become-namespaced", unshare(CLONE_NEWUSER) == 0);
    tell("set-clock", clock_settime(CLOCK_REALTIME, &(struct timespec){0}) == 0);
    tell("take-memory", takes_memory((size_t)10 * (64 << 20) + ((size_t)1 << 30)));
    tell("fill-file", fills_file(64 << 20));
    tell("run-shell", executes("/bin/sh"));
    puts("all tried");
    return 3;
}
