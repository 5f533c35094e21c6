#pragma once
// libpq, and the few calls of Linux's epoll that Swift's Glibc module does not show.

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MUSTER_READABLE = 1, MUSTER_WRITABLE = 2 };

// POLLRDHUP of poll(2), which the headers show only with GNU extensions: the far end has closed its half.
enum { MUSTER_HANGUP = 0x2000 };

// libpq names the fields of an error by character macros, which Swift does not see.
enum {
    MUSTER_FIELD_SQLSTATE = PG_DIAG_SQLSTATE,
    MUSTER_FIELD_PRIMARY = PG_DIAG_MESSAGE_PRIMARY,
    MUSTER_FIELD_CONSTRAINT = PG_DIAG_CONSTRAINT_NAME,
    MUSTER_FIELD_TABLE = PG_DIAG_TABLE_NAME,
    MUSTER_FIELD_COLUMN = PG_DIAG_COLUMN_NAME,
};

static inline int muster_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

static inline int muster_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

// Arms a descriptor: once for a token, or for ever (`once` = 0). A descriptor already in the set is armed anew.
static inline int muster_epoll_arm(int set, int descriptor, unsigned interest, int once, uint64_t token) {
    struct epoll_event event = {0};
    if (interest & MUSTER_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
    if (interest & MUSTER_WRITABLE) event.events |= EPOLLOUT;
    if (once) event.events |= EPOLLONESHOT;
    event.data.u64 = token;
    int result = epoll_ctl(set, EPOLL_CTL_MOD, descriptor, &event);
    if (result != 0 && errno == ENOENT) result = epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
    return result;
}

// Waits and answers how many tokens are ready; a broken descriptor is ready for everything.
static inline int muster_epoll_wait(int set, uint64_t *tokens, unsigned *ready, int capacity, int milliseconds) {
    struct epoll_event events[64];
    int count = epoll_wait(set, events, capacity < 64 ? capacity : 64, milliseconds);
    for (int index = 0; index < count; index++) {
        uint32_t happened = events[index].events;
        tokens[index] = events[index].data.u64;
        ready[index] = 0;
        if (happened & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) ready[index] |= MUSTER_READABLE;
        if (happened & (EPOLLOUT | EPOLLHUP | EPOLLERR)) ready[index] |= MUSTER_WRITABLE;
    }
    return count;
}

// A pipe that programs started later do not inherit: the reading end first.
static inline int muster_pipe(int ends[2]) {
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

// Starts a program with both outputs at a descriptor, no input, no other descriptor, and no signal blocked or ignored.
static inline int muster_spawn(
    const char *path, const char *const *arguments, const char *const *environment, int output, pid_t *child
) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_adddup2(&files, output, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawn_file_actions_addchdir_np(&files, "/");
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int result = posix_spawn(
        child, path, &files, &attributes, (char *const *)arguments, (char *const *)environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return result;
}
