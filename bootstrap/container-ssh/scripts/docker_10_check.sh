#!/bin/sh
# An image without these would be built, and nobody would reach its containers.
set -eu
if ! command -v sshd >/dev/null; then
    err 'there is no sshd in the image: add openssh-server to IMAGE_EXTRA_PACKAGES'
    exit 69
fi
if ! id -u "$DOCKER_USER" >/dev/null 2>&1; then
    err 'there is no user %s in the image, whom DOCKER_USER names' "$DOCKER_USER"
    exit 67
fi
