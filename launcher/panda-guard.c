/*
 * Runs an engine, or whatever else, within bounds.
 *
 *   panda-guard [--writable PATH]... [--lifeline PID | --lifeline-socket PATH] [--input FD=PATH]... [--folder PATH]
 *               [--user UID:GID[:GID]] PROGRAM [ARGUMENT]...
 *   panda-guard --probe-confinement
 *
 * --writable         confines the program with Landlock: it may write to, make or remove files only beneath PATH (a
 *                    folder, or one file). A guest chooses the names of its recordings and PANDA takes them for paths.
 * --lifeline         sends the program SIGTERM when process PID is gone, so that no engine outlives the capture that
 *                    started it, and a recording that is open then is closed.
 * --lifeline-socket  the same when whoever listens at the Unix socket PATH is gone: processes have no numbers that
 *                    hold on both sides of a container's wall.
 * --input            opens the file PATH for reading as file descriptor FD, for '-incoming fd:FD'.
 * --folder           starts the program in the folder PATH.
 * --user             gives root's rights up for those of a user, a group, and perhaps a further group.
 *
 * What is asked for is done in this order of the arguments.
 *
 * It is linked statically, so that it runs in containers of whatever system.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { exit_usage = 64, exit_unavailable = 69 };

static void die(int status, const char *what, const char *name, const char *why)
{
    fprintf(stderr, "panda-guard: %s %s: %s\n", what, name, why);
    exit(status);
}

/* ---- confinement ------------------------------------------------------------------------------------- */

static int landlock_version(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static const uint64_t write_file = LANDLOCK_ACCESS_FS_WRITE_FILE | (1ULL << 14) /* TRUNCATE, Linux 6.2 */;
static const uint64_t write_folder =
    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

static void allow(int rules, const char *path, uint64_t handled)
{
    struct stat status;
    struct landlock_path_beneath_attr beneath = {0};

    beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (beneath.parent_fd < 0 || fstat(beneath.parent_fd, &status) != 0)
        die(exit_unavailable, "cannot open the writable path", path, strerror(errno));
    beneath.allowed_access = handled & (S_ISDIR(status.st_mode) ? ~0ULL : write_file);
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0)
        die(exit_unavailable, "cannot confine the engine to", path, strerror(errno));
    close(beneath.parent_fd);
}

static void confine(char **paths, int count)
{
    int version = landlock_version();
    struct landlock_ruleset_attr attributes = {0};
    int rules;

    if (version < 1)
        die(exit_unavailable, "cannot confine the engine:", "Landlock", strerror(errno));
    attributes.handled_access_fs = write_folder | write_file;
    if (version < 3)
        attributes.handled_access_fs &= ~(1ULL << 14);
    rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0)
        die(exit_unavailable, "cannot confine the engine:", "Landlock", strerror(errno));
    for (int i = 0; i < count; i++)
        allow(rules, paths[i], attributes.handled_access_fs);
    allow(rules, "/dev", attributes.handled_access_fs);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        die(exit_unavailable, "cannot confine the engine:", "Landlock", strerror(errno));
    close(rules);
}

/* ---- lifeline ---------------------------------------------------------------------------------------- */

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

/* ---- input ------------------------------------------------------------------------------------------- */

static void open_input(const char *input)
{
    char *path;
    long number = strtol(input, &path, 10);
    int file;

    if (number < 3 || number > 255 || *path != '=')
        die(exit_usage, "cannot open the input", input, "expected FD=PATH");
    file = open(path + 1, O_RDONLY);
    if (file < 0)
        die(exit_unavailable, "cannot open the input", path + 1, strerror(errno));
    if (file == (int)number)
        return;
    if (dup2(file, (int)number) < 0)
        die(exit_unavailable, "cannot open the input", path + 1, strerror(errno));
    close(file);
}

static void become(const char *user)
{
    unsigned uid, gid, further;
    char mark, end;
    int count = sscanf(user, "%u:%u%c%u%c", &uid, &gid, &mark, &further, &end);
    gid_t groups[1] = {further};

    if (count != 2 && (count != 4 || mark != ':'))
        die(exit_usage, "cannot become", user, "expected UID:GID or UID:GID:GID");
    if (setgroups(count == 4, groups) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
        die(exit_unavailable, "cannot become", user, strerror(errno));
}

int main(int argc, char **argv)
{
    char *writable[argc];
    int writable_count = 0, i = 1;

    if (argc == 2 && strcmp(argv[1], "--probe-confinement") == 0) {
        printf("%d\n", landlock_version());
        return landlock_version() < 1;
    }
    for (; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--writable") == 0)
            writable[writable_count++] = argv[i + 1];
        else if (strcmp(argv[i], "--lifeline") == 0)
            hold_lifeline(process(argv[i + 1]), POLLIN, argv[i + 1]);
        else if (strcmp(argv[i], "--lifeline-socket") == 0)
            hold_lifeline(listener(argv[i + 1]), POLLRDHUP, argv[i + 1]);
        else if (strcmp(argv[i], "--input") == 0)
            open_input(argv[i + 1]);
        else if (strcmp(argv[i], "--user") == 0)
            become(argv[i + 1]);
        else if (strcmp(argv[i], "--folder") != 0)
            break;
        else if (chdir(argv[i + 1]) != 0)
            die(exit_unavailable, "cannot start in", argv[i + 1], strerror(errno));
    }
    if (i >= argc || argv[i][0] == '-')
        die(exit_usage, "usage:", argv[0],
            "[--writable PATH]... [--lifeline PID | --lifeline-socket PATH] [--input FD=PATH]... [--folder PATH] "
            "[--user UID:GID[:GID]] PROGRAM [ARGUMENT]...");
    if (writable_count > 0)
        confine(writable, writable_count);
    execvp(argv[i], argv + i);
    /* What a shell would end with. */
    die(errno == ENOENT ? 127 : 126, "cannot run", argv[i], strerror(errno));
}
