/*
 * Runs PANDA: a libpanda-ARCH.so of the wheel, or an installed panda-system-ARCH.
 *
 *   panda-system [--writable PATH]... [--lifeline PID] [--input FD=PATH]... ENGINE [ARGUMENT]...
 *   panda-system --probe-plugins LIBPANDA PLUGIN...
 *   panda-system --probe-confinement
 *
 * --writable   confines the engine with Landlock: it may write to, make or remove files only beneath PATH (a
 *              folder, or one file). A guest chooses the names of its recordings and PANDA takes them for paths.
 * --lifeline   sends the engine SIGTERM when process PID is gone, so that no engine outlives the capture that
 *              started it, and a recording that is open then is closed.
 *
 * --input      opens the file PATH for reading as file descriptor FD, for '-incoming fd:FD'.
 *
 * A libpanda is ended with panda_finish(), without which an open recording stays cut (vl.c, PANDA_MAIN_FINISH).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recording-name.h"

enum { exit_usage = 64, exit_unavailable = 69 };

/* RRCTRL_EINVALID (panda/include/panda/rr/rr_types.h) */
enum { refused = -2 };

extern char **environ;

static void die(int status, const char *what, const char *name, const char *why)
{
    fprintf(stderr, "panda-system: %s %s: %s\n", what, name, why);
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

static void watch(int owner, pid_t engine_pid)
{
    struct pollfd ends[2] = {{.fd = owner, .events = POLLIN}, {.events = POLLIN}};

    ends[1].fd = (int)syscall(SYS_pidfd_open, engine_pid, 0);
    if (ends[1].fd < 0)
        return;
    while (poll(ends, 2, -1) < 0 && errno == EINTR) {}
    if (!(ends[1].revents & POLLIN))
        syscall(SYS_pidfd_send_signal, ends[1].fd, SIGTERM, NULL, 0);
}

/* The watcher is no child of the engine's: QEMU reaps only children it knows. */
static void hold_lifeline(const char *number)
{
    pid_t engine_pid = getpid();
    int owner = (int)syscall(SYS_pidfd_open, (pid_t)atol(number), 0);
    pid_t child;

    if (owner < 0)
        die(exit_usage, "cannot watch process", number, strerror(errno));
    child = fork();
    if (child == 0) {
        if (fork() == 0) {
            setsid();
            for (int fd = 0; fd < 3; fd++)
                close(fd);
            watch(owner, engine_pid);
        }
        _exit(0);
    }
    if (child < 0)
        die(exit_unavailable, "cannot watch process", number, strerror(errno));
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    close(owner);
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

/* ---- libpanda ---------------------------------------------------------------------------------------- */

static void *libpanda;

static void *load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);

    if (!library)
        die(exit_unavailable, "cannot load", path, dlerror());
    return library;
}

static void *symbol(const char *name)
{
    void *address = dlsym(libpanda, name);

    if (!address)
        die(exit_unavailable, "this libpanda has no function", name, dlerror());
    return address;
}

/*
 * PANDA's own function of this name, seen by plugins before the library's: the name that recctrl took from the
 * guest is reduced to a file name before PANDA takes it for a path.
 */
__attribute__((visibility("default"))) int panda_record_begin(const char *name, const char *snapshot)
{
    int (*begin)(const char *, const char *) = symbol("panda_record_begin");
    char safe[recording_name_size];

    if (!recording_name(safe, name)) {
        fprintf(stderr, "panda-system: a recording '%s' is there already; the guest gets no other\n", safe);
        return refused;
    }
    if (strcmp(safe, name) != 0)
        fprintf(stderr, "panda-system: the guest's recording name was changed to '%s'\n", safe);
    return begin(safe, snapshot);
}

static int run_library(const char *path, int count, char **arguments)
{
    int (*init)(int, char **, char **);
    int (*run)(void);
    int (*finish)(void);
    char **vector = calloc((size_t)count + 2, sizeof *vector);

    libpanda = load(path);
    init = symbol("panda_init");
    run = symbol("panda_run");
    finish = symbol("panda_finish");
    /* On the heap, for panda_finish frees it; the library's path, for taint2 looks for its bitcode beside it. */
    vector[0] = strdup(path);
    memcpy(vector + 1, arguments, (size_t)count * sizeof *vector);
    init(count + 1, vector, environ);
    run();
    return finish();
}

static int probe_plugins(const char *path, int count, char **plugins)
{
    libpanda = load(path);
    for (int i = 0; i < count; i++) {
        void *plugin = dlopen(plugins[i], RTLD_NOW | RTLD_LOCAL);
        printf("%s\t%s\n", plugins[i], plugin ? "" : dlerror());
    }
    fflush(stdout);
    _exit(0);
}

static bool is_library(const char *path)
{
    Elf64_Ehdr header;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool shared = file >= 0 && read(file, &header, sizeof header) == sizeof header &&
                  memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && strstr(path, "libpanda") != NULL;

    if (file >= 0)
        close(file);
    return shared;
}

int main(int argc, char **argv)
{
    char *writable[argc];
    int writable_count = 0, i = 1;

    if (argc == 2 && strcmp(argv[1], "--probe-confinement") == 0) {
        printf("%d\n", landlock_version());
        return landlock_version() < 1;
    }
    if (argc > 2 && strcmp(argv[1], "--probe-plugins") == 0)
        return probe_plugins(argv[2], argc - 3, argv + 3);
    for (; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--writable") == 0)
            writable[writable_count++] = argv[i + 1];
        else if (strcmp(argv[i], "--lifeline") == 0)
            hold_lifeline(argv[i + 1]);
        else if (strcmp(argv[i], "--input") == 0)
            open_input(argv[i + 1]);
        else
            break;
    }
    if (i >= argc || argv[i][0] == '-')
        die(exit_usage, "usage:", argv[0], "[--writable PATH]... [--lifeline PID] [--input FD=PATH]... ENGINE [ARGUMENT]...");
    if (writable_count > 0)
        confine(writable, writable_count);
    /* PANDA reports with printf; a log that is read while it runs wants whole lines. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (is_library(argv[i]))
        return run_library(argv[i], argc - i - 1, argv + i + 1);
    execv(argv[i], argv + i);
    die(exit_unavailable, "cannot run", argv[i], strerror(errno));
}
