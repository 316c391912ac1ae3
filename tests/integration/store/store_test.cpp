#include "tests/integration/store/store_test.hpp"

#include <algorithm>
#include <tuple>

#include "storage/migrations/migrator.hpp"

namespace qtable {

static auto fields(const table& t) {
    return std::tie(t.id, t.label, t.capacity, t.min_party, t.section, t.x, t.y, t.shape, t.status,
                    t.current_guest_id, t.version);
}
static bool operator==(const table& a, const table& b) {
    return fields(a) == fields(b);
}

static auto fields(const table_combination& c) {
    return std::tie(c.id, c.label, c.table_ids, c.capacity, c.min_party, c.version);
}
static bool operator==(const table_combination& a, const table_combination& b) {
    return fields(a) == fields(b);
}

static bool operator==(const staff_member& a, const staff_member& b) {
    return a.id == b.id && a.role == b.role;
}

static auto fields(const slot& s) {
    return std::tie(s.id, s.date, s.minute, s.party_size, s.available_tables, s.is_available, s.version);
}
static bool operator==(const slot& a, const slot& b) {
    return fields(a) == fields(b);
}

static auto fields(const reservation& r) {
    return std::tie(r.id, r.restaurant, r.customer, r.date, r.minute, r.party_size, r.status,
                    r.special_requests, r.tables, r.slot, r.starts_at, r.ends_at, r.blocks_from,
                    r.blocks_until, r.created_at, r.updated_at, r.confirmation_code, r.checked_in_at, r.guest,
                    r.running_late_min, r.late_flagged_at, r.version);
}
static bool operator==(const reservation& a, const reservation& b) {
    return fields(a) == fields(b);
}

static auto fields(const guest& g) {
    return std::tie(g.id, g.name, g.phone, g.party_size, g.source, g.reservation, g.customer, g.status,
                    g.tables, g.blocks_from, g.blocks_until, g.quoted_min, g.notes, g.created_at,
                    g.updated_at, g.notified_at, g.seated_at, g.left_at, g.version);
}
static bool operator==(const guest& a, const guest& b) {
    return fields(a) == fields(b);
}

static auto fields(const restaurant_profile& p) {
    return std::tie(p.name, p.is_public, p.description, p.cuisine_type, p.price_range, p.latitude,
                    p.longitude, p.phone, p.website, p.address, p.timezone, p.hours);
}

static auto fields(const restaurant& r) {
    return std::tie(r.id, r.rules, r.paused_until, r.special_days, r.tables, r.combinations, r.staff,
                    r.rating, r.review_count, r.created_at, r.updated_at, r.version);
}

static auto fields(const logged_event& e) {
    return std::tie(e.restaurant, e.seq, e.public_seq, e.type, e.at, e.by.what, e.by.id, e.command, e.data,
                    e.subject, e.action, e.overrides);
}
static bool operator==(const logged_event& a, const logged_event& b) {
    return fields(a) == fields(b);
}

template <class Thing>
static std::vector<Thing> by_id(std::vector<Thing> things) {
    std::sort(things.begin(), things.end(), [](const Thing& a, const Thing& b) {
        const uuid& left = a.id;
        const uuid& right = b.id;
        return left < right;
    });
    return things;
}

namespace storage {

bool operator==(const restaurant_image& a, const restaurant_image& b) {
    return a.id == b.id && a.exists == b.exists && fields(a.what.profile) == fields(b.what.profile) &&
           fields(a.what) == fields(b.what) && by_id(a.slots) == by_id(b.slots) &&
           by_id(a.reservations) == by_id(b.reservations) && by_id(a.guests) == by_id(b.guests) &&
           a.log_epoch == b.log_epoch && a.last_seq == b.last_seq && a.last_public_seq == b.last_public_seq &&
           a.local_zone->name() == b.local_zone->name() && a.events_since == b.events_since;
}

namespace {

// Migrated once; the databases of the tests are copies of it.
const std::string& template_database() {
    static const std::string name = [] {
        blocking_connection server(conninfo_of("postgres"));
        server.exec("create database migrated");
        blocking_connection database(conninfo_of("migrated"));
        migrator(database).up();
        migrator(database).verify();
        return std::string("migrated");
    }();
    return name;
}

}  // namespace

uuid next_uuid() {
    static std::int64_t made = 0;
    return make_uuid_v7(noon_ms + ++made, {});
}

store_test::store_test() {
    static int databases = 0;
    database_ = "test_" + std::to_string(++databases);
    const std::string source = template_database();
    blocking_connection(conninfo_of("postgres")).exec("create database " + database_ + " template " + source);
    sql_ = std::make_unique<blocking_connection>(conninfo_of(database_));
    writes_ = connect(pg_journal::application_name("one-0"));
    loads_ = connect();
}

store_test::~store_test() {
    writes_.reset();
    loads_.reset();
    sql_.reset();
}

std::unique_ptr<pg_connection> store_test::connect(const std::string& application_name, std::size_t depth) {
    pg_options options;
    options.application_name = application_name;
    options.depth = depth;
    auto made =
        std::make_unique<pg_connection>(io_, connect_target::resolve(conninfo_of(database_)), options);
    made->start();
    return made;
}

std::unique_ptr<pg_journal> store_test::make_journal(const std::string& writer, bool ring_doorbell) {
    journal_options options;
    options.writer = writer;
    options.is_heard = [ring_doorbell] { return ring_doorbell; };
    options.clock = [] { return noon; };
    const auto find_zone = [this](std::string_view name) {
        auto found = zones_.load(name);
        return found ? *found : nullptr;
    };
    return std::make_unique<pg_journal>(io_, *writes_, *loads_, find_zone, options);
}

void store_test::run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done() && std::chrono::steady_clock::now() < end) {
        io_.restart();
        io_.run_one_for(std::chrono::milliseconds(200));
    }
}

