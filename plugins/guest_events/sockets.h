/* Addresses of sockets. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "tasks.h"

/* A struct sockaddr in a task's memory, as a member that is an object. */
void add_given_address(CPUState *cpu, const char *key, uint64_t address, uint64_t length);

/* What the kernel knows of the socket behind a file descriptor: its type and both its ends. */
void add_ends(CPUState *cpu, uint64_t task, int64_t descriptor);

#endif
