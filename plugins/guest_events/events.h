/* What all events begin with, and those of processes. */
#ifndef EVENTS_H
#define EVENTS_H

#include "json.h"
#include "paths.h"
#include "tasks.h"

/* Begins an event that happens now, of no task, or of one. */
void begin_guest_event(CPUState *cpu, const char *kind);
void begin_task_event(CPUState *cpu, const char *kind, const struct task *task);

void add_path(const char *key, const struct path *path);

/* A process that was there when the recording began. */
void tell_process(CPUState *cpu, struct task *task);
void tell_start(CPUState *cpu, const struct task *task);
void tell_exec(CPUState *cpu, const struct task *task);
void tell_switch(CPUState *cpu, const struct task *task, uint64_t before);
/* An exit with the code that wait(2) would give. */
void tell_exit(CPUState *cpu, const struct task *task, uint32_t code);
/* Sums of a process: system calls, and files. */
void tell_sums(CPUState *cpu, struct process *process);

#endif
