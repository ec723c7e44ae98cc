/* Exits with 0 if CMPXCHG8B or CMPXCHG16B leaves no more in the flags than flags, and with 1 if an operand got into
   them. */

#include "../../../guest/linux.h"

#if defined(__x86_64__)
typedef unsigned __int128 pair;
#define COMPARE_AND_EXCHANGE "cmpxchg16b %1\n"
#else
typedef unsigned long long pair;
#define COMPARE_AND_EXCHANGE "cmpxchg8b %1\n"
#endif

static int run(int count, char **arguments, char **environment) {
    (void)count, (void)arguments, (void)environment;
    /* Written to before: a page fault would have the translator bring the flags up to date. */
    static volatile pair memory __attribute__((aligned(16))) = 1;
    unsigned long flags = 0;
    for (int i = 0; i < 100; i++) {
        unsigned long found, a = 0, d = 0;
        memory = 0;
        /* POPF has the translator take the flags for known; CMP's operand is what it then takes for them. */
        __asm__ volatile("pushf\n popf\n"
                         "mov $0x5a5a5a5a, %%ecx\n cmp %%ecx, %%eax\n"
                         COMPARE_AND_EXCHANGE
                         "pushf\n pop %0"
                         : "=r"(found), "+m"(memory), "+a"(a), "+d"(d)
                         : "b"(0L)
                         : "ecx", "cc");
        flags |= found;
    }
    const unsigned long known = 0x246 | 0x8d5;
    return (flags & ~known) != 0;
}
