#include "tests/sim/waitlist_score.hpp"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <map>

#include "tests/sim/waitlist_evening.hpp"

namespace qtable::sim {

namespace {

constexpr int again_every_min = 15;  // the list is asked again
constexpr int at_once_min = 3;       // from the door to the table
constexpr double coverage_least = 0.70, coverage_most = 0.90;
constexpr double error_ratio_most = 0.8;
constexpr double at_once_least = 0.85;
constexpr double silent_most = 0.05;

struct said {
    std::size_t who = 0;
    int minute = 0;
    bool is_joining = false;
    std::optional<wait_range> range;
    double naive_min = 0;
    double counting_min = 0;
};

int fitting_tables(const house& where, int size) {
    const auto fitting = [&](const auto& t) { return fits(where, t.capacity, t.min_party, size); };
    const auto tables = std::count_if(where.tables.begin(), where.tables.end(), fitting);
    return static_cast<int>(tables > 0 ? tables
                                       : std::count_if(where.pairs.begin(), where.pairs.end(), fitting));
}

bool compete(const house& where, int size, int other) {
    return std::any_of(where.tables.begin(), where.tables.end(), [&](const house::table& t) {
        return fits(where, t.capacity, t.min_party, size) && fits(where, t.capacity, t.min_party, other);
    });
}

// What is said while an evening goes on.
std::vector<said> listen(const house& where, const evening_plan& plan, const experience& learned,
                         const estimator& say, evening& played) {
    std::vector<said> all;
    played.run([&](const evening& now) {
        const std::vector<std::size_t>& waiting = now.waiting();
        const bool is_asked_again = now.minute() % again_every_min == 0;
        const auto has_come_now = [&](std::size_t who) { return plan.visits[who].comes_min == now.minute(); };
        if (!is_asked_again && std::none_of(waiting.begin(), waiting.end(), has_come_now)) return;
        const std::vector<waiting_party> parties = now.waiting_parties();
        const std::vector<wait_estimate> estimates = say(now.floor(), parties, learned.turns);
        int ahead = 0;
        for (std::size_t i = 0; i < waiting.size(); ++i, ++ahead) {
            if (!is_asked_again && !has_come_now(waiting[i])) continue;
            const int size = parties[i].party_size;
            const auto competing = std::count_if(
                parties.begin(), parties.begin() + ahead,
                [&](const waiting_party& other) { return compete(where, size, other.party_size); });
            const double per_party = learned.mean_stay_min / std::max(1, fitting_tables(where, size));
            all.push_back({waiting[i], now.minute(), has_come_now(waiting[i]), estimates[i].wait,
                           ahead * per_party, static_cast<double>(competing + 1) * per_party});
        }
    });
    return all;
}

void judge(const said& what, std::optional<int> seated_min, score& into) {
    const int until_closing = evening_min - what.minute;
    const int wait = seated_min ? *seated_min - what.minute : until_closing;
    if (what.range && what.range->p90_min == 0) {
        ++into.at_once;
        if (wait <= at_once_min) ++into.at_once_true;
        return;
    }
    if (!what.range && !seated_min) {
        ++into.rightly_silent;
        return;
    }
    ++into.ranges;
    if (what.is_joining) ++into.joining;
    const double middle = what.range ? what.range->p50_min : until_closing;
    if (!what.range) {
        ++into.silent;
    } else if (!seated_min) {
        ++into.never_seated;
    } else if (wait < what.range->p10_min) {
        ++into.too_long;
    } else if (wait > what.range->p90_min) {
        ++into.too_short;
    } else {
        ++into.covered;
        if (what.is_joining) ++into.joining_covered;
    }
    if (what.range) into.width_sum_min += what.range->p90_min - what.range->p10_min;
    into.wait_sum_min += wait;
    into.error_sum_min += std::abs(middle - wait);
    into.bias_sum_min += middle - wait;
    into.naive_error_sum_min += std::abs(what.naive_min - wait);
    into.counting_error_sum_min += std::abs(what.counting_min - wait);
}

__attribute__((format(printf, 1, 2))) std::string format(const char* how, ...) {
    char text[400];
    va_list values;
    va_start(values, how);
    std::vsnprintf(text, sizeof text, how, values);
    va_end(values);
    return text;
}

}  // namespace

void score::add(const score& other) noexcept {
    ranges += other.ranges;
    covered += other.covered;
    too_long += other.too_long;
    too_short += other.too_short;
    silent += other.silent;
    never_seated += other.never_seated;
    joining += other.joining;
    joining_covered += other.joining_covered;
    ghosts += other.ghosts;
    rightly_silent += other.rightly_silent;
    at_once += other.at_once;
    at_once_true += other.at_once_true;
    wait_sum_min += other.wait_sum_min;
    width_sum_min += other.width_sum_min;
    error_sum_min += other.error_sum_min;
    bias_sum_min += other.bias_sum_min;
    naive_error_sum_min += other.naive_error_sum_min;
    counting_error_sum_min += other.counting_error_sum_min;
}

experience learn_evenings(const house& where, std::uint64_t seed, int evenings) {
    experience learned;
    int parties = 0;
    for (int i = 0; i < evenings; ++i) {
        const evening_plan plan = draw_evening(where, seed + static_cast<std::uint64_t>(i));
        evening played(where, plan);
        played.run();
        for (std::size_t who = 0; who < plan.visits.size(); ++who) {
            if (!played.seated_min(who)) continue;
            learned.turns.learn(plan.visits[who].stay_min, plan.visits[who].turn_min);
            learned.mean_stay_min += (plan.visits[who].stay_min - learned.mean_stay_min) / ++parties;
        }
    }
    return learned;
}

score judge_evenings(const house& where, std::uint64_t seed, int evenings, const experience& learned,
                     const estimator& say) {
    score total;
    for (int i = 0; i < evenings; ++i) {
        const evening_plan plan = draw_evening(where, seed + static_cast<std::uint64_t>(i));
        evening played(where, plan);
        const std::vector<said> all = listen(where, plan, learned, say, played);
        std::map<std::size_t, std::optional<int>> ghosts;
        for (const said& what : all) {
            if (!played.has_left_list(what.who)) {
                judge(what, played.seated_min(what.who), total);
                continue;
            }
            if (!ghosts.contains(what.who)) {
                evening again(where, plan, what.who);
                again.run();
                ghosts[what.who] = again.seated_min(what.who);
                ++total.ghosts;
            }
            judge(what, ghosts[what.who], total);
        }
    }
    return total;
}

std::vector<std::string> complaints(const score& of) {
    std::vector<std::string> wrong;
    if (of.ranges < 100) return {format("only %d ranges to judge", of.ranges)};
    if (of.coverage() < coverage_least || of.coverage() > coverage_most)
        wrong.push_back(format("covers %.1f %%", 100 * of.coverage()));
    if (of.error_ratio() > error_ratio_most)
        wrong.push_back(format("errs by %.2f of the naive quote", of.error_ratio()));
    if (of.silent > silent_most * of.ranges) wrong.push_back(format("silent %d times", of.silent));
    if (of.at_once_true < at_once_least * of.at_once)
        wrong.push_back(format("at once only %d of %d times", of.at_once_true, of.at_once));
    return wrong;
}

std::string describe(const score& of) {
    const double n = std::max(1, of.ranges);
    return format(
        "ranges %4d covered %.1f %% (joining %4d: %.1f %%) too long %3d short %3d silent %2d never %2d | "
        "wait %.1f "
        "width %.1f error %.1f bias %+.1f naive %.1f (x%.2f) counting %.1f (x%.2f) | at once %d/%d rightly "
        "silent "
        "%d ghosts %d",
        of.ranges, 100 * of.coverage(), of.joining, 100.0 * of.joining_covered / std::max(1, of.joining),
        of.too_long, of.too_short, of.silent, of.never_seated, of.wait_sum_min / n, of.width_sum_min / n,
        of.error_sum_min / n, of.bias_sum_min / n, of.naive_error_sum_min / n, of.error_ratio(),
        of.counting_error_sum_min / n, of.error_sum_min / of.counting_error_sum_min, of.at_once_true,
        of.at_once, of.rightly_silent, of.ghosts);
}

}  // namespace qtable::sim
