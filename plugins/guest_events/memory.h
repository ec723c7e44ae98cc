/* Reading the guest's memory. All of it is the guest's to make up: what is read is a number or some bytes, no more. */
#ifndef MEMORY_H
#define MEMORY_H

#include "abi.h"

#include <stddef.h>

/* Reads through the page table in use; false where a page is not there. */
bool read_bytes(CPUState *cpu, uint64_t address, void *buffer, size_t length);

/* 0 where nothing can be read, as for a NULL pointer. */
uint64_t read_word(CPUState *cpu, uint64_t address);
uint32_t read_half(CPUState *cpu, uint64_t address);
uint16_t read_short(CPUState *cpu, uint64_t address);

/* Reads as much as there is, page by page, and says how much that was. */
size_t read_some(CPUState *cpu, uint64_t address, void *buffer, size_t length);

/* Reads a text up to its NUL into a buffer of some size; -1 where it cannot be read, or has no end in that size. */
long read_text(CPUState *cpu, uint64_t address, char *buffer, size_t size);

/* The same as read_some, through the page table that a process has, which need not be the one in use. */
size_t read_foreign(CPUState *cpu, uint64_t page_table, uint64_t address, void *buffer, size_t length);

/* Whether an address is in the kernel's half. */
static inline bool is_kernel(uint64_t address)
{
    return address >> 47 == 0x1ffff;
}

#endif
