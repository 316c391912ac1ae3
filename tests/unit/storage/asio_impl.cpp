// Asio is compiled apart from its headers (BOOST_ASIO_SEPARATE_COMPILATION); the program has its copy in net.
#include <boost/asio/impl/src.hpp>
