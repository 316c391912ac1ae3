#include "net/io/transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "core/base/assert.hpp"
#include "net/io/tls_context.hpp"

namespace qtable::net {
namespace {

io_result failure(int error) noexcept {
    return {error == EAGAIN || error == EWOULDBLOCK ? io_state::would_block : io_state::failed, 0};
}

int clamped(std::size_t size) noexcept {
    return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

}  // namespace

transport::transport(core_thread& core, int descriptor, const peer_address& peer, const tls_context* tls)
    : core_(core), descriptor_(descriptor), peer_(peer) {
    core_.metrics().open_connections.add();
    if (tls == nullptr) return;
    ssl_ = tls->new_connection();
    if (ssl_ == nullptr || ::SSL_set_fd(ssl_, descriptor_) != 1) {
        ::ERR_clear_error();
        close(true);
        return;
    }
    ::SSL_set_accept_state(ssl_);
}

transport::~transport() {
    close();
    if (ssl_ != nullptr) ::SSL_free(ssl_);
}

bool transport::attach(transport_user& user) {
    user_ = &user;
    if (descriptor_ < 0) return false;
    if (is_attached_) {
        // The previous user may have left something unread: no edge will tell of it again.
        read_again_later();
        return true;
    }
    is_attached_ = core_.poller().add(descriptor_, *this);
    return is_attached_;
}

void transport::on_ready(readiness ready) {
    is_hung_up_ |= ready.hang_up;
    const bool asked_again = std::exchange(is_read_again_, false);
    if (ready.readable || asked_again || (read_wants_write_ && ready.writable)) user_->on_readable();
    const bool can_write = ready.writable || (write_wants_read_ && ready.readable);
    if (descriptor_ >= 0 && is_write_blocked_ && can_write) {
        is_write_blocked_ = false;
        user_->on_writable();
    }
}

void transport::read_again_later() noexcept {
    if (descriptor_ < 0 || is_read_again_) return;
    is_read_again_ = true;
    core_.poller().rearm(descriptor_, *this);
}

io_result transport::read(char* into, std::size_t size) noexcept {
    if (descriptor_ < 0) return {io_state::failed, 0};
    if (ssl_ != nullptr) {
        ::ERR_clear_error();
        return tls_outcome(::SSL_read(ssl_, into, clamped(size)), true);
    }
    ssize_t got = 0;
    core_.metrics().reads.add();
    do {
        got = ::recv(descriptor_, into, size, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        may_have_more_ = false;
        return failure(errno);
    }
    if (got == 0) return {io_state::closed, 0};
    const auto bytes = static_cast<std::size_t>(got);
    // A short read emptied the socket, and what comes next makes a new edge; after a hang-up none comes.
    may_have_more_ = bytes == size || is_hung_up_;
    core_.metrics().bytes_in.add(bytes);
    return {io_state::ok, bytes};
}

io_result transport::write(const char* from, std::size_t size) noexcept {
    if (descriptor_ < 0) return {io_state::failed, 0};
    if (ssl_ != nullptr) {
        ::ERR_clear_error();
        return tls_outcome(::SSL_write(ssl_, from, clamped(size)), false);
    }
    ssize_t sent = 0;
    core_.metrics().writes.add();
    do {
        sent = ::send(descriptor_, from, size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        is_write_blocked_ = true;
        return failure(errno);
    }
    const auto bytes = static_cast<std::size_t>(sent);
    if (bytes < size) is_write_blocked_ = true;
    core_.metrics().bytes_out.add(bytes);
    return {io_state::ok, bytes};
}

io_result transport::write(std::span<const iovec> pieces) noexcept {
    if (descriptor_ < 0) return {io_state::failed, 0};
    if (ssl_ != nullptr) {
        io_result all{};
        for (const iovec& piece : pieces) {
            const io_result one = write(static_cast<const char*>(piece.iov_base), piece.iov_len);
            if (one.state != io_state::ok)
                return all.bytes > 0 && one.state == io_state::would_block ? all : one;
            all.bytes += one.bytes;
            if (one.bytes < piece.iov_len) break;
        }
        return all;
    }
    std::size_t wanted = 0;
    for (const iovec& piece : pieces) wanted += piece.iov_len;
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces.data());
    message.msg_iovlen = pieces.size();
    ssize_t sent = 0;
    core_.metrics().writes.add();
    do {
        sent = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        is_write_blocked_ = true;
        return failure(errno);
    }
    const auto bytes = static_cast<std::size_t>(sent);
    if (bytes < wanted) is_write_blocked_ = true;
    core_.metrics().bytes_out.add(bytes);
    return {io_state::ok, bytes};
}

io_result transport::tls_outcome(int returned, bool reading) noexcept {
    (reading ? read_wants_write_ : write_wants_read_) = false;
    if (returned > 0) {
        const auto bytes = static_cast<std::size_t>(returned);
        if (reading) may_have_more_ = true;
        (reading ? core_.metrics().bytes_in : core_.metrics().bytes_out).add(bytes);
        return {io_state::ok, bytes};
    }
    const int reason = ::SSL_get_error(ssl_, returned);
    if (reading) may_have_more_ = false;
    if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) {
        if (reading) read_wants_write_ = reason == SSL_ERROR_WANT_WRITE;
        if (!reading) {
            is_write_blocked_ = true;
            write_wants_read_ = reason == SSL_ERROR_WANT_READ;
        }
        return {io_state::would_block, 0};
    }
    if (reason == SSL_ERROR_ZERO_RETURN) return {io_state::closed, 0};
    if (reason == SSL_ERROR_SSL) core_.metrics().tls_errors.add();
    ::ERR_clear_error();
    ::SSL_set_quiet_shutdown(ssl_, 1);  // the connection is broken: nothing more may be said on it
    return {io_state::failed, 0};
}

void transport::shut_down_write() noexcept {
    if (descriptor_ < 0) return;
    if (ssl_ != nullptr && ::SSL_is_init_finished(ssl_) == 1) {
        ::ERR_clear_error();
        ::SSL_shutdown(ssl_);
    }
    ::shutdown(descriptor_, SHUT_WR);
}

void transport::close(bool reset) noexcept {
    if (descriptor_ < 0) return;
    if (is_attached_) core_.poller().remove(descriptor_, *this);
    if (reset) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ::close(descriptor_);
    descriptor_ = -1;
    core_.metrics().open_connections.subtract();
}

}  // namespace qtable::net
