/*
 * What is to be known of PANDA to be a plugin of it: of the build of December 2021 (commit 21fdb7fda84c), and the same
 * in that of October 2024. Names and numbers only; the file of PANDA that has each is named beside it.
 */
#ifndef ABI_H
#define ABI_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct CPUState CPUState;

/* panda/include/panda/callbacks/cb-defs.h */
enum { callback_insn_translate = 6, callback_insn_exec = 7 };

/* The same file: panda_cb, a union of pointers to functions, which is handed over by value. */
union callback {
    bool (*insn_translate)(CPUState *cpu, uint64_t pc);
    int (*insn_exec)(CPUState *cpu, uint64_t pc);
};

/* panda/include/panda/plugin.h */
struct plugin_argument {
    char *internal, *key, *value;
};

struct plugin_arguments {
    int count;
    struct plugin_argument *list;
    char *plugin;
};

extern void panda_register_callback(void *plugin, int type, union callback callback);
extern struct plugin_arguments *panda_get_args(const char *plugin);
extern void panda_free_args(struct plugin_arguments *arguments);

/* panda/src/panda_api.c: what is inline in PANDA's own headers, for those without them. */
extern int panda_virtual_memory_read_external(CPUState *cpu, uint64_t address, char *buffer, int length);
extern int panda_physical_memory_read_external(uint64_t address, uint8_t *buffer, int length);
extern uint64_t rr_get_guest_instr_count_external(void);
extern uint64_t panda_current_sp_external(CPUState *cpu);
extern bool panda_in_kernel_mode_external(CPUState *cpu);

/*
 * The state of an x86_64 processor: CPUState.env_ptr (include/qom/cpu.h), and CPUX86State.regs and .hflags
 * (target/i386/cpu.h). libpanda's own panda_current_sp_external and panda_in_kernel_external have the same numbers in
 * their machine code, and registers_fit holds one of them against the function's answer.
 */
enum { offset_of_env = 480, offset_of_hflags = 176 };
enum register_number { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11 };
/* HF_CS64_MASK */
enum { flag_of_64_bit_code = 1 << 15 };

static inline const char *environment_of(const CPUState *cpu)
{
    const char *environment;

    memcpy(&environment, (const char *)cpu + offset_of_env, sizeof environment);
    return environment;
}

static inline uint64_t register_of(const CPUState *cpu, enum register_number number)
{
    uint64_t value;

    memcpy(&value, environment_of(cpu) + 8 * number, sizeof value);
    return value;
}

static inline bool runs_64_bit_code(const CPUState *cpu)
{
    uint32_t flags;

    memcpy(&flags, environment_of(cpu) + offset_of_hflags, sizeof flags);
    return flags & flag_of_64_bit_code;
}

static inline bool registers_fit(CPUState *cpu)
{
    return register_of(cpu, rsp) == panda_current_sp_external(cpu);
}

#endif
