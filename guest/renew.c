/* renew: gives a guest that was saved and resumed the host's time and random numbers of its own.

       renew SECONDS NANOSECONDS PASSED < SEED

   The time is the one since the epoch, when the host wrote it down; PASSED hundredths of a second have passed since. SEED is mixed into the kernel's pool and counted as entropy, and the
   generator is seeded anew from it at once: writing to /dev/urandom alone would be heeded minutes later. */

#include "text.h"

enum { seed_size = 256 };

/* linux/random.h: _IOW('R', 0x03, int[2]) and _IO('R', 0x07). */
enum { add_entropy = 0x40085203, seed_generator = 0x5207 };

static int complain(const char *line) {
    say_line(line);
    return 1;
}

/* At most ten digits, of a value that a long has on 32 bits, too. */
static int read_number(const char *text, long *number) {
    unsigned long long value = 0;
    if (length(text) == 0 || length(text) > 10) return 0;
    for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (unsigned long long)(*text - '0');
    *number = (long)value;
    return *text == '\0' && value <= 0x7fffffff;
}

static long read_seed(unsigned char *bytes) {
    long count = 0, got;
    do count += got = system_call(sys_read, 0, (long)bytes + count, seed_size - count, 0);
    while (got > 0 && count < seed_size);
    return got < 0 ? got : count;
}

static int run(int count, char **arguments, char **environment) {
    (void)environment;
    static struct { int bits, bytes; unsigned char seed[seed_size]; } pool;
    struct { long seconds, nanoseconds; } time = {0, 0};
    long passed = 0;
    if (count != 4 || !read_number(arguments[1], &time.seconds) ||
        !read_number(arguments[2], &time.nanoseconds) || !read_number(arguments[3], &passed))
        return complain("Syntax: renew <seconds since the epoch> <nanoseconds> <hundredths passed> < <seed>");
    const long hundredth = 10000000, second = 1000000000;
    time.seconds += passed / 100;
    time.nanoseconds = time.nanoseconds % second + passed % 100 * hundredth;
    if (time.nanoseconds >= second) time.seconds++, time.nanoseconds -= second;

    pool.bytes = (int)read_seed(pool.seed);
    if (pool.bytes <= 0) return complain("Error. There is no seed on standard input.");
    pool.bits = pool.bytes * 8;
    long device = system_call(sys_open, (long)"/dev/urandom", 1, 0, 0);
    if (device < 0 || system_call(sys_ioctl, device, add_entropy, (long)&pool, 0) < 0)
        return complain("Error. The kernel does not take the seed.");
    /* Kernels before 4.17 have no such request; they seed themselves at the next read. */
    system_call(sys_ioctl, device, seed_generator, 0, 0);

    const long real_time = 0;
    if (system_call(sys_clock_settime, real_time, (long)&time, 0, 0) < 0)
        return complain("Error. The kernel does not take the time.");
    return 0;
}
