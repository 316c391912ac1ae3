#include "proto/json_document.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstring>
#include <functional>
#include <new>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"

namespace qtable::proto {

namespace {

namespace json = boost::json;

// Objects up to this size are searched for duplicates pair by pair, larger ones by sorting: never quadratic
// in the body.
constexpr std::size_t pairwise_members = 16;

// Puts together a string that the parser delivers in parts, as it does when there are escapes.
class part_buffer {
  public:
    explicit part_buffer(json_scratch& scratch) : scratch_(scratch) {}

    void append(std::string_view part) {
        if (size_ + part.size() > capacity_) grow(size_ + part.size());
        if (!part.empty()) std::memcpy(data_ + size_, part.data(), part.size());
        size_ += part.size();
    }
    bool empty() const noexcept { return size_ == 0; }
    std::string_view finish() noexcept {
        const std::string_view whole(data_, size_);
        data_ = nullptr;
        size_ = capacity_ = 0;
        return whole;
    }

  private:
    void grow(std::size_t needed) {
        const std::size_t capacity = std::max<std::size_t>(needed, 2 * capacity_ + 32);
        auto* data = static_cast<char*>(scratch_.allocate(capacity, 1));
        if (size_ != 0) std::memcpy(data, data_, size_);
        data_ = data;
        capacity_ = capacity;
    }

    json_scratch& scratch_;
    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// Boost.JSON's parser calls these; the names and signatures are its own.
class tree_builder {
  public:
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);

    tree_builder(std::string_view body, json_scratch& scratch)
        : body_(body), scratch_(scratch), parts_(scratch) {}

    const json_value* root() const noexcept { return root_; }
    bool has_duplicate_key() const noexcept { return has_duplicate_key_; }
    // The place of the value that would come next.
    std::string next_pointer() const {
        std::array<json_path, limits::json_depth + 1> chain{};
        for (std::size_t i = 0; i < depth_; ++i) {
            const frame& at = frames_[i];
            const bool is_object = at.container->kind == json_kind::object;
            const bool is_last = i + 1 == depth_;
            const std::string_view key = is_last ? key_ : frames_[i + 1].container->key;
            chain[i + 1] =
                is_object ? chain[i].member(key) : chain[i].element(at.container->size - (is_last ? 0U : 1U));
        }
        return chain[depth_].pointer();
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return begin(json_kind::object); }
    bool on_array_begin(json::error_code&) { return begin(json_kind::array); }
    bool on_array_end(std::size_t, json::error_code&) {
        --depth_;
        return true;
    }
    bool on_object_end(std::size_t, json::error_code&) {
        --depth_;
        check_keys(*frames_[depth_].container);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return keep(part); }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        key_ = finish_text(part);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return keep(part); }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        add(json_kind::string).text = finish_text(part);
        return true;
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view written, json::error_code&) { return add_number(written); }
    bool on_uint64(std::uint64_t, json::string_view written, json::error_code&) {
        return add_number(written);
    }
    bool on_double(double, json::string_view written, json::error_code&) { return add_number(written); }
    bool on_bool(bool value, json::error_code&) {
        add(json_kind::boolean).boolean = value;
        return true;
    }
    bool on_null(json::error_code&) {
        add(json_kind::null);
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return false; }
    bool on_comment(json::string_view, json::error_code&) { return false; }

  private:
    struct frame {
        json_value* container = nullptr;
        json_value* last = nullptr;
    };

    bool in_body(std::string_view part) const noexcept {
        const std::less_equal<const char*> before;
        return before(body_.data(), part.data()) &&
               before(part.data() + part.size(), body_.data() + body_.size());
    }

    bool keep(json::string_view part) {
        parts_.append({part.data(), part.size()});
        return true;
    }

    std::string_view finish_text(json::string_view last_part) {
        const std::string_view part(last_part.data(), last_part.size());
        if (parts_.empty() && in_body(part)) return part;
        parts_.append(part);
        return parts_.finish();
    }

    json_value& add(json_kind kind) {
        auto* made = new (scratch_.allocate(sizeof(json_value), alignof(json_value))) json_value;
        made->kind = kind;
        if (depth_ == 0) {
            root_ = made;
            return *made;
        }
        frame& parent = frames_[depth_ - 1];
        if (parent.container->kind == json_kind::object) made->key = key_;
        (parent.last == nullptr ? parent.container->first : parent.last->next) = made;
        parent.last = made;
        ++parent.container->size;
        return *made;
    }

    bool add_number(json::string_view written) {
        // The parser's own double is not the nearest one: readers take the text.
        add(json_kind::number).text = {written.data(), written.size()};
        return true;
    }

    bool begin(json_kind kind) {
        QTABLE_ASSERT(depth_ < frames_.size());
        frames_[depth_] = {&add(kind), nullptr};
        ++depth_;
        return true;
    }

    void check_keys(const json_value& object) {
        if (has_duplicate_key_ || object.size < 2) return;
        if (object.size <= pairwise_members) {
            for (const json_value* a = object.first; a != nullptr; a = a->next) {
                for (const json_value* b = a->next; b != nullptr; b = b->next) {
                    has_duplicate_key_ |= a->key == b->key;
                }
            }
            return;
        }
        auto* keys = static_cast<std::string_view*>(
            scratch_.allocate(object.size * sizeof(std::string_view), alignof(std::string_view)));
        std::string_view* end = keys;
        for (const json_value* a = object.first; a != nullptr; a = a->next)
            new (end++) std::string_view(a->key);
        std::sort(keys, end);
        has_duplicate_key_ = std::adjacent_find(keys, end) != end;
    }

    std::string_view body_;
    json_scratch& scratch_;
    part_buffer parts_;
    std::array<frame, limits::json_depth> frames_;
    std::size_t depth_ = 0;
    std::string_view key_;
    json_value* root_ = nullptr;
    bool has_duplicate_key_ = false;
};

// Whether what stands where a value was expected is one of the numbers that JSON doesn't have: a client that
// computed nonsense, not one that can't write JSON.
bool is_no_finite_number(std::string_view body, std::size_t at) noexcept {
    for (const std::size_t from : {at, at - 1}) {  // before or behind a sign
        if (from > body.size()) continue;
        std::string_view rest = body.substr(from);
        if (rest.starts_with('-')) rest.remove_prefix(1);
        if (rest.starts_with("NaN") || rest.starts_with("Infinity")) return true;
    }
    return false;
}

}  // namespace

const json_value* json_value::find(std::string_view name) const noexcept {
    for (const json_value* member = first; member != nullptr; member = member->next) {
        if (member->key == name) return member;
    }
    return nullptr;
}

const json_value* parse_json(std::string_view body, json_scratch& scratch, input_errors& errors) {
    scratch.reset();
    if (body.empty()) {
        errors.fail(errc::empty_body);
        return nullptr;
    }
    json::parse_options options;
    options.max_depth = limits::json_depth;
    json::basic_parser<tree_builder> parser(options, body, scratch);
    json::error_code failure;
    const std::size_t used = parser.write_some(false, body.data(), body.size(), failure);
    if (failure == json::error::exponent_overflow) {
        errors.add(parser.handler().next_pointer(), "is out of range");
        return nullptr;
    }
    if (failure && is_no_finite_number(body, used)) {
        errors.add(parser.handler().next_pointer(), "is not a finite number");
        return nullptr;
    }
    if (failure || used != body.size()) {
        errors.fail(errc::malformed_json);
        return nullptr;
    }
    if (parser.handler().has_duplicate_key()) {
        errors.fail(errc::duplicate_key);
        return nullptr;
    }
    return parser.handler().root();
}

}  // namespace qtable::proto
