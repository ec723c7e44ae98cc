/* Messages: pieces are gathered into a line, and the line is written at once. */
#pragma once

#include "linux.h"

struct text {
    char bytes[512];
    unsigned long count;
};

static inline void append(struct text *text, const char *piece) {
    while (*piece != '\0' && text->count < sizeof text->bytes) text->bytes[text->count++] = *piece++;
}

static inline void append_number(struct text *text, int number) {
    char digits[12];
    char *start = digits + sizeof digits - 1;
    unsigned int rest = number < 0 ? -(unsigned int)number : (unsigned int)number;
    *start = '\0';
    do *--start = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0) *--start = '-';
    append(text, start);
}

static inline void say(const struct text *text) {
    system_call(sys_write, standard_error, (long)text->bytes, (long)text->count, 0);
}

static inline void say_line(const char *line) {
    struct text text;
    text.count = 0;
    append(&text, line);
    append(&text, "\n");
    say(&text);
}
