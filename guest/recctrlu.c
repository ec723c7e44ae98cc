/* recctrlu: from inside a guest, asks PANDA's recctrl plugin to start or end a recording. */

#include "hypercall.h"
#include "text.h"

static int complain(const char *line) {
    say_line(line);
    return 1;
}

static int syntax(const char *program) {
    struct text text;
    text.count = 0;
    append(&text, "Syntax: ");
    append(&text, program);
    append(&text, " <toggle|open_session|close_session> <recording_name>\n");
    say(&text);
    return 1;
}

static int report(int reply) {
    switch (reply) {
    case reply_nothing_done: say_line("Success."); return 0;
    case reply_started: say_line("Success. Started recording."); return 0;
    case reply_stopped: say_line("Success. Stopped recording."); return 0;
    case reply_error: return complain("Error. Hypercall failed.");
    }
    struct text text;
    text.count = 0;
    append(&text, "Error. Unknown hypercall return code: ");
    append_number(&text, reply);
    append(&text, "\n");
    say(&text);
    return 1;
}

static int run(int count, char **arguments, char **environment) {
    (void)environment;
    enum action action;
    if (count != 3) return syntax(count > 0 ? arguments[0] : "recctrlu");
    if (same(arguments[1], "toggle")) action = action_toggle;
    else if (same(arguments[1], "open_session")) action = action_open_session;
    else if (same(arguments[1], "close_session")) action = action_close_session;
    else return syntax(arguments[0]);

    if (!set_name(arguments[2]))
        return complain("Error. The recording's name must have 1 to 127 printable ASCII characters.");
    int reply;
    if (!hypercall(action, &reply))
        return complain("Error. Nobody took the hypercall: this is no PANDA guest, or PANDA has no recctrl loaded.");
    return report(reply);
}
