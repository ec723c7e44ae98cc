/* Limits of what a program may use up. */
#include <string.h>
#include <sys/resource.h>

static const struct {
    const char *name;
    int resource;
} limit_names[] = {
    {"memory", RLIMIT_DATA},
    {"file-size", RLIMIT_FSIZE},
    {"files", RLIMIT_NOFILE},
};

static void set_limit(int resource, rlim_t value, const char *name)
{
    struct rlimit limit;

    if (getrlimit(resource, &limit) != 0)
        die(exit_unavailable, "cannot limit", name, strerror(errno));
    if (limit.rlim_max > value)
        limit.rlim_max = value;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(resource, &limit) != 0)
        die(exit_unavailable, "cannot limit", name, strerror(errno));
}

/* Sets one limit, NAME=NUMBER, and lets no core be written: it would be as large as the guest's memory, and is it. */
static void limit(const char *text)
{
    for (size_t i = 0; i < sizeof limit_names / sizeof *limit_names; i++) {
        size_t length = strlen(limit_names[i].name);
        char *end;
        unsigned long long value;

        if (strncmp(text, limit_names[i].name, length) != 0 || text[length] != '=')
            continue;
        value = strtoull(text + length + 1, &end, 10);
        if (*end || end == text + length + 1 || text[length + 1] == '-')
            break;
        set_limit(limit_names[i].resource, (rlim_t)value, limit_names[i].name);
        set_limit(RLIMIT_CORE, 0, "core");
        return;
    }
    die(exit_usage, "there is no limit", text, "expected memory=BYTES, file-size=BYTES or files=NUMBER");
}
