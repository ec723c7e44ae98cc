#include <zlib.h>

// A macro with a cast in it, which Swift does not see.
static inline int CZlib_beginInflating(z_stream *stream) { return inflateInit(stream); }
