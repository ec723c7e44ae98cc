import Glibc

extension UnixConnection {
    /// Waits on this thread until something can be read or written, or an other side is gone.
    ///
    /// - Parameters:
    ///   - reading: What is to be read from.
    ///   - writing: What is to be written to.
    public static func wait(reading: [UnixConnection], writing: UnixConnection?) {
        var questions = reading.map { pollfd(fd: $0.handle, events: Int16(POLLIN), revents: 0) }
        if let writing { questions.append(pollfd(fd: writing.handle, events: Int16(POLLOUT), revents: 0)) }
        while Glibc.poll(&questions, nfds_t(questions.count), -1) < 0, errno == EINTR {}
    }

    /// Writes as much as the other side takes at once.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: How many were written; nothing where the other side is gone.
    public func writeAvailable(_ bytes: [UInt8]) -> Int? {
        guard !bytes.isEmpty else { return 0 }
        while true {
            let sent = send(handle, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if sent >= 0 { return sent }
            if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
            guard errno == EINTR else { return nil }
        }
    }
}
