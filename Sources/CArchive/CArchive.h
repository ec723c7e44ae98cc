// libarchive, which reads and writes tar files, and the two libraries beneath it that compress. These are called
// directly: libarchive compares neither the checksum at the end of gzip'd data nor limits what xz may allocate.
#include <archive.h>
#include <archive_entry.h>
#include <lzma.h>
#include <zlib.h>
