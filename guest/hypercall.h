/* The hypercall of PANDA's recctrl plugin. */
#pragma once

#include "linux.h"

enum action { action_toggle = -100, action_open_session = 100, action_close_session = 200 };

enum reply { reply_error = -1, reply_nothing_done = 0, reply_started = 1, reply_stopped = 2 };

enum { magic = 0x666, name_size = 128 };

/* recctrl reads this many bytes from the guest's memory whatever the name's length, and takes only pages that
   are present: aligned to its size the buffer lies in one page, and writing the name has brought that in. */
static char name_buffer[name_size] __attribute__((aligned(name_size)));

/* Copies a name to where recctrl can read it. Tells whether it is one that recctrl takes. */
static int set_name(const char *name) {
    unsigned long count = length(name);
    if (count == 0 || count >= name_size) return 0;
    for (unsigned long i = 0; i < name_size; i++) {
        char byte = i < count ? name[i] : '\0';
        if (i < count && (byte < ' ' || byte > '~')) return 0;
        ((volatile char *)name_buffer)[i] = byte;
    }
    return 1;
}

/* PANDA begins and ends recordings at the end of a turn of its main loop, which is also what lets the guest's
   timers expire. The first of two sleeps cannot end before a turn has begun, nor the second before that turn is
   over: what follows is wholly inside the recording, or wholly outside. */
static void await_main_loop(void) {
    const struct { long seconds, nanoseconds; } nap = {0, 40 * 1000 * 1000};
    for (int i = 0; i < 2; i++) system_call(sys_nanosleep, (long)&nap, 0, 0, 0);
}

/* A replay has no recctrl to answer as it did. So the answer is kept in memory, and looked at only when a
   recording that the hypercall ended is over: no path that is recorded depends on it. */
#if defined(__x86_64__) || defined(__i386__)

/* A processor's CPUID overwrites all four registers. PANDA changes nothing but the accumulator where a plugin
   took the instruction for itself. */
static int hypercall(enum action action, int *reply) {
    const unsigned long untouched = 0x70636170;
    const unsigned long asked = (unsigned long)action, name = (unsigned long)name_buffer;
    unsigned long a = magic, b = asked, c = name, d = untouched;
    __asm__ volatile("cpuid" : "+a"(a), "+b"(b), "+c"(c), "+d"(d) : : "memory");
    const volatile struct { unsigned long a, b, c, d; } answer = {a, b, c, d};
    await_main_loop();
    *reply = (int)answer.a;
    return answer.b == asked && answer.c == name && answer.d == untouched;
}

#elif defined(__arm__)

/* Steps over the instruction: in the interrupted context the program counter is word 23. */
static void skip_instruction(int number, void *information, unsigned long *context) {
    (void)number, (void)information;
    context[23] += 4;
}

/* Outside PANDA there is no coprocessor 7 and the instruction traps; PANDA lets it pass. In both cases the
   register stays as it was where no plugin took the hypercall. */
static int hypercall(enum action action, int *reply) {
    const unsigned long with_context = 4;
    struct signal_action skip = {(handler *)(void (*)(void))skip_instruction, with_context, 0, 0};
    system_call(sys_rt_sigaction, sigill, (long)&skip, 0, sizeof skip.mask);
    register long r0 __asm__("r0") = magic;
    register long r1 __asm__("r1") = action;
    register long r2 __asm__("r2") = (long)name_buffer;
    __asm__ volatile("mcr p7, 0, r0, c0, c0, 0" : "+r"(r0) : "r"(r1), "r"(r2) : "memory");
    const volatile int answer = (int)r0;
    await_main_loop();
    *reply = answer;
    return answer != magic;
}

#endif
