internal import CPostgreSQL
internal import Glibc

/// One `PGconn`: libpq's calls as they are, without their pointers.
///
/// It never waits; `Connection` does.
///
/// With `Answer`, `Column` and `ConnectionSettings` this is all of the module that touches memory by hand.
@safe final class Session {
    private let handle: OpaquePointer

    /// Connects, and waits for it: only a thread of its own does this.
    ///
    /// Nil when libpq has no memory left; `hasFailed` tells whether there is a connection.
    init?(connecting settings: ConnectionSettings) {
        let made = unsafe CStrings(settings.keywords.map(\.keyword)).withPointers { keywords in
            unsafe CStrings(settings.keywords.map(\.value)).withPointers { values in
                unsafe PQconnectdbParams(keywords, values, 0)
            }
        }
        guard let made = unsafe made else { return nil }
        unsafe handle = made
        // Notices would go to standard error otherwise.
        _ = unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit {
        unsafe PQfinish(handle)
    }
}

extension Session {
    /// Makes every later call return instead of waiting for the socket.
    func becomeNonblocking() -> Bool {
        unsafe PQsetnonblocking(handle, 1) == 0
    }

    var hasFailed: Bool { unsafe PQstatus(handle) == CONNECTION_BAD }

    var socket: Int32 { unsafe PQsocket(handle) }

    /// What libpq says about the last thing that failed.
    ///
    /// Only for connecting: later texts may quote values.
    var connectMessage: String {
        unsafe String(cString: PQerrorMessage(handle))
            .split(separator: "\n").map { $0.drop { $0 == "\t" || $0 == " " } }.joined(separator: "; ")
    }

    /// The server's process for this connection.
    var backend: Int32 { unsafe PQbackendPID(handle) }

    /// Nothing is under way and no transaction is open.
    var isIdle: Bool {
        unsafe PQtransactionStatus(handle) == PQTRANS_IDLE && PQpipelineStatus(handle) == PQ_PIPELINE_OFF
    }

    /// The server has closed its end, or said something unasked for: seen without sending it anything.
    var isHungUp: Bool {
        var watched = pollfd(fd: socket, events: Int16(POLLIN) | Int16(MUSTER_HANGUP), revents: 0)
        guard unsafe Glibc.poll(&watched, 1, 0) >= 0 else { return true }
        return Int32(watched.revents) & (Int32(MUSTER_HANGUP) | POLLHUP | POLLERR | POLLNVAL) != 0
    }
}

// MARK: - Sending

extension Session {
    func sendPrepare(_ name: String, _ text: String, types: [UInt32]) -> Bool {
        unsafe PQsendPrepare(handle, name, text, Int32(types.count), types) == 1
    }

    func sendExecute(_ name: String, _ parameters: Parameters) -> Bool {
        unsafe parameters.withPointers { values in
            unsafe PQsendQueryPrepared(handle, name, Int32(parameters.count), values, nil, nil, 0) == 1
        }
    }

    func sendOnce(_ text: String, _ parameters: Parameters) -> Bool {
        unsafe parameters.withPointers { values in
            unsafe PQsendQueryParams(
                handle,
                text,
                Int32(parameters.count),
                parameters.types,
                values,
                nil,
                nil,
                0
            ) == 1
        }
    }

    /// Sends a text that may hold several statements and binds nothing.
    func sendScript(_ text: String) -> Bool {
        unsafe PQsendQuery(handle, text) == 1
    }

    /// Sends what the socket takes.
    ///
    /// - Returns: Whether all is sent; nil when the connection is lost.
    func flush() -> Bool? {
        switch unsafe PQflush(handle) {
        case 0: true
        case 1: false
        default: nil
        }
    }

    func enterPipeline() -> Bool { unsafe PQenterPipelineMode(handle) == 1 }
    func exitPipeline() -> Bool { unsafe PQexitPipelineMode(handle) == 1 }
    func sendSync() -> Bool { unsafe PQpipelineSync(handle) == 1 }
}

// MARK: - Receiving

extension Session {
    /// Reads what has arrived; false when the connection is lost.
    func consume() -> Bool {
        // What is left of a TLS record makes no socket readable. A record has 16 KiB at most, and each call reads 8.
        let calls = unsafe PQsslInUse(handle) == 1 ? 3 : 1
        for _ in 0..<calls where unsafe PQconsumeInput(handle) != 1 { return false }
        return true
    }

    /// `answer` would have to wait.
    var isBusy: Bool { unsafe PQisBusy(handle) == 1 }

    /// The next answer; nil at the end of the answers to one statement.
    ///
    /// Only when not busy.
    func answer() -> Answer? {
        guard let result = unsafe PQgetResult(handle) else { return nil }
        return unsafe Answer(result)
    }

    /// The next notification that has arrived.
    func notification() -> (channel: String, payload: String)? {
        guard let notification = unsafe PQnotifies(handle) else { return nil }
        defer { unsafe PQfreemem(notification) }
        return unsafe (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
    }
}
