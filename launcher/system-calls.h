/* Refuses system calls that an engine has no use for, with seccomp, and gives up those of root's rights. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
enum { own_architecture = AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
enum { own_architecture = AUDIT_ARCH_AARCH64 };
#else
#error "which system calls there are is not known for this architecture"
#endif

/* Calls from without the architecture's own table: those of x32 have this bit. */
enum { foreign_call = 0x40000000, fast_open = 0x20000000, kind_of_socket = 0xf };
enum { right_over_files = 1, right_to_change_rights = 8, right_to_bind = 10, rights = 64 };

static struct sock_filter filter[256];
static unsigned short filter_length;

static void emit(unsigned short code, uint32_t value, unsigned char if_so, unsigned char if_not)
{
    filter[filter_length++] = (struct sock_filter){code, if_so, if_not, value};
}

static void answer(uint32_t with) { emit(BPF_RET | BPF_K, with, 0, 0); }
static void refuse(int error) { answer(SECCOMP_RET_ERRNO | (uint32_t)error); }
static void load(size_t offset) { emit(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }
static void load_number(void) { load(offsetof(struct seccomp_data, nr)); }

/* The lower half of an argument, which has all of an int on a little-endian machine. */
static void load_argument(int number) { load(offsetof(struct seccomp_data, args) + 8 * (size_t)number); }

/* Goes on with the next so many instructions, or behind them. */
static void only_if(uint32_t value, unsigned char count) { emit(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count); }

static void refuse_call(long number, int error)
{
    only_if((uint32_t)number, 1);
    refuse(error);
}

/* Refuses a call in one of whose arguments a bit is set, or in which it is not. */
static void refuse_bit(long number, int argument, uint32_t bit, int when_set)
{
    only_if((uint32_t)number, 4);
    load_argument(argument);
    emit(BPF_JMP | BPF_JSET | BPF_K, bit, when_set ? 0 : 1, when_set ? 1 : 0);
    refuse(EPERM);
    load_number();
}

/* Accepts a kind of socket with one of two protocols; others go on behind it. */
static void accept_sockets(uint32_t kind, uint32_t protocol)
{
    only_if(kind, 5);
    load_argument(2);
    emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
    only_if(protocol, 1);
    answer(SECCOMP_RET_ALLOW);
    refuse(EACCES);
}

/* Landlock's rules of ports are TCP's: whatever else goes over a network is refused here. */
static void bound_sockets(int has_datagrams)
{
    unsigned short start = filter_length;

    only_if(SYS_socket, 0);
    load_argument(0);
    only_if(AF_UNIX, 1);
    answer(SECCOMP_RET_ALLOW);
    emit(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0);
    emit(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
    refuse(EACCES);
    load_argument(1);
    emit(BPF_ALU | BPF_AND | BPF_K, kind_of_socket, 0, 0);
    accept_sockets(SOCK_STREAM, IPPROTO_TCP);
    if (has_datagrams)
        accept_sockets(SOCK_DGRAM, IPPROTO_UDP);
    refuse(EACCES);
    filter[start].jf = (unsigned char)(filter_length - start - 1);
    refuse_bit(SYS_sendto, 3, fast_open, 1);
    refuse_bit(SYS_sendmsg, 2, fast_open, 1);
    refuse_bit(SYS_sendmmsg, 3, fast_open, 1);
}

static void give_up_rights(void)
{
    for (int right = 0; right < rights; right++)
        if (right != right_over_files && right != right_to_change_rights && right != right_to_bind)
            prctl(PR_CAPBSET_DROP, right, 0, 0, 0);
    prctl(PR_CAPBSET_DROP, right_to_change_rights, 0, 0, 0);
}

static void bound_calls(int has_datagrams)
{
    static const long refused[] = {
        SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd, SYS_bpf,
        SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_mount, SYS_umount2,
        SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_open_by_handle_at, SYS_kexec_load, SYS_init_module,
        SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_acct, SYS_settimeofday,
        SYS_clock_settime, SYS_io_uring_setup,
#ifdef SYS_fork
        SYS_fork, SYS_vfork,
#endif
    };
    struct sock_fprog program = {.filter = filter};

    load(offsetof(struct seccomp_data, arch));
    emit(BPF_JMP | BPF_JEQ | BPF_K, own_architecture, 1, 0);
    refuse(EPERM);
    load_number();
    emit(BPF_JMP | BPF_JGE | BPF_K, foreign_call, 0, 1);
    refuse(EPERM);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuse_call(refused[i], EPERM);
    /* Its flags lie in memory, where a filter cannot look; the C library takes the older call then. */
    refuse_call(SYS_clone3, ENOSYS);
    refuse_bit(SYS_clone, 0, CLONE_THREAD, 0);
    bound_sockets(has_datagrams);
    answer(SECCOMP_RET_ALLOW);
    program.len = filter_length;
    give_up_rights();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        die(exit_unavailable, "cannot bound the engine's", "system calls", strerror(errno));
}
