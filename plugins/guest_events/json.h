/* Writes events, each an object of JSON on a line of its own. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens the file, which gets no longer than some bytes; -1 and errno where that fails. */
int open_events(const char *path, uint64_t limit);

/*
 * A line: begin_event, then members, then end_event. A text holds bytes of the guest: what is no UTF-8 becomes \xNN,
 * and a backslash \\, both as characters of the text, so that the bytes can be had back.
 */
void begin_event(const char *kind);
void end_event(void);

/* Counts a line that is not begun since there is no room for it. */
void drop_event(void);

void add_number(const char *key, int64_t value);
void add_unsigned(const char *key, uint64_t value);
void add_true(const char *key);
void add_text(const char *key, const char *bytes, size_t length);
void add_word(const char *key, const char *text);

/* In a list, members have no key. */
void begin_list(const char *key);
void end_list(void);
void begin_object(const char *key);
void end_object(void);

/* Lines that were written, and that there was no room for. */
uint64_t lines_written(void);
uint64_t lines_dropped(void);

/* Writes the last line, which there is always room for, and closes the file; 0, or an error number. */
int close_events(void);

#endif
