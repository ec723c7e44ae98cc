#include "sockets.h"

#include "events.h"
#include "memory.h"
#include "profile.h"

#include <arpa/inet.h>
#include <stdio.h>

/* Linux' numbers of families (include/linux/socket.h). */
enum { family_unix = 1, family_inet = 2, family_inet6 = 10 };

static void add_internet(const char *key, uint16_t family, const void *address, unsigned port)
{
    char text[INET6_ADDRSTRLEN];

    begin_object(key);
    add_word("family", family == family_inet ? "inet" : "inet6");
    add_word("address", inet_ntop(family == family_inet ? AF_INET : AF_INET6, address, text, sizeof text));
    add_unsigned("port", port);
    end_object();
}

size_t read_address(CPUState *cpu, uint64_t address, uint64_t length, unsigned char bytes[static address_size])
{
    size_t size = length < address_size ? (size_t)length : address_size;

    memset(bytes, 0, address_size);
    return address && size && read_bytes(cpu, address, bytes, size) ? size : 0;
}

void add_address(const char *key, const unsigned char *bytes, size_t size)
{
    uint16_t family, port = 0;

    if (size < 2)
        return;
    memcpy(&family, bytes, sizeof family);
    memcpy(&port, bytes + 2, size < 4 ? 0 : sizeof port);
    if (family == family_inet && size >= 8) {
        add_internet(key, family, bytes + 4, ntohs(port));
    } else if (family == family_inet6 && size >= 24) {
        add_internet(key, family, bytes + 8, ntohs(port));
    } else {
        begin_object(key);
        if (family == family_unix) {
            char name[address_size];
            size_t length = size - 2;

            memcpy(name, bytes + 2, length);
            /* An abstract name begins with a NUL, which ss(8) shows as an @, and has its own length. */
            if (length > 0 && *name == 0)
                *name = '@';
            else
                length = strnlen(name, length);
            add_word("family", "unix");
            add_text("path", name, length);
        } else {
            char number[16];

            snprintf(number, sizeof number, "%u", family);
            add_word("family", number);
        }
        end_object();
    }
}

static bool has_ends(void)
{
    return profile.file_private != absent && profile.socket_sk != absent && profile.socket_type != absent &&
           profile.sk_family != absent && profile.sk_daddr != absent && profile.sk_rcv_saddr != absent &&
           profile.sk_dport != absent && profile.sk_num != absent;
}

void add_ends(CPUState *cpu, uint64_t task, int64_t descriptor)
{
    uint64_t file, socket, sk;
    uint16_t family;
    unsigned here, there;
    unsigned char local[16] = {0}, peer[16] = {0};
    bool is_6;

    if (!has_ends() || !(file = open_file(cpu, task, descriptor)))
        return;
    socket = read_word(cpu, file + (uint64_t)profile.file_private);
    sk = is_kernel(socket) ? read_word(cpu, socket + (uint64_t)profile.socket_sk) : 0;
    if (!is_kernel(sk))
        return;
    /* enum sock_type (include/linux/net.h) */
    switch (read_short(cpu, socket + (uint64_t)profile.socket_type)) {
    case 1: add_word("type", "stream"); break;
    case 2: add_word("type", "datagram"); break;
    case 3: add_word("type", "raw"); break;
    case 5: add_word("type", "packets"); break;
    }
    family = read_short(cpu, sk + (uint64_t)profile.sk_family);
    is_6 = family == family_inet6;
    if (family != family_inet && (!is_6 || profile.sk_v6_daddr == absent || profile.sk_v6_rcv_saddr == absent))
        return;
    here = read_short(cpu, sk + (uint64_t)profile.sk_num);
    there = ntohs(read_short(cpu, sk + (uint64_t)profile.sk_dport));
    read_bytes(cpu, sk + (uint64_t)(is_6 ? profile.sk_v6_rcv_saddr : profile.sk_rcv_saddr), local, is_6 ? 16 : 4);
    read_bytes(cpu, sk + (uint64_t)(is_6 ? profile.sk_v6_daddr : profile.sk_daddr), peer, is_6 ? 16 : 4);
    add_internet("local", family, local, here);
    if (there)
        add_internet("peer", family, peer, there);
}
