#include "profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct profile profile;

#define PROFILE_PLACE(name, key, required) {key, &profile.name, required},
static const struct {
    const char *key;
    int64_t *place;
    bool is_required;
} places[] = {PROFILE_KEYS(PROFILE_PLACE)};
#undef PROFILE_PLACE

enum { place_count = sizeof places / sizeof *places };

static void take(const char *key, const char *value)
{
    if (strcmp(key, "name") == 0)
        snprintf(profile.kernel, sizeof profile.kernel, "%s", value);
    for (int i = 0; i < place_count; i++) {
        if (strcmp(key, places[i].key) == 0)
            /* Addresses of the kernel do not fit a signed number, offsets may be negative. */
            *places[i].place = *value == '-' ? strtoll(value, NULL, 10) : (int64_t)strtoull(value, NULL, 10);
    }
}

/* Cuts spaces and the line feed off. */
static char *trimmed(char *text)
{
    char *end;

    text += strspn(text, " \t");
    end = text + strlen(text);
    while (end > text && strchr(" \t\r\n", end[-1]))
        *--end = 0;
    return text;
}

bool read_profile(const char *path, const char *group)
{
    char line[512];
    bool is_inside = false, was_found = false;
    FILE *file = fopen(path, "re");

    if (!file) {
        fprintf(stderr, "guest_events: cannot read the kernel profile %s: %s\n", path, strerror(errno));
        return false;
    }
    for (int i = 0; i < place_count; i++)
        *places[i].place = absent;
    while (fgets(line, sizeof line, file)) {
        char *text = trimmed(line), *value = strchr(text, '=');

        if (*text == '[') {
            is_inside = !was_found && (!group || (strlen(text) == strlen(group) + 2 &&
                                                  strncmp(text + 1, group, strlen(group)) == 0));
            was_found |= is_inside;
        } else if (is_inside && *text != '#' && value) {
            *value = 0;
            take(trimmed(text), trimmed(value + 1));
        }
    }
    fclose(file);
    if (!was_found) {
        fprintf(stderr, "guest_events: the kernel profile %s has no group [%s]\n", path, group ? group : "");
        return false;
    }
    for (int i = 0; i < place_count; i++) {
        if (places[i].is_required && *places[i].place == absent) {
            fprintf(stderr, "guest_events: the kernel profile %s lacks %s\n", path, places[i].key);
            return false;
        }
    }
    return true;
}

void tell_lacks(void (*tell)(const char *what))
{
    if (profile.task_exit_state == absent || profile.task_exit_code == absent)
        tell("exits by signals");
    if (profile.task_fs == absent || profile.pwd_dentry == absent || profile.pwd_mnt == absent)
        tell("working directories");
    if (profile.mm_exe_file == absent)
        tell("paths of executables");
    if (profile.file_private == absent || profile.socket_sk == absent || profile.sk_family == absent)
        tell("own addresses of sockets");
    if (profile.timekeeper == absent || profile.tk_seconds == absent || profile.tk_nanoseconds == absent ||
        profile.tk_shift == absent)
        tell("time");
}
