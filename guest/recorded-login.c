/* recorded-login: a login shell that has PANDA record what is done in it.

   The first line of /run/pandacap/session names the recording; without that file this is just /bin/sh. The
   recording ends when the shell does, when the connection is cut, or when this process is told to leave. */

#include "hypercall.h"

static const char session_file[] = "/run/pandacap/session";
static const char shell[] = "/bin/sh";

static volatile long shell_process;
static volatile int session_is_open;

static void close_session(void) {
    int reply;
    if (session_is_open) hypercall(action_close_session, &reply);
    session_is_open = 0;
}

static void cut(int number) {
    if (shell_process > 0) system_call(sys_kill, shell_process, sighup, 0, 0);
    close_session();
    leave(128 + number);
}

/* x86_64 insists on a way back from handlers; ours do not come back. */
static void no_return(void) { leave(255); }

static void handle(int number, handler *handler) {
    const unsigned long with_restorer = 0x04000000;
    struct signal_action action = {handler, with_restorer, no_return, 0};
    system_call(sys_rt_sigaction, number, (long)&action, 0, sizeof action.mask);
}

static handler *const by_default = (handler *)0;
static handler *const ignored = (handler *)1;

/* A connection without a terminal is cut without a signal: have one sent when the server's process ends. */
static void watch_connection(void) {
    const long set_parent_death_signal = 1;
    handle(sighup, cut);
    handle(sigterm, cut);
    system_call(sys_prctl, set_parent_death_signal, sighup, 0, 0);
    if (system_call(sys_getppid, 0, 0, 0, 0) == 1) cut(sighup);
}

static int read_session_name(void) {
    static char line[name_size + 1];
    long file = system_call(sys_open, (long)session_file, 0, 0, 0);
    if (file < 0) return 0;
    long count = system_call(sys_read, file, (long)line, sizeof line - 1, 0);
    system_call(sys_close, file, 0, 0, 0);
    for (long i = 0; i < count; i++)
        if (line[i] == '\n') line[i] = '\0';
    return count > 0 && set_name(line);
}

static void open_session(void) {
    int reply;
    session_is_open = 1;
    session_is_open = hypercall(action_open_session, &reply) && reply != reply_error;
}

static _Noreturn void become_shell(int count, char **arguments, char **environment) {
    static char shell_variable[] = "SHELL=/bin/sh";
    for (char **variable = environment; *variable != 0; variable++)
        if (starts_with(*variable, "SHELL=")) *variable = shell_variable;
    arguments[0] = count > 1 ? "sh" : "-sh";
    system_call(sys_execve, (long)shell, (long)arguments, (long)environment, 0);
    leave(127);
}

static int wait_for_shell(void) {
    const long interrupted = -4;
    int status = 0;
    long ended;
    do ended = system_call(sys_wait4, shell_process, (long)&status, 0, 0);
    while (ended == interrupted);
    int signal = status & 0x7f;
    return ended < 0 ? 255 : signal != 0 ? 128 + signal : status >> 8 & 0xff;
}

static int run(int count, char **arguments, char **environment) {
    if (!read_session_name()) become_shell(count, arguments, environment);
    watch_connection();
    open_session();
    /* The terminal's keys are for the shell and what runs in it. */
    handle(sigint, ignored);
    handle(sigquit, ignored);
    shell_process = system_call(sys_fork, 0, 0, 0, 0);
    if (shell_process == 0) {
        for (int number = sighup; number <= sigterm; number++) handle(number, by_default);
        become_shell(count, arguments, environment);
    }
    int status = wait_for_shell();
    close_session();
    return status;
}
