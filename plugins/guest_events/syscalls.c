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
/* UIO_MAXIOV (include/uapi/linux/uio.h), and the size of struct mmsghdr, which begins with a struct msghdr */
enum { most_messages = 1024, message_size = 64 };
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
    case call_connect:
        call->address_length = read_address(cpu, call->arguments[1], (uint32_t)call->arguments[2], call->address);
        break;
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

/* What is told of a socket: the call, the descriptor, and an address by the name that it has in the event. */
struct socket_use {
    const char *kind;
    int64_t descriptor;
    const char *key;
    const unsigned char *address;
    size_t length;
    int64_t result;
    bool is_unfinished;
};

static void tell_socket(CPUState *cpu, const struct task *task, const struct socket_use *use)
{
    begin_task_event(cpu, use->kind, task);
    add_number("fd", use->descriptor);
    if (use->key)
        add_address(use->key, use->address, use->length);
    if (use->is_unfinished)
        add_true("unfinished");
    else
        add_ends(cpu, task->address, use->descriptor);
    if (use->result < 0)
        add_number("error", -use->result);
    end_event();
}

/* The same with an address that is in the task's memory. */
static void tell_named(CPUState *cpu, const struct task *task, struct socket_use use, uint64_t address, uint64_t length)
{
    unsigned char bytes[address_size];

    use.length = read_address(cpu, address, length, bytes);
    use.address = bytes;
    tell_socket(cpu, task, &use);
}

static void tell_connect(CPUState *cpu, const struct task *task, int64_t result, bool is_unfinished)
{
    const struct call *call = &task->call;
    struct socket_use use = {.kind = "connect", .descriptor = (int32_t)call->arguments[0], .key = "to",
                             .address = call->address, .length = call->address_length, .result = result,
                             .is_unfinished = is_unfinished};

    tell_socket(cpu, task, &use);
}

/* A datagram that names whom it goes to. */
static void tell_send(CPUState *cpu, const struct task *task, uint64_t address, uint64_t length)
{
    struct socket_use use = {.kind = "send", .descriptor = (int32_t)task->call.arguments[0], .key = "to"};

    if (address)
        tell_named(cpu, task, use, address, length);
}

/* struct msghdr begins with the name and its length. */
static void tell_message(CPUState *cpu, const struct task *task, uint64_t header)
{
    tell_send(cpu, task, read_word(cpu, header), read_half(cpu, header + 8));
}

/* System calls that are told of whatever came of them. */
static bool end_any(CPUState *cpu, const struct task *task, int64_t result)
{
    const uint64_t *arguments = task->call.arguments;
    struct socket_use bind = {.kind = "bind", .descriptor = (int32_t)arguments[0], .key = "to", .result = result};

    switch (task->call.number) {
    case call_connect: tell_connect(cpu, task, result, false); return true;
    case call_bind: tell_named(cpu, task, bind, arguments[1], (uint32_t)arguments[2]); return true;
    }
    return false;
}

void abandon_call(CPUState *cpu, struct task *task)
{
    if (task->call.is_open && task->call.number == call_connect)
        tell_connect(cpu, task, 0, true);
    task->call.is_open = false;
}

static void tell_accept(CPUState *cpu, const struct task *task, int64_t descriptor)
{
    const uint64_t *arguments = task->call.arguments;
    struct socket_use use = {.kind = "accept", .descriptor = descriptor, .key = "from"};

    tell_named(cpu, task, use, arguments[1], arguments[2] ? read_half(cpu, arguments[2]) : 0);
}

static void end_good(CPUState *cpu, const struct task *task, uint64_t result)
{
    const uint64_t *arguments = task->call.arguments;
    const struct socket_use listen = {.kind = "listen", .descriptor = (int32_t)arguments[0]};

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
        if ((uint32_t)arguments[1] == get_window || (uint32_t)arguments[1] == set_window)
            tell_window(cpu, task, (int32_t)arguments[0], arguments[2]);
        break;
    case call_listen: tell_socket(cpu, task, &listen); break;
    case call_accept:
    case call_accept4: tell_accept(cpu, task, (int64_t)result); break;
    case call_sendto: tell_send(cpu, task, arguments[4], (uint32_t)arguments[5]); break;
    case call_sendmsg: tell_message(cpu, task, arguments[1]); break;
    case call_sendmmsg:
        for (uint64_t i = 0; i < result && i < most_messages; i++)
            tell_message(cpu, task, arguments[1] + i * message_size);
        break;
    default: tell_change(cpu, task); break;
    }
}

void end_call(CPUState *cpu, struct task *task, uint64_t pc, uint64_t result)
{
    struct call *call = &task->call;
    bool has_failed = result > -(uint64_t)most_errors - 1;
    bool is_exec = call->number == call_execve || call->number == call_execveat;

    if (pc == call->pc + instruction_length) {
        if (!end_any(cpu, task, (int64_t)result) && !has_failed && !is_exec)
            end_good(cpu, task, result);
    } else if (is_exec && pc != call->pc) {
        /* Elsewhere, in a new program. */
        tell_sums(cpu, task->process);
        reset_sums(cpu, task);
        tell_exec(cpu, task);
        tell_mappings(cpu, task, "exec");
    } else if (pc != call->pc) {
        /* In a signal's handler: what came of the call is not in the register. At its own place, it is made anew. */
        abandon_call(cpu, task);
    }
    call->is_open = false;
    free(call->file);
    call->file = NULL;
}
