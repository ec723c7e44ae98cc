/* Full names of files. */
#ifndef PATHS_H
#define PATHS_H

#include "abi.h"

#include <stddef.h>

enum { path_size = 4096 };

/* A name, and what it is the name of. */
struct path {
    char bytes[path_size + 1];
    size_t length;
    /* Of no file system that a name leads to: a pipe, a socket, memory. */
    bool is_anonymous;
    /* The end of a terminal that programs use. */
    bool is_terminal;
};

/* The struct file behind a file descriptor of a task; 0 where there is none. */
uint64_t open_file(CPUState *cpu, uint64_t task, int64_t descriptor);

/* The dentry and the mount of an open file. */
void place_of(CPUState *cpu, uint64_t file, uint64_t *dentry, uint64_t *mount);

/* The name of what is at a place; false where it cannot be read. */
bool read_path(CPUState *cpu, uint64_t dentry, uint64_t mount, struct path *path);
bool read_path_of_file(CPUState *cpu, uint64_t file, struct path *path);

/* The folder that a task is in; false where the profile lacks that. */
bool read_working_folder(CPUState *cpu, uint64_t task, struct path *path);

/*
 * A name that a task gave in a system call, made absolute by the folder that it counts from, as far as that is known;
 * what is .. or a link in it stays. False where it cannot be read.
 */
bool read_given_path(CPUState *cpu, uint64_t task, int64_t folder, uint64_t address, struct path *path);

#endif
