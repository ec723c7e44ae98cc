#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for the longest line: what is written into one is bounded by whoever writes it. */
enum { line_size = 4 << 20, rest_for_last_line = 4096 };

static FILE *file;
static uint64_t room, written, dropped;
static char line[line_size];
static size_t length;
static bool is_first, is_too_long;

int open_events(const char *path, uint64_t limit)
{
    file = fopen(path, "we");
    room = limit > rest_for_last_line ? limit - rest_for_last_line : 0;
    return file ? 0 : -1;
}

static void put(const char *bytes, size_t count)
{
    if (count >= line_size - length) {
        is_too_long = true;
        return;
    }
    memcpy(line + length, bytes, count);
    length += count;
}

static void put_text(const char *text)
{
    put(text, strlen(text));
}

/* How many bytes a character of UTF-8 takes; 0 where there is none (RFC 3629, section 4). */
static size_t character(const unsigned char *s, size_t rest)
{
    size_t count = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

    if (count > rest)
        return 0;
    for (size_t i = 1; i < count; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
        (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return count;
}

/* A character that terminals act on, or some readers end a line at: U+007F to U+009F, U+2028 and U+2029; 0 where it is
   none of them. */
static uint32_t awkward(const unsigned char *s, size_t size)
{
    if (s[0] == 0x7f)
        return 0x7f;
    if (size == 2 && s[0] == 0xc2 && s[1] < 0xa0)
        return s[1];
    return size == 3 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9) ? 0x2000u + (s[2] - 0x80) : 0;
}

static void put_string(const char *bytes, size_t count)
{
    const unsigned char *s = (const unsigned char *)bytes;
    char escape[16];

    put("\"", 1);
    for (size_t i = 0; i < count;) {
        size_t size = character(s + i, count - i);

        if (size == 0)
            put(escape, (size_t)snprintf(escape, sizeof escape, "\\\\x%02x", s[i++]));
        else if (s[i] == '\\')
            put("\\\\\\\\", 4), i++;
        else if (s[i] == '"')
            put("\\\"", 2), i++;
        else if (s[i] < 0x20)
            put(escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", s[i++]));
        else if (awkward(s + i, size))
            put(escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", awkward(s + i, size))), i += size;
        else
            put(bytes + i, size), i += size;
    }
    put("\"", 1);
}

static void put_key(const char *key)
{
    if (!is_first)
        put(",", 1);
    is_first = false;
    if (key) {
        put_string(key, strlen(key));
        put(":", 1);
    }
}

void begin_event(const char *kind)
{
    length = 0;
    is_too_long = false;
    put("{", 1);
    is_first = true;
    add_word("event", kind);
}

static void write_line(bool always)
{
    put_text("}\n");
    if (is_too_long || (!always && length > room) || fwrite(line, 1, length, file) != length) {
        dropped++;
        return;
    }
    room -= length < room ? length : room;
    written++;
}

void end_event(void)
{
    write_line(false);
}

void drop_event(void)
{
    dropped++;
}

void add_number(const char *key, int64_t value)
{
    char digits[24];

    put_key(key);
    put(digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)value));
}

void add_unsigned(const char *key, uint64_t value)
{
    char digits[24];

    put_key(key);
    put(digits, (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)value));
}

void add_true(const char *key)
{
    put_key(key);
    put_text("true");
}

void add_text(const char *key, const char *bytes, size_t count)
{
    put_key(key);
    put_string(bytes, count);
}

void add_word(const char *key, const char *text)
{
    add_text(key, text, strlen(text));
}

static void open_bracket(const char *key, const char *bracket)
{
    put_key(key);
    put_text(bracket);
    is_first = true;
}

static void close_bracket(const char *bracket)
{
    put_text(bracket);
    is_first = false;
}

void begin_list(const char *key)
{
    open_bracket(key, "[");
}

void end_list(void)
{
    close_bracket("]");
}

void begin_object(const char *key)
{
    open_bracket(key, "{");
}

void end_object(void)
{
    close_bracket("}");
}

uint64_t lines_written(void)
{
    return written;
}

uint64_t lines_dropped(void)
{
    return dropped;
}

int close_events(void)
{
    int failed;

    write_line(true);
    failed = ferror(file);
    return fclose(file) != 0 || failed ? EIO : 0;
}
