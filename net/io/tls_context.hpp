// The server's certificate and TLS settings: TLS 1.2 with forward secrecy and AEAD ciphers, or 1.3; ALPN
// http/1.1; no renegotiation. Shared by all cores. `reload` takes the files again: new connections get the
// new certificate, those that are open keep theirs. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "core/base/error.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace qtable::net {

class tls_context {
  public:
    // PEM files: the certificate with its chain, and the key. The error's text says which of them is bad and
    // why.
    static result<std::unique_ptr<tls_context>> load(const std::string& certificate_file,
                                                     const std::string& key_file, std::string& error_text);
    ~tls_context();
    tls_context(const tls_context&) = delete;
    tls_context& operator=(const tls_context&) = delete;

    // The files again. False: they are bad, `error_text` says why, and the certificate stays as it was.
    bool reload(std::string& error_text);
    // A new connection's state, or nullptr without memory. To be freed by SSL_free.
    ssl_st* new_connection() const;

  private:
    tls_context(std::string certificate_file, std::string key_file) noexcept
        : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}

    std::string certificate_file_, key_file_;
    mutable std::mutex mutex_;  // taken once a connection
    ssl_ctx_st* context_ = nullptr;
};

}  // namespace qtable::net
