#include <gtest/gtest.h>

#include "loadtest/failure.hpp"
#include "loadtest/measure/dice.hpp"
#include "loadtest/report/comparison.hpp"
#include "loadtest/report/page.hpp"
#include "loadtest/report/run_report.hpp"
#include "loadtest/report/text_table.hpp"

namespace qtable::loadtest {
namespace report_json_test {

kind_report some_kind(const std::string& name, std::uint64_t seed) {
    dice chance(seed);
    kind_report made;
    made.name = name;
    made.requests = 1'000;
    made.ok = 980;
    made.conflicts = 15;
    made.errors = 5;
    made.codes = {{"201", 980}, {"409", 15}, {"503", 4}, {"timeout", 1}};
    for (int i = 0; i < 996; ++i)
        made.latency.record(static_cast<std::int64_t>(1e6 * (1 + chance.exponential())));
    return made;
}

run_report some_run() {
    run_report made;
    made.scenario = "dinner-rush";
    made.target = "http://127.0.0.1:8080";
    made.started_at = "2026-11-27T10:00:00Z";
    made.loop = "open";
    made.arrivals = "poisson";
    made.rate_target = 500;
    made.rate_achieved = 498.75;
    made.duration_s = 30;
    made.warmup_s = 2;
    made.seed = 42;
    made.notes = {"a note with \"quotes\" & <angles>"};
    made.kinds = {some_kind("search", 1), some_kind("book", 2)};
    made.seconds = {{0, true, 500, 499, 1, 0, 1'000, 2'000, 3, 4'000},
                    {1, false, 501, 500, 0, 2, 1'100, 2'200, 0, 0}};
    made.delays = {{"after the 201: staff", some_kind("", 3).latency}};
    made.facts = {{"holes", 0, ""}, {"from a drop to all", 1.25, "s"}};
    made.client.threads = 2;
    made.client.connections = 64;
    made.client.cpu_share = 0.25;
    made.client.send_lag.record(12'345);
    made.client.waited_percent = 0.5;
    made.client.reconnects = 3;
    made.client.longest_pause_ns = 77;
    made.client.is_bottleneck = true;
    made.client.reasons = {"busy"};
    made.checks = {{"every 201 is there", true, "12 looked up"}};
    made.thresholds = {{"p99<5ms", false, "is 6.00 ms"}};
    return made;
}

void expect_same(const histogram& a, const histogram& b) {
    EXPECT_EQ(a.count(), b.count());
    EXPECT_EQ(a.min(), b.min());
    EXPECT_EQ(a.max(), b.max());
    EXPECT_NEAR(a.mean(), b.mean(), 1);
    for (const double percent : {50.0, 90.0, 99.0, 99.9, 100.0})
        EXPECT_EQ(a.percentile(percent), b.percentile(percent));
}

TEST(report_json, comes_back_as_it_went) {
    const run_report before = some_run();
    const run_report after = from_json(to_json(before));
    EXPECT_EQ(after.scenario, before.scenario);
    EXPECT_EQ(after.notes, before.notes);
    EXPECT_EQ(after.seed, 42U);
    EXPECT_EQ(after.rate_achieved, 498.75);
    ASSERT_EQ(after.kinds.size(), 2U);
    EXPECT_EQ(after.kinds[1].codes, before.kinds[1].codes);
    EXPECT_EQ(after.kinds[1].conflicts, 15U);
    expect_same(after.kinds[0].latency, before.kinds[0].latency);
    ASSERT_EQ(after.seconds.size(), 2U);
    EXPECT_TRUE(after.seconds[0].is_warmup);
    EXPECT_EQ(after.seconds[0].event_p99_ns, 4'000);
    EXPECT_EQ(after.seconds[1].errors, 2U);
    expect_same(after.delays[0].delay, before.delays[0].delay);
    EXPECT_EQ(after.find_fact("from a drop to all"), 1.25);
    expect_same(after.client.send_lag, before.client.send_lag);
    EXPECT_EQ(after.client.longest_pause_ns, 77);
    EXPECT_EQ(after.client.reasons, before.client.reasons);
    EXPECT_EQ(after.checks[0].detail, "12 looked up");
    EXPECT_FALSE(after.thresholds[0].is_kept);
    // And once more the same, to the byte.
    EXPECT_EQ(to_json(after), to_json(from_json(to_json(after))));
}

TEST(report_json, refuses_what_is_no_run) {
    for (const std::string_view text :
         {"", "{}", "[]", R"({"schema":"qtable-load/2"})", R"({"schema":"qtable-load/1"})", "nonsense"})
        EXPECT_THROW(from_json(text), usage_error) << text;
    EXPECT_THROW(read_run_report("/nowhere/at/all.json"), usage_error);
}

TEST(run_report, ends_with_the_code_of_what_went_wrong) {
    run_report of = some_run();
    EXPECT_EQ(of.exit_code(), exit_threshold);
    of.checks[0].is_kept = false;
    EXPECT_EQ(of.exit_code(), exit_check);  // weighs more
    of.checks[0].is_kept = of.thresholds[0].is_kept = true;
    EXPECT_EQ(of.exit_code(), exit_ok);
}

TEST(run_report, sums_its_kinds) {
    const kind_report all = some_run().total();
    EXPECT_EQ(all.requests, 2'000U);
    EXPECT_EQ(all.latency.count(), 2 * 996U);
    EXPECT_EQ(all.error_percent(), 0.5);
}

TEST(pages, ask_nobody_for_anything) {
    const run_report of = some_run();
    for (const std::string& page : {run_page(of), compare_page(of, of, "a.json", "b.json")}) {
        EXPECT_TRUE(page.starts_with("<!doctype html>"));
        for (const char* const outside :
             {"src=", "href=\"http", "@import", "url(", "<script", "<link rel=\"stylesheet"})
            EXPECT_EQ(page.find(outside), std::string::npos) << outside;
        EXPECT_NE(page.find("<svg"), std::string::npos);
        EXPECT_EQ(page.find("nan"), std::string::npos);
    }
    EXPECT_NE(run_page(of).find("&lt;angles&gt;"), std::string::npos);
}

TEST(pages, are_whole_without_any_measurement) {
    const std::string page = run_page(run_report{});
    EXPECT_NE(page.find("Nothing was measured."), std::string::npos);
    EXPECT_TRUE(page.ends_with("</html>\n"));
}

TEST(comparison, divides_the_second_by_the_first) {
    run_report a = some_run(), b = some_run();
    b.rate_achieved = 2 * a.rate_achieved;
    const auto rows = compare_runs(a, b);
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows.front().name, "answers");
    EXPECT_EQ(rows.front().ratio_text(), "× 2.00");
    EXPECT_FALSE(rows.front().is_less_better);
    EXPECT_EQ(rows.back().ratio_text(), "× 1.00");
    EXPECT_EQ(differences(a, a).size(), 2U);  // the client was the bottleneck in both
    b.scenario = "book";
    EXPECT_EQ(differences(a, b).front(), "scenario: dinner-rush and book");
    EXPECT_NE(comparison_text(a, b, "a", "b").find("not like with like"), std::string::npos);
}

TEST(text_table, aligns_by_characters) {
    text_table table({"", "value"});
    table.add({"a", "1 µs"});
    table.add({"long name", "22 ms"});
    EXPECT_EQ(table.text(), "           value\na           1 µs\nlong name  22 ms\n");
}

TEST(summary_text, names_what_was_not_kept) {
    const std::string text = verdict_text(some_run());
    EXPECT_NE(text.find("✓ every 201 is there"), std::string::npos);
    EXPECT_NE(text.find("✗ p99<5ms (is 6.00 ms)"), std::string::npos);
    EXPECT_NE(summary_text(some_run()).find("503: 8"), std::string::npos);
}

}  // namespace report_json_test
}  // namespace qtable::loadtest
