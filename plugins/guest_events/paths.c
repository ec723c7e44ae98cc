#include "paths.h"

#include "memory.h"
#include "profile.h"

/* AT_FDCWD */
enum { working_folder = -100 };
enum { most_components = 512, most_descriptors = 1 << 20, component_size = 255 };

uint64_t open_file(CPUState *cpu, uint64_t task, int64_t descriptor)
{
    uint64_t files, table, list;

    if (descriptor < 0 || descriptor >= most_descriptors)
        return 0;
    files = read_word(cpu, task + (uint64_t)profile.task_files);
    table = files ? read_word(cpu, files + (uint64_t)profile.files_fdt) : 0;
    /* fdtable begins with max_fds (include/linux/fdtable.h). */
    if (!table || (uint64_t)descriptor >= read_half(cpu, table))
        return 0;
    list = read_word(cpu, table + (uint64_t)profile.fdt_fd);
    return list ? read_word(cpu, list + 8 * (uint64_t)descriptor) : 0;
}

void place_of(CPUState *cpu, uint64_t file, uint64_t *dentry, uint64_t *mount)
{
    *dentry = read_word(cpu, file + (uint64_t)profile.file_dentry);
    *mount = read_word(cpu, file + (uint64_t)profile.file_mnt);
}

/* Puts a component before what is there; false where there is no room. */
static bool prepend(CPUState *cpu, uint64_t dentry, char *bytes, size_t *start)
{
    uint64_t place = dentry + (uint64_t)profile.dentry_name;
    /* struct qstr has the length behind the hash (include/linux/dcache.h). */
    uint32_t length = read_half(cpu, place + 4);
    uint64_t name = read_word(cpu, place + (uint64_t)profile.qstr_name);

    if (length > component_size || length + 1 > *start || !name)
        return false;
    if (!read_bytes(cpu, name, bytes + *start - length, length))
        return false;
    *start -= length + 1;
    bytes[*start] = '/';
    return true;
}

/* Whether its file system makes a name up when it is asked for one. */
static bool has_made_up_name(CPUState *cpu, uint64_t dentry)
{
    uint64_t operations = read_word(cpu, dentry + (uint64_t)profile.dentry_op);

    return operations && read_word(cpu, operations + (uint64_t)profile.dentry_dname) != 0;
}

static bool is_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

static bool names_terminal(const char *path)
{
    const char *device = strstr(path, "/dev/");

    if (!device)
        return false;
    device += 5;
    if (strncmp(device, "pts/", 4) == 0)
        return is_digits(device + 4);
    return strcmp(device, "console") == 0 || (strncmp(device, "tty", 3) == 0 && !strchr(device, '/'));
}

bool read_path(CPUState *cpu, uint64_t dentry, uint64_t mount, struct path *path)
{
    char bytes[path_size];
    size_t start = sizeof bytes;

    path->length = 0;
    path->is_anonymous = path->is_terminal = false;
    if (!is_kernel(dentry) || !is_kernel(mount))
        return false;
    if (has_made_up_name(cpu, dentry)) {
        path->is_anonymous = true;
        if (!prepend(cpu, dentry, bytes, &start))
            return false;
    }
    for (int i = 0; i < most_components && !path->is_anonymous; i++) {
        uint64_t parent = read_word(cpu, dentry + (uint64_t)profile.dentry_parent);

        if (parent == dentry || dentry == read_word(cpu, mount + (uint64_t)profile.mnt_root)) {
            uint64_t above = read_word(cpu, mount + (uint64_t)profile.mnt_parent), around;

            /* struct mount begins with mnt_hash, two pointers, and mnt_parent (fs/mount.h, since Linux 3.3). */
            around = above + 16 - (uint64_t)profile.mnt_parent;
            if (!above || around == mount)
                break;
            dentry = read_word(cpu, mount + (uint64_t)profile.mnt_mountpoint);
            mount = around;
        } else {
            if (!prepend(cpu, dentry, bytes, &start))
                return false;
            dentry = parent;
        }
        if (!is_kernel(dentry) || !is_kernel(mount))
            return false;
    }
    if (start == sizeof bytes)
        bytes[--start] = '/';
    path->length = sizeof bytes - start;
    memcpy(path->bytes, bytes + start, path->length);
    path->bytes[path->length] = 0;
    path->is_terminal = !path->is_anonymous && names_terminal(path->bytes);
    return true;
}

bool read_path_of_file(CPUState *cpu, uint64_t file, struct path *path)
{
    uint64_t dentry, mount;

    place_of(cpu, file, &dentry, &mount);
    return read_path(cpu, dentry, mount, path);
}

bool read_working_folder(CPUState *cpu, uint64_t task, struct path *path)
{
    uint64_t folders;

    if (profile.task_fs == absent || profile.pwd_dentry == absent || profile.pwd_mnt == absent)
        return false;
    folders = read_word(cpu, task + (uint64_t)profile.task_fs);
    if (!folders)
        return false;
    return read_path(cpu, read_word(cpu, folders + (uint64_t)profile.pwd_dentry),
                     read_word(cpu, folders + (uint64_t)profile.pwd_mnt), path);
}

bool read_given_path(CPUState *cpu, uint64_t task, int64_t folder, uint64_t address, struct path *path)
{
    char given[path_size];
    long length = read_text(cpu, address, given, sizeof given);
    uint64_t file;
    bool is_known;

    if (length < 0)
        return false;
    path->length = 0;
    path->is_anonymous = path->is_terminal = false;
    if (given[0] != '/') {
        file = folder == working_folder ? 0 : open_file(cpu, task, folder);
        is_known = folder == working_folder ? read_working_folder(cpu, task, path)
                                            : file && read_path_of_file(cpu, file, path);
        if (!is_known)
            path->length = 0;
        else if (length > 0 && path->bytes[path->length - 1] != '/' && path->length < path_size)
            path->bytes[path->length++] = '/';
    }
    if (path->length + (size_t)length > path_size)
        return false;
    memcpy(path->bytes + path->length, given, (size_t)length);
    path->length += (size_t)length;
    path->bytes[path->length] = 0;
    return true;
}
