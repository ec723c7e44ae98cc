// Sequences that the caller found, and headers of frames, are behind this name.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
