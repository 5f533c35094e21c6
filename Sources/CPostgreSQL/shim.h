#pragma once
// libpq, and the few calls of Linux's epoll that Swift's Glibc module does not show.

#include <errno.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

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
