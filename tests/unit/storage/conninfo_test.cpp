#include "storage/pg/conninfo.hpp"

#include <gtest/gtest.h>

#include "storage/pg/blocking.hpp"
#include "storage/pg/libpq_wire.hpp"

namespace qtable::storage {
namespace conninfo_test {

std::string keyword(const connect_target& target, std::string_view name) {
    for (const auto& [key, value] : target.keywords()) {
        if (key == name) return value;
    }
    return "-";
}

TEST(connect_target, a_numeric_address_needs_no_look_up) {
    const auto target = connect_target::resolve(
        "postgresql://waiter:secret@127.0.0.1:6432/floor?target_session_attrs=read-write");
    ASSERT_EQ(target.endpoints().size(), 1U);
    EXPECT_EQ(keyword(target, "host"), "127.0.0.1");
    EXPECT_EQ(keyword(target, "hostaddr"), "127.0.0.1");
    EXPECT_EQ(keyword(target, "port"), "6432");
    EXPECT_EQ(target.get("target_session_attrs"), "read-write");
    EXPECT_EQ(target.describe(), "waiter@127.0.0.1:6432/floor");
}

TEST(connect_target, a_name_keeps_itself_for_tls_beside_its_addresses) {
    const auto target = connect_target::resolve("host=localhost dbname=floor");
    ASSERT_FALSE(target.endpoints().empty());
    for (const auto& of : target.endpoints()) {
        EXPECT_EQ(of.host, "localhost");
        EXPECT_TRUE(of.address == "127.0.0.1" || of.address == "::1") << of.address;
    }
}

TEST(connect_target, sockets_and_given_addresses_stay) {
    const auto socket = connect_target::resolve("host=/var/run/postgresql dbname=floor");
    EXPECT_EQ(keyword(socket, "host"), "/var/run/postgresql");
    EXPECT_EQ(keyword(socket, "hostaddr"), "-");
    const auto given = connect_target::resolve("host=db.invalid hostaddr=10.1.2.3 dbname=floor");
    EXPECT_EQ(keyword(given, "hostaddr"), "10.1.2.3");
    EXPECT_EQ(keyword(given, "host"), "db.invalid");
}

TEST(connect_target, several_hosts_rotate) {
    auto target = connect_target::resolve("host=10.0.0.1,10.0.0.2 port=5432,5433 dbname=floor");
    target.rotate();
    EXPECT_EQ(keyword(target, "hostaddr"), "10.0.0.2,10.0.0.1");
    EXPECT_EQ(keyword(target, "port"), "5433,5432");
}

TEST(connect_target, of_several_servers_the_one_that_writes_is_meant) {
    const auto wanted = [](const char* conninfo) {
        auto target = connect_target::resolve(conninfo);
        apply_defaults(target, {});
        return std::string(target.get("target_session_attrs"));
    };
    EXPECT_EQ(wanted("host=10.0.0.1,10.0.0.2 dbname=floor"), "read-write");
    EXPECT_EQ(wanted("host=10.0.0.1,10.0.0.1 port=5432,5433"), "read-write");
    EXPECT_EQ(wanted("host=10.0.0.1,10.0.0.2 target_session_attrs=primary"), "primary");
    EXPECT_EQ(wanted("host=10.0.0.1"), wanted("host=localhost"));
    EXPECT_NE(wanted("host=localhost"), "read-write");
}

TEST(connect_target, errors_are_one_line) {
    for (const char* conninfo : {"host=nowhere.invalid", "nonsense", "postgresql://[::1"}) {
        try {
            connect_target::resolve(conninfo);
            ADD_FAILURE() << conninfo;
        } catch (const pg_error& failed) {
            EXPECT_EQ(std::string_view(failed.what()).find('\n'), std::string_view::npos);
        }
    }
}

TEST(connect_target, our_defaults_give_way_to_the_operators) {
    auto target = connect_target::resolve("host=10.0.0.1 keepalives_idle=77 gssencmode=require");
    apply_defaults(target, {});
    EXPECT_EQ(target.get("keepalives_idle"), "77");
    EXPECT_EQ(target.get("gssencmode"), "require");
    EXPECT_EQ(target.get("tcp_user_timeout"), "10000");
    EXPECT_EQ(target.get("client_encoding"), "UTF8");
    EXPECT_EQ(target.get("application_name"), "qtable");
}

TEST(libpq_messages, are_cut_to_one_line) {
    EXPECT_EQ(one_line("FATAL:  no\nDETAIL: x\n"), "FATAL: no");
    EXPECT_EQ(one_line(std::string(2000, 'x')).size(), limits::pg_error_message_chars);
}

}  // namespace conninfo_test
}  // namespace qtable::storage
