// The QEMU machine protocol.
