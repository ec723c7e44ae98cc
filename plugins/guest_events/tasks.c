#include "tasks.h"

#include "memory.h"
#include "profile.h"

#include <stdlib.h>

/* The list of processes ends where it began, unless the guest made it otherwise. */
enum { task_buckets = 4096, process_buckets = 1024, most_processes = 1 << 16 };

static struct task *tasks[task_buckets];
static struct process *processes[process_buckets];
/* When the youngest task was started that was there at the beginning, by the guest's clock. */
static uint64_t beginning;

static struct task **task_bucket(uint64_t address)
{
    return &tasks[address >> 6 & (task_buckets - 1)];
}

uint64_t current_address(CPUState *cpu)
{
    static uint64_t own_variables;
    uint64_t address;

    if (!own_variables)
        own_variables = profile.per_cpu_offset ? (uint64_t)profile.per_cpu_offset
                                               : read_word(cpu, (uint64_t)profile.per_cpu_offsets);
    address = read_word(cpu, own_variables + (uint64_t)profile.current_task);
    return is_kernel(address) ? address : 0;
}

static void read_numbers(CPUState *cpu, uint64_t task, uint32_t *pid, uint32_t *tid)
{
    *pid = read_half(cpu, task + (uint64_t)profile.task_tgid);
    *tid = read_half(cpu, task + (uint64_t)profile.task_pid);
}

struct task *known_task(uint64_t address)
{
    struct task *task = *task_bucket(address);

    while (task && task->address != address)
        task = task->next;
    return task;
}

static struct process *process_of(uint32_t pid)
{
    struct process **bucket = &processes[pid & (process_buckets - 1)], *process = *bucket;

    while (process && process->pid != pid)
        process = process->next;
    if (!process) {
        process = calloc(1, sizeof *process);
        if (!process)
            abort();
        process->pid = pid;
        process->next = *bucket;
        *bucket = process;
    }
    return process;
}

static void join(CPUState *cpu, struct task *task, uint32_t pid)
{
    task->pid = pid;
    task->process = process_of(pid);
    task->process->threads++;
    read_name(cpu, task->address, task->process->name);
}

struct task *task_at(CPUState *cpu, uint64_t address, bool *is_new)
{
    struct task *task = known_task(address);
    uint32_t pid, tid;

    read_numbers(cpu, address, &pid, &tid);
    *is_new = !task;
    if (task && (task->pid != pid || task->tid != tid)) {
        /* A thread that calls execve gets the number of its process. */
        if (task->pid != pid) {
            *is_new = true;
            if (task->process->threads)
                task->process->threads--;
            free(task->call.file);
            memset(&task->call, 0, sizeof task->call);
            join(cpu, task, pid);
        }
        task->tid = tid;
    }
    if (!task) {
        task = calloc(1, sizeof *task);
        if (!task)
            abort();
        task->address = address;
        task->tid = tid;
        task->next = *task_bucket(address);
        *task_bucket(address) = task;
        join(cpu, task, pid);
    }
    return task;
}

bool is_older(CPUState *cpu, uint64_t address)
{
    return read_word(cpu, address + (uint64_t)profile.task_start_time) <= beginning;
}

void enter_all_processes(CPUState *cpu, void (*tell)(CPUState *cpu, struct task *task))
{
    uint64_t first = (uint64_t)profile.init_task, address = first;

    for (int i = 0; i < most_processes; i++) {
        uint64_t started = read_word(cpu, address + (uint64_t)profile.task_start_time);
        bool is_new;

        beginning = started > beginning ? started : beginning;
        tell(cpu, task_at(cpu, address, &is_new));
        address = read_word(cpu, address + (uint64_t)profile.task_tasks) - (uint64_t)profile.task_tasks;
        if (address == first || !is_kernel(address))
            break;
    }
}

static void free_paths(struct process *process)
{
    for (int i = 0; i < path_buckets; i++) {
        while (process->paths[i]) {
            struct file_use *use = process->paths[i];

            process->paths[i] = use->next;
            free(use->path);
            free(use);
        }
    }
    free(process->rest.path);
    memset(&process->rest, 0, sizeof process->rest);
    process->path_count = process->nameless_count = process->paths_dropped = 0;
}

static void free_process(struct process *process)
{
    struct process **place = &processes[process->pid & (process_buckets - 1)];

    while (*place != process)
        place = &(*place)->next;
    *place = process->next;
    free_paths(process);
    free(process);
}

void reset_sums(CPUState *cpu, const struct task *task)
{
    struct process *process = task->process;

    memset(process->counts, 0, sizeof process->counts);
    process->other_calls = process->calls_of_32_bit = 0;
    free_paths(process);
    read_name(cpu, task->address, process->name);
}

void forget_task(CPUState *cpu, struct task *task, void (*finish)(CPUState *cpu, struct process *process))
{
    struct task **place = task_bucket(task->address);
    struct process *process = task->process;

    while (*place != task)
        place = &(*place)->next;
    *place = task->next;
    free(task->call.file);
    free(task);
    if (process->threads)
        process->threads--;
    if (process->threads == 0) {
        finish(cpu, process);
        free_process(process);
    }
}

void for_all_tasks(CPUState *cpu, void (*tell)(CPUState *cpu, struct task *task))
{
    for (int i = 0; i < task_buckets; i++) {
        for (struct task *task = tasks[i]; task; task = task->next)
            tell(cpu, task);
    }
}

void forget_all(CPUState *cpu, void (*finish)(CPUState *cpu, struct process *process))
{
    for (int i = 0; i < task_buckets; i++) {
        while (tasks[i])
            forget_task(cpu, tasks[i], finish);
    }
}

static struct file_use **path_bucket(struct process *process, const struct file_key *key)
{
    return &process->paths[(key->dentry >> 6 ^ key->dentry >> 12) & (path_buckets - 1)];
}

struct file_use *known_use(struct process *process, const struct file_key *key)
{
    struct file_use *use = *path_bucket(process, key);

    while (use && memcmp(&use->key, key, sizeof *key) != 0)
        use = use->next;
    if (!use && process->rest.path && memcmp(&process->rest.key, key, sizeof *key) == 0) {
        process->paths_dropped++;
        use = &process->rest;
    }
    return use;
}

static struct file_use *rest_use(struct process *process)
{
    free(process->rest.path);
    memset(&process->rest, 0, sizeof process->rest);
    process->paths_dropped++;
    return &process->rest;
}

struct file_use *new_use(struct process *process, const struct file_key *key, const char *path)
{
    unsigned *count = path ? &process->path_count : &process->nameless_count;
    struct file_use **bucket = path_bucket(process, key), *use;

    if (*count < most_paths) {
        use = calloc(1, sizeof *use);
        if (!use)
            abort();
        use->next = *bucket;
        *bucket = use;
        ++*count;
    } else if (path) {
        use = rest_use(process);
    } else {
        return NULL;
    }
    use->key = *key;
    use->path = path ? strdup(path) : NULL;
    return use;
}

void read_name(CPUState *cpu, uint64_t task, char name[static name_size + 1])
{
    memset(name, 0, name_size + 1);
    read_bytes(cpu, task + (uint64_t)profile.task_comm, name, name_size);
}

uint32_t parent_of(CPUState *cpu, uint64_t task)
{
    uint64_t parent = read_word(cpu, task + (uint64_t)profile.task_real_parent);

    return parent ? read_half(cpu, parent + (uint64_t)profile.task_tgid) : 0;
}
