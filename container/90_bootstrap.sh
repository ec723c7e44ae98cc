#!/bin/sh
# Runs the bootstrap bundle that is mounted into the container, if one is.
bundle=${PANDA_PATH:-/opt/panda}/share/bootstrap

if [ ! -e "$bundle/bootstrap.sh" ]; then
    echo "90_bootstrap.sh: no bundle is mounted at $bundle" >&2
    exit 0
fi
exec "$bundle/bootstrap.sh"
