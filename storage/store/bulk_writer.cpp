#include "storage/store/bulk_writer.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "core/event/event.hpp"
#include "storage/store/batch_configuration.hpp"
#include "storage/store/batch_unit.hpp"
#include "storage/store/event_rows.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace {

// Locked until the transaction ends, so that of two imports at once the second sees what the first wrote. A
// server doesn't wait here: it meets us, if ever, at the log's key.
constexpr const char* known_sql =
    "select " QTABLE_RESTAURANT_COLUMNS ", source_ref, deleted_at is not null, " QTABLE_LAST_SEQ
    ", "
    "exists(select 1 from restaurant_tables x where x.restaurant_id = r.id and x.deleted_at is null) "
    "from restaurants r where source_ref = any($1::text[]) order by id for no key update of r";

struct known_restaurant {
    restaurant what;
    bool is_deleted = false;
    std::int64_t last_seq = 0;
    bool has_tables = false;
};

auto fields_of(const restaurant_profile& p) {
    return std::tie(p.name, p.description, p.cuisine_type, p.price_range, p.latitude, p.longitude, p.phone,
                    p.website, p.address, p.timezone);
}

bool same_but_public(const restaurant_profile& a, const restaurant_profile& b) {
    return fields_of(a) == fields_of(b) && a.hours == b.hours;
}

// What one transaction will write.
struct plan {
    std::vector<new_restaurant> added;
    std::vector<restaurant> changed;
    std::vector<restaurant> added_with_owner;
    std::vector<special_day_row> special_days;
    std::vector<table_row> tables;
    std::vector<combination_row> combinations;
    std::vector<logged_event> events;

    void add_floor(const restaurant& of, const restaurant_id& id) {
        for (const table& one : of.tables) tables.push_back({id, one, false});
        for (const table_combination& one : of.combinations) combinations.push_back({id, one, false});
    }
};

// One transaction; rolled back unless committed.
class transaction {
  public:
    explicit transaction(blocking_connection& database) : database_(database) { database_.exec("begin"); }
    ~transaction() {
        if (committed_) return;
        try {
            database_.exec("rollback");
        } catch (const pg_error&) {  // the connection has gone, and the transaction with it
        }
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    void commit() {
        database_.exec("commit");
        committed_ = true;
    }

  private:
    blocking_connection& database_;
    bool committed_ = false;
};

void run(blocking_connection& database, const unit& work) {
    for (const unit::step& step : work.steps()) database.query(std::string(step.what.sql), step.with);
}

std::unordered_map<std::string, known_restaurant> read_known(blocking_connection& database,
                                                             std::span<const bulk_restaurant> restaurants) {
    const params refs = std::move(params().add_array(
        restaurants, [](const bulk_restaurant& r) -> std::string_view { return r.source_ref; }));
    std::unordered_map<std::string, known_restaurant> known;
    for (const row r : database.query(known_sql, refs)) {
        known[r.get<std::string>(restaurant_columns)] = {
            read_restaurant(r), r.get<bool>(restaurant_columns + 1),
            r.get<std::int64_t>(restaurant_columns + 2), r.get<bool>(restaurant_columns + 3)};
    }
    return known;
}

}  // namespace

bulk_writer::bulk_writer(blocking_connection& database, bulk_tools tools)
    : database_(database), tools_(std::move(tools)) {}

staff_id bulk_writer::ensure_staff(std::string_view email, std::string_view full_name) {
    database_.query(
        "insert into staff (id, email, password_hash, full_name, created_at, updated_at) "
        "values ($1, $2, '', $3, $4, $4) on conflict do nothing",
        params().add(tools_.make_id()).add(email).add(full_name).add(tools_.clock()));
    return database_
        .query("select id from staff where lower(email collate \"C\") = lower($1::text collate \"C\")",
               params().add(email))[0]
        .get<staff_id>(0);
}

customer_id bulk_writer::ensure_customer(std::string_view email, std::string_view first_name,
                                         std::string_view last_name) {
    database_.query(
        "insert into customers (id, email, password_hash, first_name, last_name, email_verified, created_at, "
        "updated_at) values ($1, $2, '', $3, $4, true, $5, $5) on conflict do nothing",
        params().add(tools_.make_id()).add(email).add(first_name).add(last_name).add(tools_.clock()));
    return database_
        .query("select id from customers where lower(email collate \"C\") = lower($1::text collate \"C\")",
               params().add(email))[0]
        .get<customer_id>(0);
}

