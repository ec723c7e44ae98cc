/* What a guest calls a recording, made into a file name: at most 100 of [A-Za-z0-9._-], no leading dot. */
#include <stddef.h>

enum { recording_name_size = 101 };

static void recording_name(char safe[recording_name_size], const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t length = 0;

    for (; *name && length < recording_name_size - 1; name++) {
        char character = strchr(allowed, *name) ? *name : '_';
        if (length == 0 && character == '.')
            character = '_';
        safe[length++] = character;
    }
    if (length == 0)
        safe[length++] = '_';
    safe[length] = 0;
}
