/* The guest's tasks and processes, as far as they were seen, and what is kept of each. */
#ifndef TASKS_H
#define TASKS_H

#include "abi.h"

#include <stddef.h>

/* Numbers from here on are counted together. */
enum { counted_calls = 512, path_buckets = 64, most_paths = 8192, name_size = 16, address_size = 128 };

/* What a file is known by: a dentry in a mount, which has another name when it is renamed, or is another file's. */
struct file_key {
    uint64_t dentry, mount, parent, hash;
};

/* What a process did with a file. */
struct file_use {
    struct file_key key;
    char *path;
    bool is_terminal;
    /* Of a terminal: whether it was told that no more is told. */
    bool is_cut;
    /* Of a terminal: the size that was told last. */
    uint32_t window;
    uint64_t read, written, first, last;
    struct file_use *next;
};

struct process {
    uint32_t pid;
    unsigned threads;
    uint64_t counts[counted_calls], other_calls, calls_of_32_bit;
    struct file_use *paths[path_buckets];
    /* The file beyond the most that was used last: it has no sum. */
    struct file_use rest;
    unsigned path_count, nameless_count, paths_dropped;
    char name[name_size + 1];
    struct process *next;
};

/* A system call that has not come back. */
struct call {
    bool is_open;
    uint64_t number, arguments[6];
    /* Where the instruction is that made it. */
    uint64_t pc;
    /* The file that an execve names, which is gone when it comes back; it may be unknown. */
    char *file;
    /* The address that a connect names, for who waits may be killed: a struct sockaddr, as long as any. */
    unsigned char address[address_size];
    size_t address_length;
};

struct task {
    uint64_t address;
    uint32_t pid, tid;
    struct process *process;
    struct call call;
    struct task *next;
};

/* The task_struct of the task that runs; 0 where it cannot be told. */
uint64_t current_address(CPUState *cpu);

/* A task that was seen, by the address of its task_struct; NULL where there is none. */
struct task *known_task(uint64_t address);

/* The same, entered if it is new; an address that another task has now counts as new. */
struct task *task_at(CPUState *cpu, uint64_t address, bool *is_new);

/* Whether a task was there already when the recording began. */
bool is_older(CPUState *cpu, uint64_t address);

/* Enters all processes that there are, and calls back with each. */
void enter_all_processes(CPUState *cpu, void (*tell)(CPUState *cpu, struct task *task));

/* Calls back with each task that is left. */
void for_all_tasks(CPUState *cpu, void (*tell)(CPUState *cpu, struct task *task));

/* Forgets a task; calls back with its process where it was the last of it, which is forgotten then. */
void forget_task(CPUState *cpu, struct task *task, void (*finish)(CPUState *cpu, struct process *process));

/* The same with all that are left. */
void forget_all(CPUState *cpu, void (*finish)(CPUState *cpu, struct process *process));

/* Sets the sums of a process to nothing, for what it does from now on is another program's. */
void reset_sums(CPUState *cpu, const struct task *task);

/* The use of a file by a process; NULL where it is new. */
struct file_use *known_use(struct process *process, const struct file_key *key);

/*
 * Enters the use of a file by its name, or of what has none, such as a pipe. That of a file beyond the most stays until
 * the next such; NULL where there are too many without names.
 */
struct file_use *new_use(struct process *process, const struct file_key *key, const char *path);

/* The name of a task, which has a NUL at its end. */
void read_name(CPUState *cpu, uint64_t task, char name[static name_size + 1]);

/* The number of the process that a task is a child of. */
uint32_t parent_of(CPUState *cpu, uint64_t task);

#endif
