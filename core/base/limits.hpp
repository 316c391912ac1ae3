// Every bound of the system, by name: sizes in bytes, times with their unit last. What may be set by flag or
// environment takes its default from here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace qtable::limits {

// HTTP framing
constexpr std::size_t request_line_bytes = 8 * 1024;
constexpr std::size_t header_bytes = 16 * 1024;
constexpr std::size_t header_fields = 100;
constexpr std::size_t json_body_bytes = 64 * 1024;
constexpr std::size_t max_body_bytes = 1024 * 1024;
constexpr std::size_t remembered_heads = 64;  // header lines of requests, a core
constexpr std::size_t remembered_head_bytes = 1024;
constexpr std::size_t chunk_extension_bytes = 256;
constexpr std::size_t trailer_bytes = 1024;
constexpr std::size_t pipelined_bytes = 64 * 1024;
constexpr std::size_t pipelined_requests = 16;
constexpr std::size_t lingering_bytes = 64 * 1024;
constexpr std::int64_t header_timeout_ms = 10'000;
constexpr std::int64_t body_timeout_ms = 30'000;
constexpr std::int64_t body_min_bytes_per_s = 1024;
constexpr std::int64_t body_grace_ms = 5'000;  // before the minimum rate is asked for
constexpr std::int64_t write_stall_timeout_ms = 30'000;
constexpr std::int64_t idle_timeout_ms = 60'000;
constexpr std::int64_t lingering_timeout_ms = 1'000;
constexpr std::int64_t accept_retry_ms = 20;

// WebSocket
constexpr std::size_t ws_client_message_bytes = 4 * 1024;
constexpr std::size_t ws_outbox_bytes = 256 * 1024;
constexpr std::size_t ws_messages_per_s = 100;
constexpr std::int64_t ws_ping_interval_ms = 20'000;
constexpr std::int64_t ws_close_timeout_ms = 5'000;
constexpr int ws_sockets_per_stream = 20'000;  // of a restaurant, or of a customer
constexpr std::size_t deliveries_per_turn = 256;

// JSON
constexpr std::size_t json_depth = 32;
constexpr std::size_t input_errors_max = 20;  // places reported of one body
constexpr std::size_t error_pointer_bytes = 200;

// Requests
constexpr std::size_t idempotency_key_chars = 255;
constexpr std::size_t request_id_chars = 64;
constexpr int list_default = 20;
constexpr int list_max = 100;
constexpr double search_radius_default_km = 10;
constexpr double search_radius_max_km = 100;
constexpr int availability_days_max = 31;
constexpr std::size_t availability_pages = 8192;  // rendered answers kept, a core; a power of two
constexpr std::size_t availability_pages_bytes = 32 * 1024 * 1024;
constexpr std::size_t availability_page_bytes = 64 * 1024;  // larger ones aren't kept
constexpr std::size_t mailbox_commands = 64 * 1024;
constexpr std::size_t waiting_bookings = 1024;  // an owner core refuses new ones while so many commands wait
constexpr int requests_per_address_per_min = 6'000;
constexpr int requests_per_account_per_min = 1'200;
constexpr int requests_per_restaurant_per_min = 120'000;
constexpr int bookings_per_customer = 20;  // coming ones, everywhere

// Overload: what a core may compute before a ready socket's turn; what is beyond is refused
constexpr std::int64_t overload_wait_us = 8'000;
constexpr std::size_t alternatives = 6;

// Text, in code points
constexpr std::size_t name_chars = 200;
constexpr std::size_t email_chars = 254;
constexpr std::size_t password_chars_min = 8;
constexpr std::size_t password_chars = 128;
constexpr std::size_t phone_chars = 32;
constexpr std::size_t special_requests_chars = 1000;
constexpr std::size_t description_chars = 4000;
constexpr std::size_t label_chars = 40;
constexpr std::size_t url_chars = 500;
constexpr std::size_t address_chars = 300;
constexpr std::size_t cuisine_chars = 100;
constexpr std::size_t timezone_chars = 64;
constexpr std::size_t hours_chars = 200;
constexpr std::size_t token_chars = 512;

