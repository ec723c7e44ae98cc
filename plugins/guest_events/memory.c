#include "memory.h"

enum { page_size = 4096 };

bool read_bytes(CPUState *cpu, uint64_t address, void *buffer, size_t length)
{
    return panda_virtual_memory_read_external(cpu, address, buffer, (int)length) >= 0;
}

uint64_t read_word(CPUState *cpu, uint64_t address)
{
    uint64_t word;

    return read_bytes(cpu, address, &word, sizeof word) ? word : 0;
}

uint32_t read_half(CPUState *cpu, uint64_t address)
{
    uint32_t half;

    return read_bytes(cpu, address, &half, sizeof half) ? half : 0;
}

uint16_t read_short(CPUState *cpu, uint64_t address)
{
    uint16_t half;

    return read_bytes(cpu, address, &half, sizeof half) ? half : 0;
}

/* What is left of the page that an address is in, and no more than wanted. */
static size_t step(uint64_t address, size_t wanted)
{
    size_t rest = page_size - address % page_size;

    return rest < wanted ? rest : wanted;
}

size_t read_some(CPUState *cpu, uint64_t address, void *buffer, size_t length)
{
    size_t done = 0;

    while (done < length) {
        size_t part = step(address + done, length - done);

        if (!read_bytes(cpu, address + done, (char *)buffer + done, part))
            break;
        done += part;
    }
    return done;
}

long read_text(CPUState *cpu, uint64_t address, char *buffer, size_t size)
{
    size_t done = 0;

    while (done < size) {
        /* Most texts are short. */
        size_t part = step(address + done, size - done < 128 ? size - done : 128);
        const char *end;

        if (!read_bytes(cpu, address + done, buffer + done, part))
            return -1;
        end = memchr(buffer + done, 0, part);
        if (end)
            return end - buffer;
        done += part;
    }
    return -1;
}

/* The bits of a page table's entry (Intel SDM, volume 3, 4.5.4). */
static const uint64_t present = 1, large = 1 << 7, frame = 0x000ffffffffff000;

static uint64_t entry(uint64_t table, unsigned index)
{
    uint64_t value;

    if (panda_physical_memory_read_external(table + 8 * index, (uint8_t *)&value, sizeof value) < 0)
        return 0;
    return value;
}

static bool translate(uint64_t top, uint64_t address, uint64_t *physical)
{
    uint64_t value = top;

    for (int shift = 30; shift >= 12; shift -= 9) {
        uint64_t size = (uint64_t)1 << shift;

        if (!(value & present))
            return false;
        value = entry(value & frame, address >> shift & 511);
        if (value & present && (shift == 12 || value & large)) {
            *physical = (value & frame & ~(size - 1)) | (address & (size - 1));
            return true;
        }
    }
    return false;
}

size_t read_foreign(CPUState *cpu, uint64_t page_table, uint64_t address, void *buffer, size_t length)
{
    uint64_t top = read_word(cpu, page_table + 8 * (address >> 39 & 511)), physical;
    size_t done = 0;

    /* What follows lies in the same top entry, or is not read. */
    while (done < length && (address + done) >> 39 == address >> 39 && translate(top, address + done, &physical)) {
        size_t part = step(address + done, length - done);

        if (panda_physical_memory_read_external(physical, (uint8_t *)buffer + done, (int)part) < 0)
            break;
        done += part;
    }
    return done;
}
