/* System calls of x86_64: what they are called with, and what came of them. */
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include "tasks.h"

/* arch/x86/entry/syscalls/syscall_64.tbl */
enum {
    call_read = 0, call_write = 1, call_open = 2, call_mmap = 9, call_ioctl = 16, call_pread64 = 17, call_pwrite64 = 18,
    call_readv = 19, call_writev = 20, call_sendfile = 40, call_connect = 42, call_accept = 43, call_sendto = 44,
    call_sendmsg = 46, call_bind = 49, call_listen = 50, call_execve = 59, call_exit = 60, call_truncate = 76,
    call_ftruncate = 77, call_rename = 82, call_mkdir = 83, call_rmdir = 84, call_creat = 85, call_link = 86,
    call_unlink = 87, call_symlink = 88, call_chmod = 90, call_fchmod = 91, call_chown = 92, call_fchown = 93,
    call_lchown = 94, call_mknod = 133, call_mount = 165, call_umount2 = 166, call_exit_group = 231,
    call_openat = 257, call_mkdirat = 258, call_mknodat = 259, call_fchownat = 260, call_unlinkat = 263,
    call_renameat = 264, call_linkat = 265, call_symlinkat = 266, call_fchmodat = 268, call_splice = 275,
    call_accept4 = 288, call_preadv = 295, call_pwritev = 296, call_sendmmsg = 307, call_renameat2 = 316,
    call_execveat = 322, call_copy_file_range = 326, call_preadv2 = 327, call_pwritev2 = 328, call_openat2 = 437,
    call_fchmodat2 = 452,
};

/* The running task is about to make a system call, whose instruction is at pc. */
void begin_call(CPUState *cpu, struct task *task, uint64_t pc);

/* A system call of a task does not come back, or nobody knows what came of it. */
void abandon_call(CPUState *cpu, struct task *task);

/* A task goes back to user mode, at pc, with a result in its register. */
void end_call(CPUState *cpu, struct task *task, uint64_t pc, uint64_t result);

#endif
