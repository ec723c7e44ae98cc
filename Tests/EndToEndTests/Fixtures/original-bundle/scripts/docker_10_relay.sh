#!/bin/bash
msg "installing the relay"
cp -vf "$BOOTSTRAP_FILES_DIR"/relay.sh "$PANDA_PATH/bin"
