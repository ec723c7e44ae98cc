#!/bin/sh
# Lets root and DOCKER_USER in with a key, and nobody with a password.
set -eu

# Those that the package made are everybody's who has the image; each container makes its own.
rm -f /etc/ssh/ssh_host_*

mkdir -p /etc/pandacap/ssh
for key in "$BOOTSTRAP_FILES_DIR"/*.pub; do
    # The pair of the bundle itself is thrown away with it.
    case ${key##*/} in '*.pub' | id_ed25519.pub) continue ;; esac
    ssh-keygen -l -f "$key" >/dev/null || {
        err '%s is no public key' "${key##*/}"
        exit 65
    }
    cat "$key"
    echo
done >/etc/pandacap/ssh/built_in_keys
[ -s /etc/pandacap/ssh/built_in_keys ] ||
    msg 'no key is built in; containers take those of the bundle that is mounted when they start'

# sshd takes the first value it meets, and these files in the order of their names; a bundle that is mounted at run time
# may come before this one with 00-bootstrap.conf.
cat >/etc/ssh/sshd_config.d/10-container-ssh.conf <<END
AllowUsers root $DOCKER_USER
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile .ssh/authorized_keys /run/pandacap-ssh/authorized_keys
PrintMotd no
UseDNS no
END

mkdir -p /etc/my_init.d
for name in 80_ssh_keys.sh 95_sshd.sh; do
    cp "$BOOTSTRAP_FILES_DIR/$name" "/etc/my_init.d/$name"
    chmod 755 "/etc/my_init.d/$name"
done
