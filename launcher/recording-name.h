/* What a guest calls a recording, made into the name of files that are not there yet. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { recording_name_size = 101 };

/* At most 96 of [A-Za-z0-9._-], no leading dot or hyphen; of a longer name the beginning and the end, which has
   recctrl's number. */
static void reduce_name(char *safe, const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    enum { longest = 96, end = 16 };
    size_t given = strlen(name), length = 0;

    for (size_t i = 0; i < given; i++) {
        char character = strchr(allowed, name[i]) ? name[i] : '_';
        if (given > longest && i >= longest - end && i < given - end)
            continue;
        if (length == 0 && (character == '.' || character == '-'))
            character = '_';
        safe[length++] = character;
    }
    if (length == 0)
        safe[length++] = '_';
    safe[length] = 0;
}

static int is_taken(const char *name)
{
    char path[recording_name_size + 16];

    snprintf(path, sizeof path, "%s-rr-snp", name);
    if (access(path, F_OK) == 0)
        return 1;
    snprintf(path, sizeof path, "%s-rr-nondet.log", name);
    return access(path, F_OK) == 0;
}

/* Tells whether there is such a name. PANDA opens its files without truncating them: what a longer recording of the
   same name left would stay. */
static int recording_name(char safe[recording_name_size], const char *name)
{
    size_t length;

    reduce_name(safe, name);
    length = strlen(safe);
    for (char letter = 'b'; is_taken(safe) && letter <= 'z'; letter++)
        snprintf(safe + length, recording_name_size - length, "-%c", letter);
    return !is_taken(safe);
}
