#include "files.h"

#include "events.h"
#include "memory.h"
#include "profile.h"
#include "syscalls.h"

#include <stdlib.h>

/* What is told of one transfer over a terminal, and of all. */
enum { terminal_bytes = 4096, most_terminal_bytes = 32 << 20, most_pieces = 1024 };

static uint64_t terminal_told;

/* O_ACCMODE and its values, and flags (include/uapi/asm-generic/fcntl.h) */
static const struct {
    unsigned mask, value;
    const char *name;
} open_flags[] = {
    {3, 0, "read"},          {3, 1, "write"},         {3, 2, "read"},           {3, 2, "write"},
    {0100, 0100, "create"},  {0200, 0200, "exclusive"}, {01000, 01000, "truncate"}, {02000, 02000, "append"},
    {0200000, 0200000, "directory"}, {010000000, 010000000, "path"},
};

void tell_open(CPUState *cpu, const struct task *task, int64_t descriptor, uint64_t flags)
{
    struct path path;
    uint64_t file = open_file(cpu, task->address, descriptor);

    if (!file || !read_path_of_file(cpu, file, &path) || path.is_anonymous)
        return;
    begin_task_event(cpu, "open", task);
    add_path("path", &path);
    add_number("fd", descriptor);
    begin_list("flags");
    for (size_t i = 0; i < sizeof open_flags / sizeof *open_flags; i++) {
        if ((flags & open_flags[i].mask) == open_flags[i].value)
            add_word(NULL, open_flags[i].name);
    }
    end_list();
    end_event();
}

static void tell_write(CPUState *cpu, const struct task *task, const struct file_use *use)
{
    begin_task_event(cpu, "write", task);
    add_word("path", use->path);
    end_event();
}

/* Gathers what was transferred, as much as there is room for. */
static size_t gather(CPUState *cpu, const struct transfer *transfer, uint64_t count, char *bytes, size_t size)
{
    size_t done = 0, wanted = count < size ? (size_t)count : size;

    if (!transfer->is_list)
        return read_some(cpu, transfer->address, bytes, wanted);
    for (uint64_t i = 0; i < transfer->pieces && i < most_pieces && done < wanted; i++) {
        /* struct iovec */
        uint64_t base = read_word(cpu, transfer->address + 16 * i);
        uint64_t length = read_word(cpu, transfer->address + 16 * i + 8);
        size_t part = length < wanted - done ? (size_t)length : wanted - done;
        size_t got = read_some(cpu, base, bytes + done, part);

        done += got;
        if (got < part)
            break;
    }
    return done;
}

static void tell_terminal(CPUState *cpu, const struct task *task, struct file_use *use, bool is_write,
                          const struct transfer *transfer, uint64_t count)
{
    char bytes[terminal_bytes];
    size_t length = 0;

    if (terminal_told < most_terminal_bytes) {
        length = gather(cpu, transfer, count, bytes, sizeof bytes);
    } else if (use->is_cut) {
        drop_event();
        return;
    } else {
        /* Once without its bytes, for whoever reads has to know which terminal is cut. */
        use->is_cut = true;
    }
    terminal_told += length;
    begin_task_event(cpu, "terminal", task);
    add_word("path", use->path);
    add_word("direction", is_write ? "out" : "in");
    add_text("data", bytes, length);
    if (length < count) {
        add_true("truncated");
        add_unsigned("bytes", count);
    }
    end_event();
}

/* The use of an open file, if it has a name; NULL else. */
static struct file_use *use_of_descriptor(CPUState *cpu, const struct task *task, int64_t descriptor)
{
    uint64_t file = open_file(cpu, task->address, descriptor);
    struct file_key key;
    struct file_use *use;
    struct path path;
    bool has_name;

    if (!file)
        return NULL;
    place_of(cpu, file, &key.dentry, &key.mount);
    key.parent = read_word(cpu, key.dentry + (uint64_t)profile.dentry_parent);
    key.hash = read_word(cpu, key.dentry + (uint64_t)profile.dentry_name);
    use = known_use(task->process, &key);
    if (!use) {
        has_name = read_path(cpu, key.dentry, key.mount, &path) && !path.is_anonymous;
        use = new_use(task->process, &key, has_name ? path.bytes : NULL);
        if (use && has_name) {
            use->is_terminal = path.is_terminal;
            use->first = rr_get_guest_instr_count_external();
        }
    }
    return use && use->path ? use : NULL;
}

void note_transfer(CPUState *cpu, const struct task *task, int64_t descriptor, bool is_write,
                   const struct transfer *transfer, uint64_t count)
{
    struct file_use *use = use_of_descriptor(cpu, task, descriptor);

    if (!use)
        return;
    if (is_write && use->written == 0)
        tell_write(cpu, task, use);
    *(is_write ? &use->written : &use->read) += count;
    use->last = rr_get_guest_instr_count_external();
    if (use->is_terminal && transfer)
        tell_terminal(cpu, task, use, is_write, transfer, count);
}

void tell_window(CPUState *cpu, const struct task *task, int64_t descriptor, uint64_t address)
{
    struct file_use *use = use_of_descriptor(cpu, task, descriptor);
    /* struct winsize begins with rows and columns, 16 bits each. */
    uint32_t window = use && use->is_terminal ? read_half(cpu, address) : 0;

    if (window == 0 || window == use->window)
        return;
    use->window = window;
    begin_task_event(cpu, "window", task);
    add_word("path", use->path);
    add_unsigned("rows", window & 0xffff);
    add_unsigned("columns", window >> 16);
    end_event();
}

