// The one place where Asio's implementation is compiled (BOOST_ASIO_SEPARATE_COMPILATION). TLS is OpenSSL
// used directly, so Asio's part for it isn't needed.
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
#include <boost/asio/impl/src.hpp>
