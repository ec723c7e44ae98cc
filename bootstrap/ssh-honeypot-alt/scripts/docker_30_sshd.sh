#!/bin/sh
# Lets root and DOCKER_USER, and nobody else, log in to the container with any password, and leads them to the guest.
set -eu

cp "$BOOTSTRAP_FILES_DIR/ssh.txt" /etc/ssh
cat >/etc/pam.d/sshd <<END
auth sufficient pam_succeed_if.so quiet user in root:$DOCKER_USER
auth required pam_deny.so
account required pam_unix.so
session optional pam_loginuid.so
session required pam_limits.so
session required pam_unix.so
password required pam_deny.so
END
# sshd takes the first value it meets, and these files in the order of their names.
cat >/etc/ssh/sshd_config.d/00-bootstrap.conf <<END
UsePAM yes
PermitRootLogin yes
PasswordAuthentication yes
AllowUsers root $DOCKER_USER
Banner /etc/ssh/ssh.txt
ForceCommand /usr/local/bin/relay-session
DisableForwarding yes
PermitUserRC no
PrintLastLog no
PrintMotd no
UseDNS no
END
mkdir -p /run/sshd
sshd -t
service ssh restart