/* Where the arguments of a system call are that changes files; -1 where it has none such. */
static const struct change {
    unsigned number;
    const char *name;
    signed char folder, path, to_folder, to, mode, descriptor;
    /* Whether the first name is a text that stands in the second. */
    bool is_text;
} changes[] = {
    {call_truncate, "truncate", -1, 0, -1, -1, -1, -1, false},
    {call_ftruncate, "truncate", -1, -1, -1, -1, -1, 0, false},
    {call_rename, "rename", -1, 0, -1, 1, -1, -1, false},
    {call_renameat, "rename", 0, 1, 2, 3, -1, -1, false},
    {call_renameat2, "rename", 0, 1, 2, 3, -1, -1, false},
    {call_mkdir, "mkdir", -1, 0, -1, -1, 1, -1, false},
    {call_mkdirat, "mkdir", 0, 1, -1, -1, 2, -1, false},
    {call_rmdir, "rmdir", -1, 0, -1, -1, -1, -1, false},
    {call_link, "link", -1, 0, -1, 1, -1, -1, false},
    {call_linkat, "link", 0, 1, 2, 3, -1, -1, false},
    {call_unlink, "unlink", -1, 0, -1, -1, -1, -1, false},
    {call_unlinkat, "unlink", 0, 1, -1, -1, -1, -1, false},
    {call_symlink, "symlink", -1, 0, -1, 1, -1, -1, true},
    {call_symlinkat, "symlink", -1, 0, 1, 2, -1, -1, true},
    {call_chmod, "chmod", -1, 0, -1, -1, 1, -1, false},
    {call_fchmod, "chmod", -1, -1, -1, -1, 1, 0, false},
    {call_fchmodat, "chmod", 0, 1, -1, -1, 2, -1, false},
    {call_fchmodat2, "chmod", 0, 1, -1, -1, 2, -1, false},
    {call_chown, "chown", -1, 0, -1, -1, -1, -1, false},
    {call_fchown, "chown", -1, -1, -1, -1, -1, 0, false},
    {call_lchown, "chown", -1, 0, -1, -1, -1, -1, false},
    {call_fchownat, "chown", 0, 1, -1, -1, -1, -1, false},
    {call_mknod, "mknod", -1, 0, -1, -1, 1, -1, false},
    {call_mknodat, "mknod", 0, 1, -1, -1, 2, -1, false},
    {call_mount, "mount", -1, 0, -1, 1, -1, -1, true},
    {call_umount2, "umount", -1, 0, -1, -1, -1, -1, false},
};

/* AT_FDCWD */
enum { working_folder = -100 };

static void add_given(CPUState *cpu, const struct task *task, const char *key, int folder, int path, bool is_text)
{
    const uint64_t *arguments = task->call.arguments;
    struct path name;
    long length;

    if (is_text) {
        length = read_text(cpu, arguments[path], name.bytes, sizeof name.bytes);
        if (length >= 0)
            add_text(key, name.bytes, (size_t)length);
    } else if (read_given_path(cpu, task->address, folder < 0 ? working_folder : (int32_t)arguments[folder],
                               arguments[path], &name)) {
        add_path(key, &name);
    }
}

bool tell_change(CPUState *cpu, const struct task *task)
{
    const struct change *change = changes, *end = changes + sizeof changes / sizeof *changes;
    struct path path;

    while (change < end && change->number != task->call.number)
        change++;
    if (change == end)
        return false;
    begin_task_event(cpu, "change", task);
    add_word("change", change->name);
    if (change->descriptor >= 0) {
        uint64_t file = open_file(cpu, task->address, (int32_t)task->call.arguments[change->descriptor]);

        if (file && read_path_of_file(cpu, file, &path))
            add_path("path", &path);
    }
    if (change->path >= 0)
        add_given(cpu, task, change->is_text ? "target" : "path", change->folder, change->path, change->is_text);
    if (change->to >= 0)
        add_given(cpu, task, change->is_text ? "path" : "to", change->to_folder, change->to, false);
    if (change->mode >= 0)
        add_unsigned("mode", task->call.arguments[change->mode] & 07777);
    end_event();
    return true;
}

void tell_map(CPUState *cpu, const struct task *task, uint64_t start)
{
    /* MAP_ANONYMOUS, and PROT_READ and so on, which are as VM_READ */
    enum { is_anonymous = 0x20 };
    const uint64_t *arguments = task->call.arguments;
    const char rights[] = {arguments[2] & 1 ? 'r' : '-', arguments[2] & 2 ? 'w' : '-', arguments[2] & 4 ? 'x' : '-'};
    struct path path;
    uint64_t file;

    if (arguments[3] & is_anonymous || !(file = open_file(cpu, task->address, (int32_t)arguments[4])) ||
        !read_path_of_file(cpu, file, &path))
        return;
    begin_task_event(cpu, "map", task);
    add_path("path", &path);
    add_unsigned("start", start);
    add_unsigned("length", arguments[1]);
    add_unsigned("offset", arguments[5]);
    add_text("rights", rights, sizeof rights);
    end_event();
}
