#include "core/base/error.hpp"

#include <string>

namespace qtable {

namespace {

class category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "qtable"; }
    std::string message(int value) const override {
        return std::string(wire_code(static_cast<errc>(value)));
    }
};

}  // namespace

std::string_view wire_code(errc code) noexcept {
    switch (code) {
        case errc::ok: return "ok";
#define QTABLE_ERROR(name) \
    case errc::name: return #name;
            QTABLE_ERRORS(QTABLE_ERROR)
#undef QTABLE_ERROR
        case errc::count_: break;
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
