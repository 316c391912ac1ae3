#include "tests/fuzz/rows_written.hpp"

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "core/engine/batch.hpp"
#include "storage/pg/params.hpp"
#include "storage/store/event_rows.hpp"
#include "storage/store/guest_rows.hpp"
#include "storage/store/image_reader.hpp"
#include "storage/store/listed_rows.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

using detail::cell;

namespace {

// One row whose cells are those of the parameters, or the only elements of these where they are arrays.
class made_row {
  public:
    explicit made_row(const params& from, bool is_of_arrays) {
        for (int i = 0; i < from.count(); ++i) {
            if (is_of_arrays) {
                detail::array_reader reader(from.value(i));
                QTABLE_ASSERT(reader.size() == 1);
                cells_.push_back(reader.next());
            } else {
                cells_.push_back(
                    {from.type(i), from.is_null(i) ? std::nullopt : std::optional(from.value(i))});
            }
        }
    }
    // A text that the statement makes an array of.
    template <class T>
    void put_array(std::size_t column, const std::vector<T>& values) {
        kept_.emplace_back().add_array(values);
        cells_[column] = {kept_.back().type(0), kept_.back().value(0)};
    }
    std::string_view text(std::size_t column) const { return *cells_[column].bytes; }
    row get() const { return row(cells_); }

  private:
    std::vector<cell> cells_;
    std::deque<params> kept_;
};

// "{…,…}" as PostgreSQL reads it.
std::vector<std::string_view> elements_of(std::string_view text) {
    QTABLE_ASSERT(text.starts_with('{') && text.ends_with('}'));
    text = text.substr(1, text.size() - 2);
    std::vector<std::string_view> all;
    while (!text.empty()) {
        all.push_back(text.substr(0, text.find(',')));
        text.remove_prefix(std::min(all.back().size() + 1, text.size()));
    }
    return all;
}

std::vector<table_id> ids_of(std::string_view text) {
    std::vector<table_id> ids;
    for (const std::string_view each : elements_of(text)) ids.push_back(table_id::parse(each).value());
    return ids;
}

std::vector<std::int32_t> numbers_of(std::string_view text) {
    std::vector<std::int32_t> numbers;
    for (const std::string_view each : elements_of(text)) numbers.push_back(std::stoi(std::string(each)));
    return numbers;
}

template <class T, class Take>
std::optional<T> maybe(fuzz::input& in, Take take) {
    return in.take_bool() ? std::optional<T>(take()) : std::nullopt;
}
std::optional<instant> maybe_instant(fuzz::input& in) {
    return maybe<instant>(in, [&] { return in.take_instant(); });
}
template <class Id>
std::optional<Id> maybe_id(fuzz::input& in) {
    return maybe<Id>(in, [&] { return Id(in.take_uuid()); });
}
std::optional<int> maybe_number(fuzz::input& in) {
    return maybe<int>(in, [&] { return in.take<std::int32_t>(); });
}

std::vector<table_id> take_tables(fuzz::input& in) {
    std::vector<table_id> tables(in.take<std::uint8_t>() % 4U);
    for (table_id& each : tables) each = table_id(in.take_uuid());
    return tables;
}

reservation take_reservation(fuzz::input& in) {
    reservation made;
    made.id = reservation_id(in.take_uuid());
    made.restaurant = restaurant_id(in.take_uuid());
    made.customer = customer_id(in.take_uuid());
    made.date = in.take_date();
    made.minute = in.take<std::int32_t>();
    made.party_size = in.take<std::int32_t>();
    made.status = static_cast<reservation_status>(in.take_below(5));
    made.special_requests = in.take_text();
    made.tables = take_tables(in);
    made.slot = maybe_id<slot_id>(in);
    for (instant reservation::*each :
         {&reservation::starts_at, &reservation::ends_at, &reservation::blocks_from,
          &reservation::blocks_until, &reservation::created_at, &reservation::updated_at})
        made.*each = in.take_instant();
    made.confirmation_code = in.take_text();
    made.checked_in_at = maybe_instant(in);
    made.guest = maybe_id<guest_id>(in);
    made.running_late_min = maybe_number(in);
    made.late_flagged_at = maybe_instant(in);
    made.version = in.take<std::int64_t>();
    return made;
}

bool is_same(const reservation& a, const reservation& b) {
    return a.id == b.id && a.restaurant == b.restaurant && a.customer == b.customer && a.date == b.date &&
           a.minute == b.minute && a.party_size == b.party_size && a.status == b.status &&
           a.special_requests == b.special_requests && a.tables == b.tables && a.slot == b.slot &&
           a.starts_at == b.starts_at && a.ends_at == b.ends_at && a.blocks_from == b.blocks_from &&
           a.blocks_until == b.blocks_until && a.created_at == b.created_at && a.updated_at == b.updated_at &&
           a.confirmation_code == b.confirmation_code && a.checked_in_at == b.checked_in_at &&
           a.guest == b.guest && a.running_late_min == b.running_late_min &&
           a.late_flagged_at == b.late_flagged_at && a.version == b.version;
}

}  // namespace

