/*
 * segment.c - see segment.h.
 */
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PRODUCER_BYTE 0
#define READER_BYTE 1
#define ATTEMPTS 16

bool segment_name_valid(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= 48 &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static struct flock lock_of_byte(int byte)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
}

/*
 * Opens the object and takes the producer's lock on it. Returns the descriptor of an empty object, or -1 with `error`
 * set.
 */
static int open_locked(const char *path, char *error, uint32_t error_bytes)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int fd = shm_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            snprintf(error, error_bytes, "cannot create %s: %s", path, strerror(errno));
            return -1;
        }
        struct flock lock = lock_of_byte(PRODUCER_BYTE);
        if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
            snprintf(error, error_bytes, "%s belongs to a producer that is running (%s); choose another name", path,
                     strerror(errno));
            close(fd);
            return -1;
        }
        struct stat status;
        if (fstat(fd, &status) != 0) {
            snprintf(error, error_bytes, "cannot examine %s: %s", path, strerror(errno));
            close(fd);
            return -1;
        }
        if (status.st_nlink != 0 && status.st_size == 0) {
            return fd;
        }
        /*
         * Either its producer removed the name between our open and our lock, or it died and left it behind. A reader
         * may still look at what is left, so it is replaced and not reused.
         */
        if (status.st_nlink != 0) {
            shm_unlink(path);
        }
        close(fd);
    }
    snprintf(error, error_bytes, "%s is being created and removed by others all the time", path);
    return -1;
}

bool segment_create(segment *segment, const char *name, uint64_t bytes, char *error, uint32_t error_bytes)
{
    snprintf(segment->path, sizeof segment->path, "/ringview.%s", name);
    segment->bytes = bytes;
    segment->fd = open_locked(segment->path, error, error_bytes);
    if (segment->fd < 0) {
        return false;
    }
    /* Allocated now: a full file system is an error here, and a fatal signal at the first touch of a page later. */
    int code = posix_fallocate(segment->fd, 0, (off_t)bytes);
    if (code != 0) {
        snprintf(error, error_bytes, "cannot allocate %llu bytes for %s: %s", (unsigned long long)bytes, segment->path,
                 strerror(code));
        shm_unlink(segment->path);
        close(segment->fd);
        return false;
    }
    segment->image = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, segment->fd, 0);
    if (segment->image == MAP_FAILED) {
        snprintf(error, error_bytes, "cannot map %s: %s", segment->path, strerror(errno));
        shm_unlink(segment->path);
        close(segment->fd);
        return false;
    }
    return true;
}

bool segment_has_reader(const segment *segment)
{
    struct flock lock = lock_of_byte(READER_BYTE);
    return fcntl(segment->fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void segment_destroy(segment *segment)
{
    shm_unlink(segment->path);
    munmap(segment->image, segment->bytes);
    close(segment->fd);
}
