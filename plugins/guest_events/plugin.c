/*
 * A plugin of PANDA that tells what the programs of a 64-bit Linux guest do, one event a line, from a replay: see
 * docs/guest-events.md. Three instructions are watched, and one of the kernel's functions; nothing else costs anything.
 *
 * Arguments: kconf_file and kconf_group, as of osi_linux; out (events.jsonl); limit, the most bytes that are written.
 */
#include "abi.h"
#include "events.h"
#include "memory.h"
#include "profile.h"
#include "syscalls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { format_version = 1, exit_data = 65, least_limit = 1 << 16 };

static CPUState *processor;
static bool has_begun;

static void tell_lack(const char *what)
{
    add_word(NULL, what);
}

static void fail(const char *why)
{
    fprintf(stderr, "guest_events: %s\n", why);
    /* Whatever the engine does at its exit is of no use any more, and may wait for what does not come. */
    fflush(NULL);
    _Exit(exit_data);
}

/* Holds what the profile says against the guest, for it comes from elsewhere. */
static void require_fit(CPUState *cpu)
{
    char name[name_size + 1];

    if (!registers_fit(cpu))
        fail("this engine keeps registers elsewhere than the PANDA that the plugin is made for");
    read_name(cpu, (uint64_t)profile.init_task, name);
    if (strncmp(name, "swapper", 7) != 0)
        fail("the kernel profile does not fit the guest: its first task is not where the profile says");
}

static void end_begin(void)
{
    add_unsigned("version", format_version);
    add_word("kernel", profile.kernel);
    begin_list("lacks");
    tell_lacks(tell_lack);
    end_list();
    end_event();
}

static void begin(CPUState *cpu)
{
    has_begun = true;
    processor = cpu;
    require_fit(cpu);
    begin_guest_event(cpu, "begin");
    end_begin();
    enter_all_processes(cpu, tell_process);
}

/* The running task, entered and told of if it is new. */
static struct task *current(CPUState *cpu)
{
    uint64_t address = current_address(cpu);
    struct task *task;
    bool is_new;

    if (!has_begun)
        begin(cpu);
    if (!address)
        return NULL;
    task = task_at(cpu, address, &is_new);
    if (is_new && !is_older(cpu, address))
        tell_start(cpu, task);
    return task;
}

static bool is_dead(CPUState *cpu, uint64_t address)
{
    return profile.task_exit_state != absent && read_half(cpu, address + (uint64_t)profile.task_exit_state) != 0;
}

static void end_wait(CPUState *cpu, struct task *task, uint64_t before)
{
    /* Sums are of a process' name at last: a shell's child has another after its exec. */
    if (task->tid == task->pid)
        read_name(cpu, task->address, task->process->name);
    tell_switch(cpu, task, before);
}

/* finish_task_switch(prev): prev gave the processor to the running task, which goes on where it was. */
static void end_switch(CPUState *cpu)
{
    uint64_t before = register_of(cpu, rdi), address = current_address(cpu);
    struct task *task, *dead;

    if (!has_begun)
        begin(cpu);
    if (address && !is_dead(cpu, address) && (task = current(cpu)))
        end_wait(cpu, task, before);
    if (is_kernel(before) && is_dead(cpu, before) && (dead = known_task(before))) {
        read_name(cpu, before, dead->process->name);
        abandon_call(cpu, dead);
        if (profile.task_exit_code != absent)
            tell_exit(cpu, dead, read_half(cpu, before + (uint64_t)profile.task_exit_code));
        forget_task(cpu, dead, tell_sums);
    }
}

static void begin_64_bit_call(CPUState *cpu, uint64_t pc)
{
    struct task *task = current(cpu);

    if (!task)
        return;
    begin_call(cpu, task, pc);
    /* Without the state of exits in the profile, this is as near as one comes to them. */
    if (profile.task_exit_state == absent &&
        (task->call.number == call_exit_group || task->call.number == call_exit)) {
        tell_exit(cpu, task, (uint32_t)(task->call.arguments[0] & 0xff) << 8);
        forget_task(cpu, task, tell_sums);
    }
}

static void note_32_bit_call(CPUState *cpu)
{
    struct task *task = current(cpu);

    if (task)
        task->process->calls_of_32_bit++;
}

static void leave_kernel(CPUState *cpu, uint64_t pc)
{
    struct task *task = known_task(current_address(cpu));

    if (task && task->call.is_open)
        end_call(cpu, task, pc, register_of(cpu, rax));
}

/* The instructions that are watched: SYSCALL, which 32-bit programs use on some processors as well; INT 80h and
   SYSENTER, which are calls of 32-bit programs whoever executes them; and those that go back to user mode. */