batch_result store_test::write(pg_journal& to, const batch& what) {
    const auto answer = wait_for<batch_result>(
        [&](auto done) { to.write(std::make_shared<const batch>(what), std::move(done)); });
    EXPECT_TRUE(answer);
    return answer.value_or(batch_result{});
}

batch_outcome store_test::probe(pg_journal& at, const logged_event& marker) {
    const auto answer = wait_for<batch_outcome>([&](auto done) { at.probe(marker, std::move(done)); });
    EXPECT_TRUE(answer);
    return answer.value_or(batch_outcome::unknown);
}

restaurant_image store_test::load(pg_journal& from, const restaurant_id& id, std::int64_t since_seq) {
    const auto answer = wait_for<result<std::vector<restaurant_image>>>([&](auto done) {
        from.load({{id, since_seq}}, std::move(done));
    });
    EXPECT_TRUE(answer && *answer && (*answer)->size() == 1);
    return answer && *answer && !(*answer)->empty() ? (*answer)->front() : restaurant_image{};
}

std::int64_t store_test::count(const std::string& sql) {
    return std::stoll(std::string(sql_->exec(sql)[0].raw(0)));
}

staff_id store_test::make_staff() {
    const auto id = next_id<staff_id>();
    sql_->query("insert into staff values ($1, $2, '', 'A Person', now(), now())",
                params().add(id).add(to_string(id)));
    return id;
}

restaurant store_test::make_restaurant(int tables) {
    restaurant made;
    made.id = next_id<restaurant_id>();
    made.profile.name = "Höst “Vår”";
    made.profile.description = "Two lines\nof text, \\ and 'quotes'";
    made.profile.cuisine_type = "nordic";
    made.profile.price_range = 3;
    made.profile.latitude = 55.68;
    made.profile.longitude = 12.57;
    made.profile.timezone = "Europe/Copenhagen";
    made.profile.hours.days[0] = {{600, 840}, {1080, 1560}};
    made.profile.hours.days[6] = {{0, 1440}};
    made.rules.turn_times = {{2, 90}, {8, 120}};
    made.rules.pacing_covers = 40;
    made.rules.house_pacing_parties = 12;
    made.rules.house_pacing_covers = 60;
    made.rules.no_show_grace_min = 25;
    made.paused_until = noon.plus_minutes(30);
    made.staff = {{make_staff(), staff_role::owner}};
    made.created_at = made.updated_at = noon;
    for (int i = 0; i < tables; ++i) {
        table one;
        one.id = next_id<table_id>();
        one.label = "T" + std::to_string(100 + i);
        one.capacity = 4;
        one.x = 0.5 + i;
        one.section = "window";
        made.tables.push_back(one);
    }
    if (tables >= 2) {
        // Not in the order of the ids: it must come back as staff named them.
        made.combinations.push_back(
            {next_id<combination_id>(), "T100+T101", {made.tables[1].id, made.tables[0].id}, 8, 5, 3});
        made.special_days = {{today(), {}, "closed for repairs"},
                             {today().plus_days(3), {{600, 840}, {1080, 1560}}, ""}};
    }
    return made;
}

batch store_test::new_restaurant_batch(const restaurant& what) {
    batch out;
    out.restaurants.push_back({std::make_shared<restaurant>(what), true, 0xfedcba9876543210ULL});
    for (const special_day& one : what.special_days) out.special_days.push_back({what.id, one, false});
    for (const table& one : what.tables) out.tables.push_back({what.id, one, false});
    for (const table_combination& one : what.combinations) out.combinations.push_back({what.id, one, false});
    out.events.push_back(next_event(what.id, 1));
    return out;
}

reservation store_test::make_reservation(const restaurant& at, std::vector<table_id> tables, int from_min) {
    reservation made;
    made.id = next_id<reservation_id>();
    made.restaurant = at.id;
    made.customer = next_id<customer_id>();
    made.date = today().plus_days(1);
    made.minute = 18 * 60 + from_min;
    made.party_size = 3;
    made.special_requests = "a quiet corner, “please”";
    made.tables = std::move(tables);
    made.starts_at = instant{made.date.days * ms_per_day}.plus_minutes(17 * 60 + from_min);
    made.ends_at = made.starts_at.plus_minutes(90);
    made.blocks_from = made.starts_at.plus_minutes(-15);
    made.blocks_until = made.ends_at.plus_minutes(15);
    made.created_at = made.updated_at = noon.plus_ms(123);
    made.confirmation_code = "K7PX2M";
    return made;
}

guest store_test::make_guest(guest_status status, std::vector<table_id> tables) {
    guest made;
    made.id = next_id<guest_id>();
    made.name = "The “Byrons”";
    made.phone = "+45 12345678";
    made.party_size = 3;
    made.status = status;
    made.tables = std::move(tables);
    made.created_at = made.updated_at = noon.plus_ms(7);
    if (!made.tables.empty()) {
        made.seated_at = made.blocks_from = noon;
        made.blocks_until = noon.plus_minutes(90);
    }
    if (!made.is_open()) made.left_at = noon;
    return made;
}

logged_event store_test::next_event(const restaurant_id& id, std::int64_t seq) {
    logged_event made;
    made.restaurant = id;
    made.seq = seq;
    made.type = event_type::customer_reservation_received;
    made.at = noon.plus_ms(seq);
    made.by = {actor::kind::customer, next_uuid()};
    made.command = next_id<command_id>();
    made.data = R"({"a":  "spaces stay", "n": 1.50})";
    return made;
}

}  // namespace storage

}  // namespace qtable
