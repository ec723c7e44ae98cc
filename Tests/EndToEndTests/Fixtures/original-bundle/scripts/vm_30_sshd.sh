#!/bin/bash
msg "configuring the ssh server"
for f in sshd_config shell.txt files.txt; do
    cp -vf "$BOOTSTRAP_FILES_DIR/$f" /etc/ssh/
done
sed -E -i 's/^(PermitRootLogin|UsePAM).*/\1 yes/' /etc/ssh/sshd_config
/etc/init.d/ssh restart
