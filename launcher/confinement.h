/* Confines this process, and what it becomes, with Landlock. Linux's own header may be older than the kernel. */
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Rights and attributes that came after Linux 5.19 (Documentation/userspace-api/landlock.rst). */
enum { truncating = 1 << 14, commanding_devices = 1 << 15 };
enum { binding = 1 << 0, connecting = 1 << 1, rule_of_port = 2 };
enum { scope_of_abstract_sockets = 1 << 0, scope_of_signals = 1 << 1 };
enum { version_truncates = 3, version_ports = 4, version_devices = 5, version_scopes = 6 };

struct rules_attributes {
    uint64_t files, ports, scopes;
};

struct port_rule {
    uint64_t allowed, port;
};

static const uint64_t reading = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | truncating;
static const uint64_t making =
    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

/* What programs read before they do anything, and what QEMU and its libraries ask of a host. No folder of programs is
   among these, so a shell is none of what an engine can start. */
static const char *const usual[] = {
    "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/share/locale",
    "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/localtime", "/etc/nsswitch.conf",
    "/etc/hosts", "/etc/resolv.conf", "/etc/gnutls", "/etc/libnl", "/proc/self", "/proc/cpuinfo", "/proc/meminfo",
    "/proc/filesystems", "/sys/devices/system/cpu", "/sys/devices/system/node", "/dev/random", "/dev/urandom",
};
static const char *const usual_devices[] = {"/dev/null", "/dev/zero", "/dev/full"};

/* What a program is to be confined to. */
struct bounds {
    char **writable, **readable, **bind, **connect;
    int writable_count, readable_count, bind_count, connect_count;
    int shares_abstract_sockets;
};

static int landlock_version(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static void allow(int rules, const char *path, uint64_t rights, int may_be_missing)
{
    struct stat status;
    struct landlock_path_beneath_attr beneath = {0};

    beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (beneath.parent_fd < 0 && may_be_missing)
        return;
    if (beneath.parent_fd < 0 || fstat(beneath.parent_fd, &status) != 0)
        die(exit_unavailable, "cannot confine the engine to", path, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        rights &= writing | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | commanding_devices;
    beneath.allowed_access = rights;
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0)
        die(exit_unavailable, "cannot confine the engine to", path, strerror(errno));
    close(beneath.parent_fd);
}

static void allow_ports(int rules, char **ports, int count, uint64_t right)
{
    for (int i = 0; i < count; i++) {
        struct port_rule rule = {.allowed = right};
        char *end;

        if (strcmp(ports[i], "none") == 0)
            continue;
        rule.port = strtoul(ports[i], &end, 10);
        if (*end || end == ports[i] || rule.port < 1 || rule.port > 65535)
            die(exit_usage, "there is no port", ports[i], "expected 1 to 65535, or none");
        if (syscall(SYS_landlock_add_rule, rules, rule_of_port, &rule, 0) != 0)
            die(exit_unavailable, "cannot confine the engine to port", ports[i], strerror(errno));
    }
}

static uint64_t confined_files(int version, int confines_reading)
{
    uint64_t files = making | writing | (confines_reading ? reading | commanding_devices : 0);

    if (version < version_truncates)
        files &= ~(uint64_t)truncating;
    return version < version_devices ? files & ~(uint64_t)commanding_devices : files;
}

static void allow_usual(int rules, uint64_t files)
{
    if (!(files & LANDLOCK_ACCESS_FS_READ_FILE)) {
        allow(rules, "/dev", files, 0);
        return;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        allow(rules, usual[i], files & reading, 1);
    for (size_t i = 0; i < sizeof usual_devices / sizeof *usual_devices; i++)
        allow(rules, usual_devices[i], files & (reading | writing), 1);
}

/* Confines as far as the kernel's version of Landlock goes; what it cannot do is the caller's to know and to tell. */
static void confine(const struct bounds *bounds)
{
    int version = landlock_version(), rules;
    struct rules_attributes attributes = {0};

    if (version < 1)
        die(exit_unavailable, "cannot confine the engine:", "Landlock", strerror(errno));
    attributes.files = confined_files(version, bounds->readable_count > 0);
    if (version >= version_ports)
        attributes.ports = (bounds->bind_count ? binding : 0) | (bounds->connect_count ? connecting : 0);
    if (version >= version_scopes && bounds->readable_count > 0)
        attributes.scopes = scope_of_signals | (bounds->shares_abstract_sockets ? 0 : scope_of_abstract_sockets);
    rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0)
        die(exit_unavailable, "cannot confine the engine:", "Landlock", strerror(errno));
    for (int i = 0; i < bounds->writable_count; i++)
        allow(rules, bounds->writable[i], attributes.files & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE, 0);
    for (int i = 0; i < bounds->readable_count; i++)
        allow(rules, bounds->readable[i], attributes.files & reading, 0);
    allow_usual(rules, attributes.files);
    if (attributes.ports & binding)
        allow_ports(rules, bounds->bind, bounds->bind_count, binding);
    if (attributes.ports & connecting)
        allow_ports(rules, bounds->connect, bounds->connect_count, connecting);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        die(exit_unavailable, "cannot confine the engine:", "Landlock", strerror(errno));
    close(rules);
}
