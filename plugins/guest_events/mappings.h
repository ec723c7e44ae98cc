/* What a process has mapped. */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include "tasks.h"

/* All mappings of a task's process, from a list (to Linux 6.0) or a maple tree. */
void tell_mappings(CPUState *cpu, const struct task *task, const char *when);

#endif