void check_written_reservation(fuzz::input in) {
    const reservation made = take_reservation(in);
    const reservation* const one = &made;
    params written;
    add_reservations(written, std::span(&one, 1));
    QTABLE_ASSERT(written.count() == reservation_columns);
    const std::string zone(in.take_text()), first(in.take_text());
    const auto last = maybe<std::string>(in, [&] { return std::string(in.take_text()); });
    const auto phone = maybe<std::string>(in, [&] { return std::string(in.take_text()); });
    for (const auto& each : {std::optional(zone), std::optional(first), last, phone})
        written.add_array(std::array{each});
    made_row as_row(written, true);
    as_row.put_array(8, ids_of(as_row.text(8)));
    const listed_reservation got = read_listed(as_row.get());
    QTABLE_ASSERT(is_same(got.what, made) && got.timezone == zone);
    QTABLE_ASSERT(got.customer_phone == phone.value_or(""));
    const bool has_both = !first.empty() && last && !last->empty();
    QTABLE_ASSERT(got.customer_name == first + (has_both ? " " : "") + last.value_or(""));
    image_builder image({made.restaurant, restaurant_id(in.take_uuid())});
    image.add_reservation(as_row.get());
    QTABLE_ASSERT(is_same(image.at(made.restaurant).reservations.at(0), made));
}

namespace {

guest take_guest(fuzz::input& in) {
    guest made;
    made.id = guest_id(in.take_uuid());
    made.name = in.take_text();
    made.phone = in.take_text();
    made.party_size = in.take<std::int32_t>();
    made.source = static_cast<guest_source>(in.take_below(3));
    made.reservation = maybe_id<reservation_id>(in);
    made.customer = maybe_id<customer_id>(in);
    made.status = static_cast<guest_status>(in.take_below(6));
    made.tables = take_tables(in);
    if (in.take_bool()) {  // else it takes nothing
        made.blocks_from = in.take_instant();
        made.blocks_until = in.take_instant();
        if (made.blocks_from == made.blocks_until) made.blocks_from = made.blocks_until = {};
    }
    made.quoted_min = maybe_number(in);
    made.notes = in.take_text();
    made.created_at = in.take_instant();
    made.updated_at = in.take_instant();
    made.notified_at = maybe_instant(in);
    made.seated_at = maybe_instant(in);
    made.left_at = maybe_instant(in);
    made.version = in.take<std::int64_t>();
    return made;
}

}  // namespace

void check_written_guest(fuzz::input in) {
    const guest_row made{take_guest(in), restaurant_id(in.take_uuid()), false};
    const guest_row* const one = &made;
    params written;
    add_guests(written, std::span(&one, 1));
    made_row as_row(written, true);
    as_row.put_array(9, ids_of(as_row.text(9)));
    image_builder image({made.restaurant});
    image.add_guest(as_row.get());
    const guest &a = made.what, &b = image.at(made.restaurant).guests.at(0);
    QTABLE_ASSERT(a.id == b.id && a.name == b.name && a.phone == b.phone && a.party_size == b.party_size);
    QTABLE_ASSERT(a.source == b.source && a.reservation == b.reservation && a.customer == b.customer);
    QTABLE_ASSERT(a.status == b.status && a.tables == b.tables && a.blocks_from == b.blocks_from);
    QTABLE_ASSERT(a.blocks_until == b.blocks_until && a.quoted_min == b.quoted_min && a.notes == b.notes);
    QTABLE_ASSERT(a.created_at == b.created_at && a.updated_at == b.updated_at && a.version == b.version);
    QTABLE_ASSERT(a.notified_at == b.notified_at && a.seated_at == b.seated_at && a.left_at == b.left_at);
}

