/* Addresses of sockets. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "tasks.h"

/* Reads a struct sockaddr out of a task's memory; how long it is, or 0 where there is none. */
size_t read_address(CPUState *cpu, uint64_t address, uint64_t length, unsigned char bytes[static address_size]);

/* A struct sockaddr, as a member that is an object; none where it has no length. */
void add_address(const char *key, const unsigned char *bytes, size_t size);

/* What the kernel knows of the socket behind a file descriptor: its type and both its ends. */
void add_ends(CPUState *cpu, uint64_t task, int64_t descriptor);

#endif
