// Sequences that the caller found are behind this name.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

// A name of the library's that Swift does not see: a macro for an enumerator.
static const ZSTD_cParameter CZstd_blockDelimiters = ZSTD_c_blockDelimiters;
