/* The little of Linux that the programs for guests need: system calls, the entry point, text. No libc. */
#pragma once

enum { standard_error = 2, sighup = 1, sigint = 2, sigquit = 3, sigill = 4, sigterm = 15 };

#if defined(__x86_64__)

enum {
    sys_read = 0, sys_write = 1, sys_open = 2, sys_close = 3, sys_rt_sigaction = 13, sys_ioctl = 16,
    sys_nanosleep = 35, sys_fork = 57, sys_execve = 59, sys_exit = 60, sys_wait4 = 61, sys_kill = 62,
    sys_getppid = 110, sys_prctl = 157, sys_clock_settime = 227
};

static inline long system_call(long number, long a, long b, long c, long d) {
    register long fourth __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "+a"(number)
                     : "D"(a), "S"(b), "d"(c), "r"(fourth)
                     : "rcx", "r11", "memory");
    return number;
}

#define CALL_WITH_STACK "mov %rsp, %rdi\n and $-16, %rsp\n call with_stack\n"

#elif defined(__i386__)

enum {
    sys_exit = 1, sys_fork = 2, sys_read = 3, sys_write = 4, sys_open = 5, sys_close = 6, sys_execve = 11,
    sys_kill = 37, sys_ioctl = 54, sys_getppid = 64, sys_wait4 = 114, sys_nanosleep = 162, sys_prctl = 172,
    sys_rt_sigaction = 174, sys_clock_settime = 264
};

static inline long system_call(long number, long a, long b, long c, long d) {
    __asm__ volatile("int $0x80" : "+a"(number) : "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
    return number;
}

#define CALL_WITH_STACK "mov %esp, %eax\n and $-16, %esp\n sub $12, %esp\n push %eax\n call with_stack\n"

#elif defined(__arm__)

enum {
    sys_exit = 1, sys_fork = 2, sys_read = 3, sys_write = 4, sys_open = 5, sys_close = 6, sys_execve = 11,
    sys_kill = 37, sys_ioctl = 54, sys_getppid = 64, sys_wait4 = 114, sys_nanosleep = 162, sys_prctl = 172,
    sys_rt_sigaction = 174, sys_clock_settime = 262
};

static inline long system_call(long number, long a, long b, long c, long d) {
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    register long r3 __asm__("r3") = d;
    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3) : "memory");
    return r0;
}

#define CALL_WITH_STACK "mov r0, sp\n bic sp, sp, #7\n bl with_stack\n"

#else
#error "no hypercall is known for this architecture"
#endif

static int run(int count, char **arguments, char **environment);

static inline _Noreturn void leave(int status) {
    for (;;) system_call(sys_exit, status, 0, 0, 0);
}

/* The kernel leaves the argument count, the arguments and the environment on the stack. */
__attribute__((used)) static _Noreturn void with_stack(long *stack) {
    char **arguments = (char **)(stack + 1);
    leave(run((int)stack[0], arguments, arguments + stack[0] + 1));
}

__attribute__((naked, noreturn, used)) void _start(void) { __asm__(CALL_WITH_STACK); }

typedef void handler(int);

/* The kernel's own structure, which is not libc's. The mask has 64 bits everywhere. */
struct signal_action {
    handler *handler;
    unsigned long flags;
    void (*restorer)(void);
    unsigned long long mask;
};

static inline int same(const char *left, const char *right) {
    while (*left != '\0' && *left == *right) left++, right++;
    return *left == *right;
}

static inline int starts_with(const char *text, const char *start) {
    while (*start != '\0' && *text == *start) text++, start++;
    return *start == '\0';
}

static inline unsigned long length(const char *text) {
    unsigned long count = 0;
    while (text[count] != '\0') count++;
    return count;
}
