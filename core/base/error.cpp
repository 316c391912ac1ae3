#include "core/base/error.hpp"

#include <string>

namespace qtable {

namespace {

// Boost's base has a protected destructor on purpose: nobody deletes a category.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "qtable"; }
    std::string message(int value) const override { return std::string(wire_code(static_cast<errc>(value))); }
};
#pragma GCC diagnostic pop

}  // namespace

std::string_view wire_code(errc code) noexcept {
    switch (code) {
        case errc::ok:
            return "ok";
#define QTABLE_ERROR(name) \
    case errc::name:       \
        return #name;
            QTABLE_ERRORS(QTABLE_ERROR)
#undef QTABLE_ERROR
        case errc::count_:
            break;
    }
    return "internal";
}

const boost::system::error_category& error_category() noexcept {
    static const category instance;
    return instance;
}

errc to_errc(const boost::system::error_code& code) noexcept {
    if (code.category() != error_category()) return errc::internal;
    return static_cast<errc>(code.value());
}

}  // namespace qtable