enum instruction { other, syscall_instruction, old_call, sysret, iret };

static enum instruction instruction_at(CPUState *cpu, uint64_t pc)
{
    unsigned char bytes[3] = {0};

    if (!read_bytes(cpu, pc, bytes, sizeof bytes) && !read_bytes(cpu, pc, bytes, 2))
        return other;
    if (!is_kernel(pc)) {
        if (bytes[0] == 0x0f && bytes[1] == 0x05)
            return syscall_instruction;
        return (bytes[0] == 0xcd && bytes[1] == 0x80) || (bytes[0] == 0x0f && bytes[1] == 0x34) ? old_call : other;
    }
    if (bytes[0] == 0x48 && bytes[1] == 0xcf)
        return iret;
    return bytes[0] == 0x48 && bytes[1] == 0x0f && bytes[2] == 0x07 ? sysret : other;
}

static bool is_watched(CPUState *cpu, uint64_t pc)
{
    return pc == (uint64_t)profile.task_switch || instruction_at(cpu, pc) != other;
}

static int watch(CPUState *cpu, uint64_t pc)
{
    uint64_t frame[2];

    if (pc == (uint64_t)profile.task_switch) {
        end_switch(cpu);
        return 0;
    }
    switch (instruction_at(cpu, pc)) {
    case syscall_instruction:
        if (runs_64_bit_code(cpu))
            begin_64_bit_call(cpu, pc);
        else
            note_32_bit_call(cpu);
        break;
    case old_call: note_32_bit_call(cpu); break;
    case sysret: leave_kernel(cpu, register_of(cpu, rcx)); break;
    case iret:
        /* What it goes back to is on the stack: where, and the code segment, whose last bits are the privilege. */
        if (read_bytes(cpu, register_of(cpu, rsp), frame, sizeof frame) && (frame[1] & 3) == 3)
            leave_kernel(cpu, frame[0]);
        break;
    case other: break;
    }
    return 0;
}

/* An argument's value; what is named last counts. */
static const char *argument(const struct plugin_arguments *arguments, const char *key, const char *otherwise)
{
    for (int i = 0; arguments && i < arguments->count; i++) {
        if (strcmp(arguments->list[i].key, key) == 0)
            otherwise = arguments->list[i].value;
    }
    return otherwise;
}

static bool start(const struct plugin_arguments *arguments)
{
    const char *file = argument(arguments, "kconf_file", NULL), *group = argument(arguments, "kconf_group", NULL);
    const char *out = argument(arguments, "out", "events.jsonl"), *limit = argument(arguments, "limit", "268435456");
    unsigned long long most;
    char *end;

    if (!file) {
        fprintf(stderr, "guest_events: the trace has no profile of the guest's kernel, and kconf_file= names none\n");
        return false;
    }
    errno = 0;
    most = strtoull(limit, &end, 10);
    if (errno || end == limit || *end || *limit == '-' || most < least_limit) {
        fprintf(stderr, "guest_events: limit=%s is no number of bytes, or fewer than %d\n", limit, least_limit);
        return false;
    }
    if (!read_profile(file, group))
        return false;
    if (open_events(out, most) != 0) {
        fprintf(stderr, "guest_events: cannot write %s: %s\n", out, strerror(errno));
        return false;
    }
    return true;
}

__attribute__((visibility("default"))) bool init_plugin(void *plugin)
{
    struct plugin_arguments *arguments = panda_get_args("guest_events");
    bool is_good = start(arguments);

    if (arguments)
        panda_free_args(arguments);
    if (!is_good)
        return false;
    panda_register_callback(plugin, callback_insn_translate, (union callback){.insn_translate = is_watched});
    panda_register_callback(plugin, callback_insn_exec, (union callback){.insn_exec = watch});
    return true;
}

__attribute__((visibility("default"))) void uninit_plugin(void *plugin)
{
    int error;

    (void)plugin;
    if (has_begun) {
        for_all_tasks(processor, abandon_call);
        forget_all(processor, tell_sums);
    } else {
        /* Nothing that is watched happened: of the guest only the profile is known. */
        begin_event("begin");
        add_unsigned("instr", rr_get_guest_instr_count_external());
        end_begin();
    }
    begin_event("end");
    add_unsigned("instr", rr_get_guest_instr_count_external());
    add_unsigned("events", lines_written());
    add_unsigned("dropped", lines_dropped());
    error = close_events();
    if (error)
        fprintf(stderr, "guest_events: the events could not be written: %s\n", strerror(error));
}
