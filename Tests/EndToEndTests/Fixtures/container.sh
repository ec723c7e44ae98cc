#!/bin/sh
# container.sh ROOT SCRATCH: SCRATCH/visits.sh in a container made of the folder ROOT, which is not changed; it finds
# SCRATCH/bundle, SCRATCH/results and SCRATCH/rr in there. To be run in namespaces of its own for mounts and network.
set -eu
root=$1 scratch=$2

mkdir "$scratch/mount"
mount -t tmpfs none "$scratch/mount"
cd "$scratch/mount"
mkdir upper work root
mount -t overlay -o "lowerdir=$root,upperdir=upper,workdir=work" container root
mount -t proc proc root/proc
mount --rbind /dev root/dev
for folder in bundle results opt/panda/share/rr; do
    mkdir -p "root/$folder"
    mount --bind "$scratch/${folder##*/}" "root/$folder"
done
cp "$scratch/visits.sh" root/visits.sh
exec chroot root bash /visits.sh
