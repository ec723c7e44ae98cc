/* The profile of the guest's kernel: where the members of its structures are. */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The values that are used: what each is called here, its key in the file, and whether there is no doing without.
 * Keys that begin with x. are our own, which PANDA ignores; recordings of earlier days lack some.
 */
#define PROFILE_KEYS(key) \
    key(per_cpu_offsets, "task.per_cpu_offsets_addr", true) \
    key(per_cpu_offset, "task.per_cpu_offset_0_addr", true) \
    key(current_task, "task.current_task_addr", true) \
    key(init_task, "task.init_addr", true) \
    key(task_switch, "task.switch_task_hook_addr", true) \
    key(task_tasks, "task.tasks_offset", true) \
    key(task_pid, "task.pid_offset", true) \
    key(task_tgid, "task.tgid_offset", true) \
    key(task_real_parent, "task.real_parent_offset", true) \
    key(task_mm, "task.mm_offset", true) \
    key(task_comm, "task.comm_offset", true) \
    key(task_files, "task.files_offset", true) \
    key(task_start_time, "task.start_time_offset", true) \
    key(task_exit_state, "x.task_exit_state_offset", false) \
    key(task_exit_code, "x.task_exit_code_offset", false) \
    key(task_fs, "x.task_fs_offset", false) \
    key(pwd_dentry, "x.fs_pwd_dentry_offset", false) \
    key(pwd_mnt, "x.fs_pwd_mnt_offset", false) \
    key(mm_mmap, "mm.mmap_offset", true) \
    key(mm_maple_root, "x.mm_mt_ma_root_offset", false) \
    key(mm_pgd, "mm.pgd_offset", true) \
    key(mm_arg_start, "mm.arg_start_offset", true) \
    key(mm_start_brk, "mm.start_brk_offset", true) \
    key(mm_brk, "mm.brk_offset", true) \
    key(mm_start_stack, "mm.start_stack_offset", true) \
    key(mm_exe_file, "x.mm_exe_file_offset", false) \
    key(vma_start, "vma.vm_start_offset", true) \
    key(vma_end, "vma.vm_end_offset", true) \
    key(vma_next, "vma.vm_next_offset", true) \
    key(vma_file, "vma.vm_file_offset", true) \
    key(vma_flags, "vma.vm_flags_offset", true) \
    key(file_dentry, "fs.f_path_dentry_offset", true) \
    key(file_mnt, "fs.f_path_mnt_offset", true) \
    key(file_private, "x.file_private_data_offset", false) \
    key(files_fdt, "fs.fdt_offset", true) \
    key(fdt_fd, "fs.fd_offset", true) \
    key(qstr_name, "qstr.name_offset", true) \
    key(dentry_name, "path.d_name_offset", true) \
    key(dentry_parent, "path.d_parent_offset", true) \
    key(dentry_op, "path.d_op_offset", true) \
    key(dentry_dname, "path.d_dname_offset", true) \
    key(mnt_root, "path.mnt_root_offset", true) \
    key(mnt_parent, "path.mnt_parent_offset", true) \
    key(mnt_mountpoint, "path.mnt_mountpoint_offset", true) \
    key(socket_sk, "x.socket_sk_offset", false) \
    key(socket_type, "x.socket_type_offset", false) \
    key(sk_family, "x.sock_family_offset", false) \
    key(sk_daddr, "x.sock_daddr_offset", false) \
    key(sk_rcv_saddr, "x.sock_rcv_saddr_offset", false) \
    key(sk_dport, "x.sock_dport_offset", false) \
    key(sk_num, "x.sock_num_offset", false) \
    key(sk_v6_daddr, "x.sock_v6_daddr_offset", false) \
    key(sk_v6_rcv_saddr, "x.sock_v6_rcv_saddr_offset", false) \
    key(timekeeper, "x.tk_core_addr", false) \
    key(tk_seconds, "x.tk_seconds_offset", false) \
    key(tk_nanoseconds, "x.tk_nanoseconds_offset", false) \
    key(tk_shift, "x.tk_shift_offset", false)

#define PROFILE_MEMBER(name, key, required) int64_t name;
struct profile {
    PROFILE_KEYS(PROFILE_MEMBER)
    char kernel[256];
};
#undef PROFILE_MEMBER

extern struct profile profile;

/* Stands for a value that the file lacks. */
static const int64_t absent = INT64_MIN;

/* Reads a group of a kernelinfo.conf; the first one where none is named. Says on standard error what is wrong. */
bool read_profile(const char *path, const char *group);

/* What cannot be told of a guest whose profile lacks some keys; calls back with each. */
void tell_lacks(void (*tell)(const char *what));

#endif