namespace {

booking_rules take_rules(fuzz::input& in) {
    booking_rules made;
    made.turn_times.resize(in.take<std::uint8_t>() % 4U);
    for (turn_time& each : made.turn_times) each = {in.take<std::int32_t>(), in.take<std::int32_t>()};
    for (int booking_rules::*each :
         {&booking_rules::slot_interval_min, &booking_rules::buffer_before_min,
          &booking_rules::buffer_after_min, &booking_rules::min_notice_min, &booking_rules::window_days,
          &booking_rules::min_party, &booking_rules::max_party, &booking_rules::oversize_cap,
          &booking_rules::pacing_parties, &booking_rules::pacing_covers, &booking_rules::house_pacing_parties,
          &booking_rules::house_pacing_covers, &booking_rules::cancellation_cutoff_min,
          &booking_rules::no_show_grace_min})
        made.*each = in.take<std::int32_t>();
    return made;
}

restaurant_profile take_profile(fuzz::input& in) {
    restaurant_profile made;
    for (std::string restaurant_profile::*each :
         {&restaurant_profile::name, &restaurant_profile::description, &restaurant_profile::cuisine_type,
          &restaurant_profile::phone, &restaurant_profile::website, &restaurant_profile::address,
          &restaurant_profile::timezone})
        made.*each = in.take_text();
    made.is_public = in.take_bool();
    made.price_range = in.take_below(5);
    const auto coordinate = [&] { return static_cast<double>(in.take<std::int32_t>()) / 1e7; };
    made.latitude = maybe<double>(in, coordinate);
    made.longitude = maybe<double>(in, coordinate);
    for (day_hours& each : made.hours.days) each = hours_or_closed(in.take_text());
    return made;
}

bool is_same(const restaurant_profile& a, const restaurant_profile& b) {
    return a.name == b.name && a.is_public == b.is_public && a.description == b.description &&
           a.cuisine_type == b.cuisine_type && a.price_range == b.price_range && a.latitude == b.latitude &&
           a.longitude == b.longitude && a.phone == b.phone && a.website == b.website &&
           a.address == b.address && a.timezone == b.timezone && a.hours == b.hours;
}

}  // namespace

void check_written_restaurant(fuzz::input in) {
    restaurant made;
    made.id = restaurant_id(in.take_uuid());
    made.rules = take_rules(in);
    made.profile = take_profile(in);
    made.paused_until = maybe_instant(in);
    made.created_at = in.take_instant();
    made.updated_at = in.take_instant();
    made.version = in.take<std::int64_t>();
    made.rating = in.take_below(500) / 100.0;
    made.review_count = in.take<std::int32_t>();
    const auto log_epoch = in.take<std::int64_t>(), last_seq = in.take<std::int64_t>(),
               last_public = in.take<std::int64_t>();
    const restaurant* const one = &made;
    params written;
    add_restaurants(written, std::span(&one, 1));
    QTABLE_ASSERT(written.count() == restaurant_columns);
    for (const std::int64_t each : {log_epoch, last_seq, last_public}) written.add_array(std::array{each});
    made_row as_row(written, true);
    as_row.put_array(20, numbers_of(as_row.text(20)));
    as_row.put_array(21, numbers_of(as_row.text(21)));
    image_builder image({made.id});
    image.add_restaurant(as_row.get());
    const restaurant_image& got = image.at(made.id);
    QTABLE_ASSERT(got.exists && got.log_epoch == static_cast<std::uint64_t>(log_epoch));
    QTABLE_ASSERT(got.last_seq == last_seq && got.last_public_seq == last_public);
    const restaurant& what = got.what;
    QTABLE_ASSERT(what.id == made.id && what.rules == made.rules && is_same(what.profile, made.profile));
    QTABLE_ASSERT(what.paused_until == made.paused_until && what.created_at == made.created_at);
    QTABLE_ASSERT(what.updated_at == made.updated_at && what.version == made.version);
    QTABLE_ASSERT(what.rating == made.rating && what.review_count == made.review_count);
}

namespace {

// Columns in the order of the image's statements, from values of any size.

}  // namespace

