// The server's certificate and TLS settings: TLS 1.2 or newer, ALPN http/1.1, no renegotiation. Made at
// start-up, then immutable and shared by all cores.
#pragma once

#include <memory>
#include <string>

#include "core/base/error.hpp"

struct ssl_ctx_st;

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

    ssl_ctx_st* native() const noexcept { return context_; }

  private:
    explicit tls_context(ssl_ctx_st* context) noexcept : context_(context) {}
    ssl_ctx_st* context_;
};

}  // namespace qtable::net
