/* Exits with 0 if CMPXCHG8B leaves no more in the flags than flags, and with 1 if an operand got into them. */

#include "../../../guest/linux.h"

static int run(int count, char **arguments, char **environment) {
    (void)count, (void)arguments, (void)environment;
    static volatile unsigned long long memory;
    unsigned long flags;
    /* POPF leaves the translator's idea of the flags behind; CMP's operand is what they were taken for. */
    __asm__ volatile("pushf\n popf\n"
                     "mov $0x5a5a5a5a, %%ecx\n cmp %%ecx, %%eax\n"
                     "lock cmpxchg8b %1\n"
                     "pushf\n pop %0"
                     : "=r"(flags), "+m"(memory)
                     : "a"(0), "d"(0), "b"(0)
                     : "ecx", "cc");
    const unsigned long known = 0x246 | 0x8d5;
    return (flags & ~known) != 0;
}