void check_written_parts(fuzz::input in) {
    const restaurant_id at(in.take_uuid());
    image_builder image({at});
    const std::string first(in.take_text()), second(in.take_text()), third(in.take_text()),
        hours(in.take_text());
    const auto number = in.take<std::int32_t>(), other = in.take<std::int32_t>();
    const auto version = in.take<std::int64_t>();
    const uuid id = in.take_uuid();
    const date day = in.take_date();
    const bool is_available = in.take_bool();
    const auto status = static_cast<table_status>(in.take_below(5));
    const auto sitting = maybe_id<guest_id>(in);
    const double x = in.take<std::int32_t>() / 8.0;
    image.add_table(made_row(params()
                                 .add(at)
                                 .add(id)
                                 .add(first)
                                 .add(number)
                                 .add(other)
                                 .add(second)
                                 .add(x)
                                 .add(-x)
                                 .add(third)
                                 .add(to_string(status))
                                 .add(sitting)
                                 .add(version),
                             false)
                        .get());
    const table& a_table = image.at(at).what.tables.at(0);
    QTABLE_ASSERT(a_table.id == id && a_table.label == first && a_table.capacity == number);
    QTABLE_ASSERT(a_table.min_party == other && a_table.section == second && a_table.x == x &&
                  a_table.y == -x);
    QTABLE_ASSERT(a_table.shape == third && a_table.status == status && a_table.version == version);
    QTABLE_ASSERT(a_table.current_guest_id == sitting);
    image.add_slot(made_row(params()
                                .add(at)
                                .add(id)
                                .add(day)
                                .add(number)
                                .add(other)
                                .add(number)
                                .add(is_available)
                                .add(version),
                            false)
                       .get());
    const slot& a_slot = image.at(at).slots.at(0);
    QTABLE_ASSERT(a_slot.id == id && a_slot.date == day && a_slot.minute == number &&
                  a_slot.party_size == other);
    QTABLE_ASSERT(a_slot.is_available == is_available && a_slot.version == version);
    image.add_special_day(made_row(params().add(at).add(day).add(hours).add(first), false).get());
    const special_day& a_day = image.at(at).what.special_days.at(0);
    QTABLE_ASSERT(a_day.date == day && a_day.note == first && a_day.hours == hours_or_closed(hours));
    const auto members = take_tables(in);
    image.add_combination(
        made_row(params().add(at).add(id).add(first).add(number).add(other).add(version).add_array(members),
                 false)
            .get());
    QTABLE_ASSERT(image.at(at).what.combinations.at(0).table_ids == members);
}

void check_written_events(fuzz::input in) {
    const restaurant_id at(in.take_uuid());
    const std::int64_t seq = in.take<std::uint32_t>(), public_seq = in.take<std::uint32_t>(),
                       since = in.take<std::uint32_t>();
    const auto type = static_cast<event_type>(in.take_below(static_cast<int>(event_type::count_)));
    const instant when = in.take_instant();
    const uuid who = in.take_uuid(), command = in.take_uuid();
    const std::string data(in.take_text()), action(in.take_text()), overrides(in.take_text());
    const auto windows = maybe<std::string>(in, [&] { return std::string(in.take_text()); });
    const auto subject = maybe<uuid>(in, [&] { return in.take_uuid(); });
    constexpr std::array<std::string_view, 3> actors = {"system", "customer", "staff"};
    const std::string_view actor_word = actors[static_cast<std::size_t>(in.take_below(3))];
    const params written = std::move(params()
                                         .add(at)
                                         .add(seq)
                                         .add(public_seq)
                                         .add(to_string(type))
                                         .add(when)
                                         .add(actor_word)
                                         .add(who)
                                         .add(command)
                                         .add(data)
                                         .add(subject)
                                         .add(action)
                                         .add(overrides)
                                         .add(windows));
    QTABLE_ASSERT(written.count() == event_columns);
    const made_row as_row(written, false);
    std::vector<logged_event> got;
    read_events(as_row.get(), since, got);
    QTABLE_ASSERT(got.size() == (seq > since ? 1U : 0U) + (windows && seq + 1 > since ? 1U : 0U));
    for (const logged_event& each : got) {
        QTABLE_ASSERT(each.seq > since && each.restaurant == at && each.at == when && each.by.id == who);
        const bool is_first = each.seq == seq;
        QTABLE_ASSERT(each.data == (is_first ? data : *windows) && each.action == action);
        QTABLE_ASSERT(each.type == (is_first ? type : event_type::availability_updated));
    }
}

}  // namespace qtable::storage
