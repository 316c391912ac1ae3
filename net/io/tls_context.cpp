#include "net/io/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>

namespace qtable::net {
namespace {

constexpr std::array<unsigned char, 9> offered_protocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
    unsigned char* chosen = nullptr;
    if (::SSL_select_next_proto(&chosen, out_size, offered_protocols.data(), offered_protocols.size(), in,
                                in_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

std::string last_error(const std::string& file) {
    std::array<char, 256> text{};
    ::ERR_error_string_n(::ERR_get_error(), text.data(), text.size());
    ::ERR_clear_error();
    return file + ": " + text.data();
}

// Forward secrecy and authenticated encryption only; 1.3 has nothing else.
constexpr const char* ciphers_of_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

SSL_CTX* make_context(const std::string& certificate_file, const std::string& key_file,
                      std::string& error_text) {
    SSL_CTX* const raw = ::SSL_CTX_new(::TLS_server_method());
    if (raw == nullptr) {
        error_text = last_error("TLS");
        return nullptr;
    }
    ::SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    ::SSL_CTX_set_cipher_list(raw, ciphers_of_1_2);
    ::SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // Answers are retried from wherever they lie by then, and idle connections give their buffers back.
    ::SSL_CTX_set_mode(
        raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    ::SSL_CTX_set_alpn_select_cb(raw, select_protocol, nullptr);
    const std::string* bad = nullptr;
    if (::SSL_CTX_use_certificate_chain_file(raw, certificate_file.c_str()) != 1) {
        bad = &certificate_file;
    } else if (::SSL_CTX_use_PrivateKey_file(raw, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
               ::SSL_CTX_check_private_key(raw) != 1) {
        bad = &key_file;
    }
    if (bad == nullptr) return raw;
    error_text = last_error(*bad);
    ::SSL_CTX_free(raw);
    return nullptr;
}

}  // namespace

result<std::unique_ptr<tls_context>> tls_context::load(const std::string& certificate_file,
                                                       const std::string& key_file, std::string& error_text) {
    std::unique_ptr<tls_context> made(new tls_context(certificate_file, key_file));
    if (!made->reload(error_text)) return make_error_code(errc::invalid_input);
    return made;
}

bool tls_context::reload(std::string& error_text) {
    SSL_CTX* const next = make_context(certificate_file_, key_file_, error_text);
    if (next == nullptr) return false;
    SSL_CTX* before = nullptr;
    {
        const std::lock_guard lock(mutex_);
        before = std::exchange(context_, next);
    }
    ::SSL_CTX_free(before);  // the open connections have a share in it
    return true;
}

SSL* tls_context::new_connection() const {
    const std::lock_guard lock(mutex_);
    return ::SSL_new(context_);
}

tls_context::~tls_context() {
    ::SSL_CTX_free(context_);
}

}  // namespace qtable::net
