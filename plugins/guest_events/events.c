#include "events.h"

#include "memory.h"
#include "profile.h"

#include "syscall-names.h"

#include <stdio.h>

/* What is told of an argument vector. */
enum { argument_bytes = 32 << 10, most_arguments = 1024 };

/* The guest's clock, as of its last tick. */
static void add_time(CPUState *cpu)
{
    /* tk_core has a sequence counter before the timekeeper, which is aligned to 8 (kernel/time/timekeeping.c). */
    uint64_t keeper = (uint64_t)profile.timekeeper + 8, seconds, nanoseconds;
    uint32_t shift;

    if (profile.timekeeper == absent || profile.tk_seconds == absent || profile.tk_nanoseconds == absent ||
        profile.tk_shift == absent)
        return;
    seconds = read_word(cpu, keeper + (uint64_t)profile.tk_seconds);
    shift = read_half(cpu, keeper + (uint64_t)profile.tk_shift);
    nanoseconds = shift < 64 ? read_word(cpu, keeper + (uint64_t)profile.tk_nanoseconds) >> shift : UINT64_MAX;
    /* The years 2000 to 2200: anything else is no clock. */
    if (seconds >= 946684800 && seconds < 7258118400 && nanoseconds < 2000000000)
        add_unsigned("time", seconds * 1000000000 + nanoseconds);
}

void begin_guest_event(CPUState *cpu, const char *kind)
{
    begin_event(kind);
    add_unsigned("instr", rr_get_guest_instr_count_external());
    add_time(cpu);
}

void begin_task_event(CPUState *cpu, const char *kind, const struct task *task)
{
    char name[name_size + 1];

    begin_guest_event(cpu, kind);
    add_unsigned("pid", task->pid);
    add_unsigned("tid", task->tid);
    read_name(cpu, task->address, name);
    add_word("comm", name);
}

void add_path(const char *key, const struct path *path)
{
    add_text(key, path->bytes, path->length);
}

static uint64_t memory_of(CPUState *cpu, uint64_t task)
{
    uint64_t memory = read_word(cpu, task + (uint64_t)profile.task_mm);

    return is_kernel(memory) ? memory : 0;
}

static void add_executable(CPUState *cpu, uint64_t memory)
{
    struct path path;
    uint64_t file = profile.mm_exe_file == absent ? 0 : read_word(cpu, memory + (uint64_t)profile.mm_exe_file);

    if (file && read_path_of_file(cpu, file, &path))
        add_path("path", &path);
}

static void add_arguments(CPUState *cpu, uint64_t memory)
{
    static char bytes[argument_bytes];
    /* arg_end lies behind arg_start (include/linux/mm_types.h). */
    uint64_t start = read_word(cpu, memory + (uint64_t)profile.mm_arg_start);
    uint64_t end = read_word(cpu, memory + (uint64_t)profile.mm_arg_start + 8);
    uint64_t length = end > start ? end - start : 0;
    size_t wanted = length < sizeof bytes ? (size_t)length : sizeof bytes, place = 0, count;
    unsigned number = 0;

    if (start == 0)
        return;
    count = read_foreign(cpu, read_word(cpu, memory + (uint64_t)profile.mm_pgd), start, bytes, wanted);
    if (count == 0 && wanted > 0)
        return;
    begin_list("argv");
    while (place < count && number < most_arguments) {
        size_t size = strnlen(bytes + place, count - place);

        add_text(NULL, bytes + place, size);
        place += size + 1;
        number++;
    }
    end_list();
    if (place < length)
        add_true("truncated");
}

void tell_process(CPUState *cpu, struct task *task)
{
    uint64_t memory = memory_of(cpu, task->address);

    begin_task_event(cpu, "process", task);
    add_unsigned("ppid", parent_of(cpu, task->address));
    if (memory) {
        add_executable(cpu, memory);
        add_arguments(cpu, memory);
    }
    end_event();
}

void tell_start(CPUState *cpu, const struct task *task)
{
    begin_task_event(cpu, "start", task);
    add_unsigned("ppid", parent_of(cpu, task->address));
    end_event();
}

void tell_exec(CPUState *cpu, const struct task *task)
{
    uint64_t memory = memory_of(cpu, task->address);
    struct path folder;

    begin_task_event(cpu, "exec", task);
    add_unsigned("ppid", parent_of(cpu, task->address));
    if (task->call.file)
        add_word("file", task->call.file);
    if (memory) {
        add_executable(cpu, memory);
        add_arguments(cpu, memory);
    }
    if (read_working_folder(cpu, task->address, &folder))
        add_path("cwd", &folder);
    end_event();
}

void tell_switch(CPUState *cpu, const struct task *task, uint64_t before)
{
    begin_task_event(cpu, "switch", task);
    add_unsigned("from", read_half(cpu, before + (uint64_t)profile.task_pid));
    end_event();
}

void tell_exit(CPUState *cpu, const struct task *task, uint32_t code)
{
    begin_task_event(cpu, "exit", task);
    if (code & 0x7f)
        add_unsigned("signal", code & 0x7f);
    else
        add_unsigned("status", code >> 8 & 0xff);
    end_event();
}

static void begin_sum(CPUState *cpu, const char *kind, const struct process *process)
{
    begin_guest_event(cpu, kind);
    add_unsigned("pid", process->pid);
    add_word("comm", process->name);
}

static void tell_calls(CPUState *cpu, const struct process *process)
{
    char number[24];

    begin_sum(cpu, "syscalls", process);
    begin_object("counts");
    for (unsigned i = 0; i < counted_calls; i++) {
        const char *name = i < sizeof names / sizeof *names ? names[i] : NULL;

        if (process->counts[i] == 0)
            continue;
        snprintf(number, sizeof number, "%u", i);
        add_unsigned(name ? name : number, process->counts[i]);
    }
    if (process->other_calls)
        add_unsigned("other", process->other_calls);
    if (process->calls_of_32_bit)
        add_unsigned("32-bit", process->calls_of_32_bit);
    end_object();
    end_event();
}

void tell_sums(CPUState *cpu, struct process *process)
{
    bool has_called = process->other_calls || process->calls_of_32_bit;

    for (unsigned i = 0; i < counted_calls; i++)
        has_called |= process->counts[i] != 0;
    if (has_called)
        tell_calls(cpu, process);
    for (unsigned i = 0; i < path_buckets; i++) {
        for (const struct file_use *use = process->paths[i]; use; use = use->next) {
            /* Of a pipe, a socket or memory only that it is none is kept. */
            if (!use->path)
                continue;
            begin_sum(cpu, "file", process);
            add_word("path", use->path);
            add_unsigned("read", use->read);
            add_unsigned("written", use->written);
            add_unsigned("first", use->first);
            add_unsigned("last", use->last);
            end_event();
        }
    }
    if (process->paths_dropped) {
        begin_sum(cpu, "files-dropped", process);
        add_unsigned("count", process->paths_dropped);
        end_event();
    }
}
