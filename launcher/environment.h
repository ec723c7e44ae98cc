/* Keeps a user's secrets, which often lie in variables of the environment, from an engine. */
#include <string.h>

extern char **environ;

/* What programs, their libraries and windows look for; a name that ends with '*' is the beginning of several. */
static const char *const kept_variables[] = {
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_*", "TZ", "TERM", "TMPDIR", "LD_LIBRARY_PATH", "PANDA*",
    "PYTHON*", "DISPLAY", "XAUTHORITY", "GDK_*", "GTK_*", "SDL_*", "MALLOC_*", "GLIBC_TUNABLES",
};

static int is_kept(const char *variable)
{
    size_t length = strcspn(variable, "=");

    for (size_t i = 0; i < sizeof kept_variables / sizeof *kept_variables; i++) {
        size_t wanted = strcspn(kept_variables[i], "*");

        if (strncmp(variable, kept_variables[i], wanted) == 0 && (kept_variables[i][wanted] || length == wanted))
            return 1;
    }
    return 0;
}

static void forget_variables(void)
{
    char **to = environ;

    for (char **from = environ; *from; from++)
        if (is_kept(*from))
            *to++ = *from;
    *to = NULL;
}
