/*
 * Runs PANDA where it is a library, a libpanda-ARCH.so, as its program panda-system-ARCH would.
 *
 *   panda-system LIBPANDA [ARGUMENT]...
 *   panda-system --probe-plugins LIBPANDA PLUGIN...
 *
 * A libpanda is ended with panda_finish(), without which an open recording stays cut (vl.c, PANDA_MAIN_FINISH).
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recording-name.h"

enum { exit_usage = 64, exit_unavailable = 69 };

/* How many recordings the guest may begin; any number where it is not set. */
static const char limit_variable[] = "PANDACAP_RECORDINGS";
/* How often something is told that a guest can make us tell without end. */
enum { most_words = 16 };

/* RRCTRL_EINVALID (panda/include/panda/rr/rr_types.h) */
enum { refused = -2 };

extern char **environ;

static void die(int status, const char *what, const char *name, const char *why)
{
    fprintf(stderr, "panda-system: %s %s: %s\n", what, name, why);
    exit(status);
}

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

/* Whether the recording that the guest asked for last was begun: else there is none of its to be ended. */
static int has_begun;
/* How many were. */
static long begun;

static int may_begin(void)
{
    static int told;
    const char *limit = getenv(limit_variable);

    if (!limit || begun < atol(limit))
        return 1;
    if (told++ == 0)
        fprintf(stderr, "panda-system: the guest gets no further recording: it may begin %s\n", limit);
    return 0;
}

/*
 * PANDA's own function of this name, seen by plugins before the library's: the name that recctrl took from the
 * guest is reduced to a file name before PANDA takes it for a path.
 */
__attribute__((visibility("default"))) int panda_record_begin(const char *name, const char *snapshot)
{
    int (*begin)(const char *, const char *) = symbol("panda_record_begin");
    static int told;
    char safe[recording_name_size];
    int answer;

    has_begun = 0;
    if (!may_begin())
        return refused;
    if (!recording_name(safe, name)) {
        if (told++ < most_words)
            fprintf(stderr, "panda-system: a recording '%s' is there already; the guest gets no other\n", safe);
        return refused;
    }
    if (strcmp(safe, name) != 0 && told++ < most_words)
        fprintf(stderr, "panda-system: the guest's recording name was changed to '%s'\n", safe);
    answer = begin(safe, snapshot);
    has_begun = answer == 0;
    begun += has_begun;
    return answer;
}

/* The same of the end: recctrl asks for it even where nothing was begun, and would end the host's recording. */
__attribute__((visibility("default"))) int panda_record_end(void)
{
    int (*end)(void) = symbol("panda_record_end");

    if (!has_begun)
        return refused;
    has_begun = 0;
    return end();
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

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--probe-plugins") == 0)
        return probe_plugins(argv[2], argc - 3, argv + 3);
    if (argc < 2 || argv[1][0] == '-')
        die(exit_usage, "usage:", argv[0], "LIBPANDA [ARGUMENT]...");
    /* PANDA reports with printf; a log that is read while it runs wants whole lines. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    return run_library(argv[1], argc - 2, argv + 2);
}
