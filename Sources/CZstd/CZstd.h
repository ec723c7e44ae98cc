// Sequences that the caller found are behind this name.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

// Names of the library's that Swift does not see: macros for enumerators.
static const ZSTD_cParameter CZstd_blockDelimiters = ZSTD_c_blockDelimiters;
static const ZSTD_cParameter CZstd_blockSplitter = ZSTD_c_useBlockSplitter;
static const ZSTD_cParameter CZstd_searchForRepeatedOffsets = ZSTD_c_searchForExternalRepcodes;
