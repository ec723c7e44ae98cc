/* Exits with 0 if CMPXCHG8B leaves no more in the flags than flags, and with 1 if an operand got into them. */

#include "../../../guest/linux.h"

static int run(int count, char **arguments, char **environment) {
    (void)count, (void)arguments, (void)environment;
    /* Written to before: a page fault would have the translator bring the flags up to date. */
    static volatile unsigned long long memory = 1;
    unsigned long flags = 0;
    for (int i = 0; i < 100; i++) {
        unsigned long found, a = 0, d = 0;
        memory = 0;
        /* POPF has the translator take the flags for known; CMP's operand is what it then takes for them. */
        __asm__ volatile("pushf\n popf\n"
                         "mov $0x5a5a5a5a, %%ecx\n cmp %%ecx, %%eax\n"
                         "cmpxchg8b %1\n"
                         "pushf\n pop %0"
                         : "=r"(found), "+m"(memory), "+a"(a), "+d"(d)
                         : "b"(0)
                         : "ecx", "cc");
        flags |= found;
    }
    const unsigned long known = 0x246 | 0x8d5;
    return (flags & ~known) != 0;
}
