/* Walks the entries of a nondeterminism log (64-bit layout) and counts kinds: what a plain C loop takes. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static const int payload[10] = {1, 2, 4, 8, 4, 2, -1, 0, 4, 4};
/* The size of each call's structure, where in it the length of the data lies, and how long that is. */
static const struct { int bytes, length, width; } calls[11] = {
    {24, 16, 4}, {40, 24, 4}, {24, 16, 8}, {32, 0, 0}, {32, 0, 0}, {16, 8, 4},
    {16, 0, 0}, {16, 0, 0}, {16, 0, 0}, {16, 0, 0}, {24, 20, 4},
};

int main(int count, char **arguments)
{
    struct stat status;
    int file = count == 2 ? open(arguments[1], O_RDONLY) : -1;
    if (file < 0 || fstat(file, &status) != 0) return 1;
    size_t size = status.st_size, offset = 8;
    const uint8_t *log = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (log == MAP_FAILED) return 1;
    madvise((void *)log, size, MADV_SEQUENTIAL);
    uint64_t kinds[10] = {0}, last = 0, total = 0;
    while (offset + 10 <= size) {
        uint64_t at;
        memcpy(&at, log + offset, 8);
        uint8_t kind = log[offset + 8];
        if (kind > 9 || at < last) return 2;
        last = at;
        kinds[kind]++;
        offset += 10;
        if (kind != 6) {
            offset += payload[kind];
            continue;
        }
        if (offset + 41 > size || log[offset] > 10) break;
        uint8_t call = log[offset++];
        uint64_t length = 0;
        memcpy(&length, log + offset + calls[call].length, calls[call].width);
        if (length > size - offset) break;
        offset += calls[call].bytes + length;
    }
    for (int kind = 0; kind < 10; kind++) total += kinds[kind];
    printf("%llu\n", (unsigned long long)total);
    return 0;
}