bulk_counts bulk_writer::upsert_restaurants(const std::vector<bulk_restaurant>& restaurants,
                                            const std::function<void(const bulk_counts&)>& progress) {
    bulk_counts counts;
    std::vector<restaurant_id> changed;
    for (std::size_t done = 0; done < restaurants.size(); done += limits::bulk_restaurants_per_transaction) {
        const std::size_t size =
            std::min(limits::bulk_restaurants_per_transaction, restaurants.size() - done);
        const bulk_counts more = upsert_with_retries(chunk(restaurants).subspan(done, size), changed);
        counts.inserted += more.inserted;
        counts.updated += more.updated;
        counts.unchanged += more.unchanged;
        if (progress) progress(counts);
    }
    notify(changed);
    return counts;
}

bulk_counts bulk_writer::upsert_with_retries(chunk restaurants, std::vector<restaurant_id>& changed) {
    const std::size_t known_changes = changed.size();
    for (int attempt = 0;; ++attempt) {
        try {
            return upsert(restaurants, changed);
        } catch (const pg_error& error) {
            changed.resize(known_changes);
            const sqlstate_class kind = classify(error.code());
            // A running server took the same seq of a log, or wrote the same rows: look again.
            const bool met_another =
                kind == sqlstate_class::unique_violation || kind == sqlstate_class::retryable;
            if (!met_another || attempt == limits::journal_retries) throw;
        }
    }
}

bulk_counts bulk_writer::upsert(chunk restaurants, std::vector<restaurant_id>& changed) {
    transaction all_or_none(database_);
    const auto known = read_known(database_, restaurants);
    const instant now = tools_.clock();
    bulk_counts counts;
    plan todo;
    todo.changed.reserve(restaurants.size());
    todo.added_with_owner.reserve(restaurants.size());
    const auto log = [&](const restaurant& what, std::int64_t seq) {
        logged_event& row = todo.events.emplace_back();
        row.restaurant = what.id;
        row.seq = seq;
        row.type = event_type::settings_changed;
        row.at = now;
        row.command = command_id(tools_.make_id());
        row.data = tools_.restaurant_json(what);
        row.action = seq == 1 ? "restaurant.create" : "settings.profile";
        changed.push_back(what.id);
    };

    std::unordered_set<std::string_view> seen;
    for (const bulk_restaurant& given : restaurants) {
        QTABLE_ASSERT(!given.source_ref.empty());
        const auto found = known.find(given.source_ref);
        if (!seen.insert(given.source_ref).second || (found != known.end() && found->second.is_deleted)) {
            ++counts.unchanged;
        } else if (found == known.end()) {
            restaurant& made = todo.added_with_owner.emplace_back(given.what);
            made.staff = {{given.owner, staff_role::owner}};
            todo.added.push_back({&made, given.log_epoch, given.source_ref});
            for (const special_day& day : made.special_days)
                todo.special_days.push_back({made.id, day, false});
            todo.add_floor(made, made.id);
            log(made, 1);
            ++counts.inserted;
        } else if (const known_restaurant& old = found->second;
                   !same_but_public(old.what.profile, given.what.profile) ||
                   (!old.has_tables && !given.what.tables.empty())) {
            restaurant& made = todo.changed.emplace_back(old.what);
            made.profile = given.what.profile;
            made.profile.is_public = old.what.profile.is_public;
            made.updated_at = now;
            ++made.version;
            if (!old.has_tables) todo.add_floor(given.what, made.id);
            log(made, old.last_seq + 1);
            ++counts.updated;
        } else {
            ++counts.unchanged;
        }
    }

    std::vector<const restaurant*> updated;
    for (const restaurant& one : todo.changed) updated.push_back(&one);
    std::sort(updated.begin(), updated.end(),
              [](const restaurant* a, const restaurant* b) { return a->id < b->id; });
    unit work;
    add_events(work, todo.events);
    add_changed_restaurants(work, updated);
    add_new_restaurants(work, todo.added);
    add_special_days(work, todo.special_days);
    add_tables(work, todo.tables);
    add_combinations(work, todo.combinations);
    run(database_, work);
    all_or_none.commit();
    return counts;
}

void bulk_writer::notify(const std::vector<restaurant_id>& changed) {
    std::string payload;
    const auto send = [&] {
        if (payload.empty()) return;
        database_.query("select pg_notify($1, $2)",
                        params().add(std::string_view(restaurants_channel)).add(payload));
        payload.clear();
    };
    for (const restaurant_id& id : changed) {
        if (payload.size() + 37 > limits::notify_payload_bytes) send();
        if (!payload.empty()) payload += ',';
        payload += to_string(id);
    }
    send();
}

}  // namespace qtable::storage
