#include "loadtest/engine/stream_position.hpp"

#include <algorithm>

namespace qtable::loadtest {

std::string stream_position::resume_query() const {
    return "epoch=" + epoch_ + "&since_seq=" + std::to_string(seq_);
}

void stream_position::hello(std::string_view epoch, std::int64_t seq, bool is_resumed) {
    is_epoch_new_ = is_resumed && epoch != epoch_;
    is_anything_next_ = false;
    is_fresh_ = true;
    epoch_ = epoch;
    hello_seq_ = seq;
    if (!is_resumed) seq_ = seq;
}

void stream_position::resync() noexcept {
    is_epoch_new_ = false;
    is_anything_next_ = true;
    if (is_fresh_) seq_ = hello_seq_;
}

stream_position::verdict stream_position::event(std::int64_t seq) noexcept {
    const bool is_expected = is_anything_next_ || (seq == seq_ + 1 && !is_epoch_new_);
    const bool is_repeated = !is_anything_next_ && !is_epoch_new_ && seq <= seq_;
    is_anything_next_ = is_epoch_new_ = is_fresh_ = false;
    if (is_repeated) return verdict::duplicate;
    seq_ = seq;
    if (!is_expected) return verdict::hole;
    return seq <= hello_seq_ ? verdict::replayed : verdict::live;
}

}  // namespace qtable::loadtest
