/*
 * Runs an engine, or whatever else, within bounds.
 *
 *   panda-guard [OPTION VALUE]... PROGRAM [ARGUMENT]...
 *   panda-guard --probe-confinement
 *
 * --writable         confines the program with Landlock: it may write to, make or remove files only beneath PATH (a
 *                    folder, or one file). A guest chooses the names of its recordings and PANDA takes them for paths.
 * --readable         confines reading as well, and the programs that it may start: to what is beneath PATH, to what is
 *                    writable, and to what every program needs (confinement.h). Then it can also signal no process
 *                    but its own, and connect to no abstract socket of another's, as far as the kernel offers that; and of
 *                    the environment it gets what programs look for, and no secrets (environment.h).
 * --abstract-sockets 'shared' lets it connect to abstract sockets, which an X server may listen at.
 * --bind, --connect  confine TCP to PORT, or with 'none' to no port, where the kernel offers that.
 * --calls            refuses system calls that no engine needs: no process can be made, and there are only Unix and TCP
 *                    sockets with 'tcp', and those of UDP with 'udp'. Of root's rights only those over files and over
 *                    low ports stay.
 * --limit            limits memory=BYTES (what is written to and no file's), file-size=BYTES or files=NUMBER, and
 *                    lets no core be written.
 * --lifeline         sends the program SIGTERM when process PID is gone, so that no engine outlives the capture that
 *                    started it, and a recording that is open then is closed.
 * --lifeline-socket  the same when whoever listens at the Unix socket PATH is gone: processes have no numbers that
 *                    hold on both sides of a container's wall.
 * --input            opens the file PATH for reading as file descriptor FD (FD=PATH), for '-incoming fd:FD'.
 * --folder           starts the program in the folder PATH.
 * --user             gives root's rights up for those of a user, a group, and perhaps a further group
 *                    (UID:GID[:GID]).
 *
 * What is asked for is done in this order of the arguments; bounds are set at last.
 *
 * It is linked statically, so that it runs in containers of whatever system.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { exit_usage = 64, exit_unavailable = 69 };

static void die(int status, const char *what, const char *name, const char *why)
{
    fprintf(stderr, "panda-guard: %s %s: %s\n", what, name, why);
    exit(status);
}

#include "confinement.h"
#include "environment.h"
#include "lifeline.h"
#include "limits.h"
#include "system-calls.h"

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

static const char *word_of(const char *value, const char *one, const char *other)
{
    if (strcmp(value, one) != 0 && strcmp(value, other) != 0)
        die(exit_usage, "no such value:", value, one);
    return value;
}

/* What is set at last. */
struct later {
    struct bounds bounds;
    const char *calls;
    char **limits;
    int limit_count;
};

/* Does what an option asks for, or takes note of it; false where there is no such option. */
static bool take(const char *option, char *value, struct later *later)
{
    struct bounds *bounds = &later->bounds;

    if (strcmp(option, "--writable") == 0)
        bounds->writable[bounds->writable_count++] = value;
    else if (strcmp(option, "--readable") == 0)
        bounds->readable[bounds->readable_count++] = value;
    else if (strcmp(option, "--bind") == 0)
        bounds->bind[bounds->bind_count++] = value;
    else if (strcmp(option, "--connect") == 0)
        bounds->connect[bounds->connect_count++] = value;
    else if (strcmp(option, "--abstract-sockets") == 0)
        bounds->shares_abstract_sockets = strcmp(word_of(value, "shared", "own"), "shared") == 0;
    else if (strcmp(option, "--calls") == 0)
        later->calls = word_of(value, "tcp", "udp");
    else if (strcmp(option, "--limit") == 0)
        later->limits[later->limit_count++] = value;
    else if (strcmp(option, "--lifeline") == 0)
        hold_lifeline(process(value), POLLIN, value);
    else if (strcmp(option, "--lifeline-socket") == 0)
        hold_lifeline(listener(value), POLLRDHUP, value);
    else if (strcmp(option, "--input") == 0)
        open_input(value);
    else if (strcmp(option, "--user") == 0)
        become(value);
    else if (strcmp(option, "--folder") != 0)
        return false;
    else if (chdir(value) != 0)
        die(exit_unavailable, "cannot start in", value, strerror(errno));
    return true;
}

int main(int argc, char **argv)
{
    char *values[5][argc];
    struct later later = {
        .bounds = {.writable = values[0], .readable = values[1], .bind = values[2], .connect = values[3]},
        .limits = values[4],
    };
    struct bounds *bounds = &later.bounds;
    int i = 1;

    if (argc == 2 && strcmp(argv[1], "--probe-confinement") == 0) {
        printf("%d\n", landlock_version());
        return landlock_version() < 1;
    }
    while (i + 1 < argc && take(argv[i], argv[i + 1], &later))
        i += 2;
    if (i >= argc || argv[i][0] == '-')
        die(exit_usage, "usage:", argv[0], "[OPTION VALUE]... PROGRAM [ARGUMENT]...");
    for (int number = 0; number < later.limit_count; number++)
        limit(later.limits[number]);
    if (bounds->writable_count || bounds->readable_count || bounds->bind_count || bounds->connect_count)
        confine(bounds);
    if (bounds->readable_count)
        forget_variables();
    if (later.calls)
        bound_calls(strcmp(later.calls, "udp") == 0);
    execvp(argv[i], argv + i);
    /* What a shell would end with. */
    die(errno == ENOENT ? 127 : 126, "cannot run", argv[i], strerror(errno));
}
