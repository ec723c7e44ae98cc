#include "mappings.h"

#include "events.h"
#include "memory.h"
#include "profile.h"

enum { most_mappings = 4096 };

/* VM_READ, VM_WRITE, VM_EXEC and VM_SHARED (include/linux/mm.h) */
enum { may_read = 1, may_write = 2, may_execute = 4, is_shared = 8 };

static unsigned told;

/* What the kernel calls a mapping of no file in /proc/PID/maps, by the bounds of the heap and of the stack. */
static const char *name_of(CPUState *cpu, uint64_t memory, uint64_t start, uint64_t end)
{
    if (start <= read_word(cpu, memory + (uint64_t)profile.mm_brk) &&
        end >= read_word(cpu, memory + (uint64_t)profile.mm_start_brk))
        return "[heap]";
    if (start <= read_word(cpu, memory + (uint64_t)profile.mm_start_stack) &&
        end >= read_word(cpu, memory + (uint64_t)profile.mm_start_stack))
        return "[stack]";
    return NULL;
}

static void add_mapping(CPUState *cpu, uint64_t memory, uint64_t area)
{
    uint64_t start = read_word(cpu, area + (uint64_t)profile.vma_start);
    uint64_t end = read_word(cpu, area + (uint64_t)profile.vma_end);
    uint64_t file = read_word(cpu, area + (uint64_t)profile.vma_file);
    uint64_t flags = read_word(cpu, area + (uint64_t)profile.vma_flags);
    const char rights[] = {flags & may_read ? 'r' : '-', flags & may_write ? 'w' : '-',
                           flags & may_execute ? 'x' : '-', flags & is_shared ? 's' : 'p'};
    const char *name = file ? NULL : name_of(cpu, memory, start, end);
    struct path path;

    told++;
    begin_object(NULL);
    add_unsigned("start", start);
    add_unsigned("end", end);
    add_text("rights", rights, sizeof rights);
    if (file && read_path_of_file(cpu, file, &path))
        add_path("path", &path);
    else if (name)
        add_word("path", name);
    end_object();
}

static void walk_list(CPUState *cpu, uint64_t memory)
{
    uint64_t area = read_word(cpu, memory + (uint64_t)profile.mm_mmap);

    while (is_kernel(area) && told < most_mappings) {
        add_mapping(cpu, memory, area);
        area = read_word(cpu, area + (uint64_t)profile.vma_next);
    }
}

/*
 * A maple tree (include/linux/maple_tree.h, lib/maple_tree.c of Linux 6.1): a node is 256 bytes at a multiple of 256,
 * and what points to it has its type from bit 3 on. It begins with the parent; then come pivots, the last number that
 * belongs to each slot, and slots. The last slot in use has no pivot, or one that is 0 or the node's own last number.
 */
enum { node_size = 256, leaf_type = 1, range_type = 2, arange_type = 3, range_slots = 16, arange_slots = 10 };
/* Trees of 2^31 mappings are not that deep. */
enum { most_levels = 12 };
/* A node has a mapping at least; a guest can make its tree anything. */
static unsigned seen;

/* xa_is_node: the root is a node and not the only entry; what is below 4096 is no pointer. */
static bool is_node(uint64_t entry)
{
    return (entry & 3) == 2 && entry > 4096;
}

static void walk_node(CPUState *cpu, uint64_t memory, uint64_t node, uint64_t last, int level)
{
    uint64_t words[node_size / 8];
    unsigned type = node >> 3 & 15, slots = type == arange_type ? arange_slots : range_slots;
    const uint64_t *pivots = words + 1, *entries = pivots + slots - 1;

    if (level == most_levels || seen++ == most_mappings || type < leaf_type || type > arange_type ||
        !read_bytes(cpu, node & ~(uint64_t)(node_size - 1), words, sizeof words))
        return;
    for (unsigned i = 0; i < slots && told < most_mappings; i++) {
        uint64_t end = i + 1 < slots && (i == 0 || pivots[i]) ? pivots[i] : last;

        if (is_kernel(entries[i])) {
            if (type == leaf_type)
                add_mapping(cpu, memory, entries[i]);
            else
                walk_node(cpu, memory, entries[i], end, level + 1);
        }
        if (end >= last)
            break;
    }
}

static void walk_tree(CPUState *cpu, uint64_t memory)
{
    uint64_t root = read_word(cpu, memory + (uint64_t)profile.mm_maple_root);

    if (is_node(root))
        walk_node(cpu, memory, root & ~(uint64_t)3, UINT64_MAX, 0);
    else if (is_kernel(root))
        add_mapping(cpu, memory, root);
}

void tell_mappings(CPUState *cpu, const struct task *task, const char *when)
{
    uint64_t memory = read_word(cpu, task->address + (uint64_t)profile.task_mm);

    if (!is_kernel(memory))
        return;
    told = seen = 0;
    begin_task_event(cpu, "mappings", task);
    add_word("at", when);
    begin_list("areas");
    if (profile.mm_maple_root == absent)
        walk_list(cpu, memory);
    else
        walk_tree(cpu, memory);
    end_list();
    if (told == most_mappings)
        add_true("truncated");
    end_event();
}