// Inventory
constexpr int grid_min = 5;                    // the occupancy grid
constexpr int party_size_max = 100;            // what any party may be; a restaurant's rules are tighter
constexpr int wall_minutes_max = 2 * 24 * 60;  // a business day may end after midnight
constexpr std::size_t tables_per_restaurant = 500;
constexpr double floor_plan_max = 1'000'000;  // a table's x and y, either way
constexpr std::size_t combinations_per_restaurant = 200;
constexpr std::size_t tables_per_combination = 12;
constexpr std::size_t slots_per_request = 5000;
constexpr int slot_tables_max = 1000;  // what a published slot may offer
constexpr int turn_time_max_min = 12 * 60;
constexpr int booking_window_max_days = 366;
constexpr std::size_t restaurants_per_staff = 5000;

constexpr std::size_t special_days_per_restaurant = 1000;
constexpr std::size_t named_reservations = 20;  // in a refusal
constexpr std::size_t staff_per_restaurant = 500;

// Service
constexpr std::int64_t hold_ms = 300'000;
constexpr std::size_t holds_per_restaurant = 500;
constexpr std::size_t open_guests_per_restaurant = 1000;  // waiting, notified and seated
constexpr std::size_t notes_chars = 1000;
constexpr int quoted_max_min = 600;
constexpr int running_late_max_min = 180;
constexpr int stay_max_min = 720;
constexpr std::int64_t guests_kept_ms = 36LL * 3600 * 1000;  // closed ones, in memory
constexpr std::int64_t wait_push_interval_ms = 15'000;
constexpr int wait_push_change_min = 2;
constexpr std::size_t wait_quote_sizes = 20;  // party sizes in one question
constexpr std::size_t review_chars = 4000;

// Idempotency
constexpr std::int64_t idempotency_kept_ms = 26LL * 3600 * 1000;  // a little more than the promised 24 h
constexpr std::size_t idempotency_entries_per_core = 1'000'000;
constexpr std::size_t idempotency_dead_ages =
    1024;  // kept of keys that are gone, besides twice those that are not

// Event log
constexpr std::size_t events_in_memory_per_restaurant = 256;
constexpr std::size_t events_per_resume = 5'000;

// Streams of customers, in memory
constexpr std::size_t customer_stream_events = 64;
constexpr std::size_t customer_streams_per_core = 200'000;
constexpr std::uint32_t cores_max = 64;

// Accounts
constexpr std::size_t password_hash_queue = 32;
constexpr std::size_t remembered_tokens = 4096;  // verified ones, a core
constexpr std::int64_t access_token_s = 3600;
constexpr std::int64_t refresh_token_s = 30LL * 24 * 3600;
constexpr std::int64_t email_token_s = 24LL * 3600;
constexpr int login_failures_per_account = 5;  // in 15 minutes
constexpr int login_attempts_per_address_per_min = 20;

// Commit gate
constexpr std::size_t batch_commands = 512;
constexpr int batch_attempts = 3;
constexpr std::int64_t commit_timeout_ms = 10'000;
constexpr std::int64_t database_gone_answer_ms = 900;  // waiting writers get their 503 within a second

// PostgreSQL connections
constexpr std::size_t pg_queued_units = 4096;          // waiting on one connection
constexpr std::int64_t pg_connect_timeout_ms = 3'000;  // one attempt
constexpr std::int64_t pg_reconnect_min_ms = 20;       // doubles per failed attempt
constexpr std::int64_t pg_reconnect_max_ms = 250;
constexpr std::size_t pg_error_message_chars = 500;

// Store
constexpr int journal_retries = 3;                   // of a batch that the server asks to repeat
constexpr std::int64_t journal_retry_max_ms = 40;    // doubles up to this, jittered
constexpr int load_attempts = 3;                     // of a restaurant that others write to meanwhile
constexpr std::size_t notify_payload_bytes = 7'000;  // PostgreSQL takes 8,000
constexpr std::size_t boot_parts = 8;                // connections that a start reads with
constexpr std::size_t bulk_restaurants_per_transaction = 100;
constexpr int mails_per_claim = 16;
constexpr int mail_attempts = 20;
constexpr std::int64_t mail_lease_ms = 60'000;  // for one claim to be sent
constexpr std::int64_t mail_poll_ms = 5'000;
constexpr std::int64_t mail_retry_min_ms = 10'000;  // doubles per attempt
constexpr std::int64_t mail_retry_max_ms = 3'600'000;

}  // namespace qtable::limits
