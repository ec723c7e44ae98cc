#include "syscalls.h"

#include "events.h"
#include "files.h"
#include "mappings.h"
#include "memory.h"
#include "profile.h"
#include "sockets.h"

#include <stdlib.h>

/* The length of the instruction SYSCALL, which execution goes on behind. */
enum { instruction_length = 2 };
/* TIOCGWINSZ and TIOCSWINSZ (include/uapi/asm-generic/ioctls.h) */
enum { get_window = 0x5413, set_window = 0x5414 };
/* MAX_ERRNO (include/linux/err.h) */
enum { most_errors = 4095 };

static void keep_file(CPUState *cpu, struct task *task, uint64_t address)
{
    char name[path_size];

    if (read_text(cpu, address, name, sizeof name) >= 0)
        task->call.file = strdup(name);
}

void begin_call(CPUState *cpu, struct task *task, uint64_t pc)
{
    static const enum register_number registers[] = {rdi, rsi, rdx, r10, r8, r9};
    struct call *call = &task->call;

    free(call->file);
    call->file = NULL;
    call->is_open = true;
    call->pc = pc;
    call->number = register_of(cpu, rax) & UINT32_MAX;
    for (int i = 0; i < 6; i++)
        call->arguments[i] = register_of(cpu, registers[i]);
    *(call->number < counted_calls ? &task->process->counts[call->number] : &task->process->other_calls) += 1;
    switch (call->number) {
    case call_execve: keep_file(cpu, task, call->arguments[0]); break;
    case call_execveat: keep_file(cpu, task, call->arguments[1]); break;
    case call_exit_group: tell_mappings(cpu, task, "exit"); break;
    }
}

static void transfer(CPUState *cpu, const struct task *task, bool is_write, bool is_list, uint64_t count)
{
    const uint64_t *arguments = task->call.arguments;
    struct transfer transfer = {.address = arguments[1], .pieces = arguments[2], .is_list = is_list};

    if (count > 0)
        note_transfer(cpu, task, (int32_t)arguments[0], is_write, &transfer, count);
}

/* Bytes that went from one file to another within the kernel. */
static void move(CPUState *cpu, const struct task *task, unsigned from, unsigned to, uint64_t count)
{
    if (count == 0)
        return;
    note_transfer(cpu, task, (int32_t)task->call.arguments[from], false, NULL, count);
    note_transfer(cpu, task, (int32_t)task->call.arguments[to], true, NULL, count);
}

static void tell_socket(CPUState *cpu, const struct task *task, const char *kind, int64_t descriptor, int64_t result,
                        const char *key, uint64_t address, uint64_t length)
{
    begin_task_event(cpu, kind, task);
    add_number("fd", descriptor);
    if (key)
        add_given_address(cpu, key, address, length);
    add_ends(cpu, task->address, descriptor);
    if (result < 0)
        add_number("error", -result);
    end_event();
}

/* What is told of a datagram that names whom it goes to: struct msghdr begins with the name and its length. */
static void tell_message(CPUState *cpu, const struct task *task)
{
    const uint64_t *arguments = task->call.arguments;
    uint64_t name = read_word(cpu, arguments[1]);

    if (name)
        tell_socket(cpu, task, "send", (int32_t)arguments[0], 0, "to", name, read_half(cpu, arguments[1] + 8));
}

/* System calls that are told of whatever came of them. */
static bool end_any(CPUState *cpu, const struct task *task, int64_t result)
{
    const uint64_t *arguments = task->call.arguments;
    int64_t descriptor = (int32_t)arguments[0];

    switch (task->call.number) {
    case call_connect:
        tell_socket(cpu, task, "connect", descriptor, result, "to", arguments[1], arguments[2]);
        return true;
    case call_bind:
        tell_socket(cpu, task, "bind", descriptor, result, "to", arguments[1], arguments[2]);
        return true;
    }
    return false;
}

static void end_good(CPUState *cpu, const struct task *task, uint64_t result)
{
    const uint64_t *arguments = task->call.arguments;

    switch (task->call.number) {
    case call_read:
    case call_pread64: transfer(cpu, task, false, false, result); break;
    case call_write:
    case call_pwrite64: transfer(cpu, task, true, false, result); break;
    case call_readv:
    case call_preadv:
    case call_preadv2: transfer(cpu, task, false, true, result); break;
    case call_writev:
    case call_pwritev:
    case call_pwritev2: transfer(cpu, task, true, true, result); break;
    case call_sendfile: move(cpu, task, 1, 0, result); break;
    case call_splice:
    case call_copy_file_range: move(cpu, task, 0, 2, result); break;
    case call_open: tell_open(cpu, task, (int64_t)result, arguments[1]); break;
    /* O_CREAT, O_WRONLY and O_TRUNC */
    case call_creat: tell_open(cpu, task, (int64_t)result, 01101); break;
    case call_openat: tell_open(cpu, task, (int64_t)result, arguments[2]); break;
    /* struct open_how begins with the flags. */
    case call_openat2: tell_open(cpu, task, (int64_t)result, read_word(cpu, arguments[2])); break;
    case call_mmap: tell_map(cpu, task, result); break;
    case call_ioctl:
        if (arguments[1] == get_window || arguments[1] == set_window)
            tell_window(cpu, task, (int32_t)arguments[0], arguments[2]);
        break;
    case call_listen: tell_socket(cpu, task, "listen", (int32_t)arguments[0], 0, NULL, 0, 0); break;
    case call_accept:
    case call_accept4:
        tell_socket(cpu, task, "accept", (int64_t)result, 0, "from", arguments[1],
                    arguments[2] ? read_half(cpu, arguments[2]) : 0);
        break;
    case call_sendto:
        if (arguments[4])
            tell_socket(cpu, task, "send", (int32_t)arguments[0], 0, "to", arguments[4], arguments[5]);
        break;
    case call_sendmsg: tell_message(cpu, task); break;
    default: tell_change(cpu, task); break;
    }
}

void end_call(CPUState *cpu, struct task *task, uint64_t pc, uint64_t result)
{
    struct call *call = &task->call;
    bool has_failed = result > -(uint64_t)most_errors - 1;
    bool is_exec = call->number == call_execve || call->number == call_execveat;

    call->is_open = false;
    if (pc == call->pc + instruction_length) {
        if (!end_any(cpu, task, (int64_t)result) && !has_failed && !is_exec)
            end_good(cpu, task, result);
    } else if (is_exec && pc != call->pc) {
        /* Elsewhere: a new program. Other calls get there by a signal, and what came of them is not in the register. */
        tell_sums(cpu, task->process);
        reset_sums(cpu, task);
        tell_exec(cpu, task);
        tell_mappings(cpu, task, "exec");
    }
    free(call->file);
    call->file = NULL;
}
