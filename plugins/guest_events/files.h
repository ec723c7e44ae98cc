/* What tasks do with files: opened, read, written, changed; and what goes over terminals. */
#ifndef FILES_H
#define FILES_H

#include "tasks.h"

/* A file descriptor that open and its likes gave. */
void tell_open(CPUState *cpu, const struct task *task, int64_t descriptor, uint64_t flags);

/* Bytes in the memory of a task: one piece, or a list of struct iovec. */
struct transfer {
    uint64_t address, pieces;
    bool is_list;
};

/* That many bytes were read or written; without a transfer they were never in the task's memory. */
void note_transfer(CPUState *cpu, const struct task *task, int64_t descriptor, bool is_write,
                   const struct transfer *transfer, uint64_t count);

/* The size of a terminal's window, a struct winsize in the task's memory, if it is another than was told. */
void tell_window(CPUState *cpu, const struct task *task, int64_t descriptor, uint64_t address);

/* A system call that changes names or attributes, that came back well; false where it is none. */
bool tell_change(CPUState *cpu, const struct task *task);

/* A file that a process mapped. */
void tell_map(CPUState *cpu, const struct task *task, uint64_t start);

#endif
