-- The whole schema. Conventions:
-- * Every table of a restaurant leads with restaurant_id in its primary key, unique and exclusion constraints, so that
--   the schema can be spread over several servers by restaurant. `restaurants` is the root and leads with its id.
-- * Words of a fixed set are text with a check: a new word is an ordinary, transactional change of the constraint.
-- * Constraints have names: the server tells conflicts apart by them.
-- * `date` is the restaurant's business day, minutes are counted on its wall clock from that day's midnight; every
--   instant is timestamptz. The server writes milliseconds.
-- * Foreign keys stand where rows are written rarely. On the path of a booking there is just one (which table), because
--   each costs a look-up and a row lock per row: of the server's 37 us per booking in batches of 256 this one adds 4, and
--   one from reservations to restaurants or from taken tables to reservations would add 10 to 11 more.
-- Needs no superuser: btree_gist is a trusted extension.

create extension if not exists btree_gist;

-- Raises unless a statement touched as many rows as it was given. An UPDATE or a guarded upsert that silently misses a
-- row would commit a part of a batch; with this the whole batch is refused.
create function expect_rows(touched bigint, expected bigint, what text) returns void
language plpgsql as $$
begin
    if touched is distinct from expected then
        raise exception '%: % rows touched instead of %', what, touched, expected
            using errcode = 'integrity_constraint_violation', constraint = what;
    end if;
end
$$;

-- People -------------------------------------------------------------------------------------------------------------

create table customers (
    id uuid not null,
    email text not null,
    password_hash text not null,  -- empty: no password is right
    first_name text not null,
    last_name text not null,
    phone text not null default '',
    email_verified boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,       -- the row stays, emptied, for the reservations that name it
    version bigint not null default 1,
    constraint customers_pkey primary key (id),
    constraint customers_email_check check (email <> '')
);
-- lower() under the C collation changes ASCII letters only: the same on every server, whatever its locale.
create unique index customers_email_key on customers (lower(email collate "C"));

create table staff (
    id uuid not null,
    email text not null,
    password_hash text not null,
    full_name text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    version bigint not null default 1,
    constraint staff_pkey primary key (id),
    constraint staff_email_check check (email <> '')
);
create unique index staff_email_key on staff (lower(email collate "C"));

-- Tokens are kept as SHA-256 only.
create table refresh_tokens (
    hash bytea not null,
    family uuid not null,         -- all that grew out of one login: a stolen one ends them all
    customer_id uuid constraint refresh_tokens_customer_fkey references customers (id) on delete cascade,
    staff_id uuid constraint refresh_tokens_staff_fkey references staff (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    constraint refresh_tokens_pkey primary key (hash),
    constraint refresh_tokens_hash_check check (octet_length(hash) = 32),
    constraint refresh_tokens_account_check check (num_nonnulls(customer_id, staff_id) = 1)
);
create index refresh_tokens_family_idx on refresh_tokens (family);
create index refresh_tokens_customer_idx on refresh_tokens (customer_id) where customer_id is not null;
create index refresh_tokens_staff_idx on refresh_tokens (staff_id) where staff_id is not null;
create index refresh_tokens_expires_idx on refresh_tokens (expires_at);

create table email_tokens (
    hash bytea not null,
    purpose text not null,
    customer_id uuid constraint email_tokens_customer_fkey references customers (id) on delete cascade,
    staff_id uuid constraint email_tokens_staff_fkey references staff (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint email_tokens_pkey primary key (hash),
    constraint email_tokens_hash_check check (octet_length(hash) = 32),
    constraint email_tokens_purpose_check check (purpose in ('verification', 'reset')),
    constraint email_tokens_account_check check (num_nonnulls(customer_id, staff_id) = 1)
);
create index email_tokens_customer_idx on email_tokens (customer_id) where customer_id is not null;
create index email_tokens_staff_idx on email_tokens (staff_id) where staff_id is not null;
create index email_tokens_expires_idx on email_tokens (expires_at);

-- Restaurants --------------------------------------------------------------------------------------------------------

create table restaurants (
    id uuid not null,
    name text not null,
    is_public boolean not null,
    description text not null,
    cuisine_type text not null,
    price_range smallint not null,  -- 0 = not said, else the number of "$"
    latitude double precision,
    longitude double precision,
    phone text not null,
    website text not null,
    address text not null,
    timezone text not null,         -- IANA
    hours_monday text not null,     -- the contract's text form; empty = closed
    hours_tuesday text not null,
    hours_wednesday text not null,
    hours_thursday text not null,
    hours_friday text not null,
    hours_saturday text not null,
    hours_sunday text not null,
    -- Booking rules; turn times are two arrays of the same length: parties of up to …, minutes.
    slot_interval_min integer not null,
    turn_up_to_party integer[] not null,
    turn_min integer[] not null,
    buffer_before_min integer not null,
    buffer_after_min integer not null,
    min_notice_min integer not null,
    window_days integer not null,
    min_party integer not null,
    max_party integer not null,
    oversize_cap integer not null,
    pacing_parties integer not null,
    pacing_covers integer not null,
    cancellation_cutoff_min integer not null,
    paused_until timestamptz,
    rating double precision not null default 0,  -- of its reviews
    review_count integer not null default 0,
    log_epoch bigint not null,      -- names the log: a stream resumes only within one
    source_ref text,                -- where an import has it from
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    version bigint not null,
    constraint restaurants_pkey primary key (id),
    constraint restaurants_name_check check (name <> ''),
    constraint restaurants_price_range_check check (price_range between 0 and 4),
    constraint restaurants_latitude_check check (latitude between -90 and 90),
    constraint restaurants_longitude_check check (longitude between -180 and 180),
    constraint restaurants_place_check check (num_nulls(latitude, longitude) in (0, 2)),
    constraint restaurants_rules_check check (
        slot_interval_min > 0 and cardinality(turn_up_to_party) = cardinality(turn_min)
        and least(buffer_before_min, buffer_after_min, min_notice_min, window_days, oversize_cap, pacing_parties,
                  pacing_covers, cancellation_cutoff_min) >= 0
        and min_party > 0 and max_party >= min_party),
    constraint restaurants_rating_check check (rating >= 0 and review_count >= 0)
);
-- An import finds its restaurants again by this. Not of the form (restaurant_id, …): on a spread schema it becomes an
-- ordinary index, since the importer looks before it writes.
create unique index restaurants_source_ref_key on restaurants (source_ref) where source_ref is not null;

create table restaurant_staff (
    restaurant_id uuid not null constraint restaurant_staff_restaurant_fkey references restaurants (id),
    staff_id uuid not null constraint restaurant_staff_staff_fkey references staff (id),
    role text not null,
    created_at timestamptz not null default now(),
    constraint restaurant_staff_pkey primary key (restaurant_id, staff_id),
    constraint restaurant_staff_role_check check (role in ('host', 'manager', 'owner'))
);
create index restaurant_staff_staff_idx on restaurant_staff (staff_id);

-- A deleted table stays for the reservations that named it; its label is free again.
create table restaurant_tables (
    restaurant_id uuid not null constraint restaurant_tables_restaurant_fkey references restaurants (id),
    id uuid not null,
    label text not null,
    capacity integer not null,
    min_party integer not null,
    section text not null,
    x double precision not null,
    y double precision not null,
    shape text not null,
    status text not null,
    current_guest_id uuid,
    version bigint not null,
    deleted_at timestamptz,
    constraint restaurant_tables_pkey primary key (restaurant_id, id),
    constraint restaurant_tables_capacity_check check (capacity > 0 and min_party > 0),
    constraint restaurant_tables_status_check
        check (status in ('available', 'reserved', 'occupied', 'dirty', 'out_of_service')),
    constraint restaurant_tables_guest_check check ((status = 'occupied') = (current_guest_id is not null))
);
create unique index restaurant_tables_label_key on restaurant_tables (restaurant_id, label) where deleted_at is null;

create table table_combinations (
    restaurant_id uuid not null constraint table_combinations_restaurant_fkey references restaurants (id),
    id uuid not null,
    label text not null,
    capacity integer not null,
    min_party integer not null,
    constraint table_combinations_pkey primary key (restaurant_id, id),
    constraint table_combinations_capacity_check check (capacity > 0 and min_party > 0)
);

create table table_combination_members (
    restaurant_id uuid not null,
    combination_id uuid not null,
    table_id uuid not null,
    position integer not null,  -- keeps the order in which staff named them
    constraint table_combination_members_pkey primary key (restaurant_id, combination_id, table_id),
    constraint table_combination_members_combination_fkey foreign key (restaurant_id, combination_id)
        references table_combinations (restaurant_id, id) on delete cascade,
    constraint table_combination_members_table_fkey foreign key (restaurant_id, table_id)
        references restaurant_tables (restaurant_id, id)
);

-- Inventory ----------------------------------------------------------------------------------------------------------

-- Every booking of a published slot counts it down: pages keep room for the new row version next to the old one.
create table availability_slots (
    restaurant_id uuid not null constraint availability_slots_restaurant_fkey references restaurants (id),
    id uuid not null,
    date date not null,
    time_minute integer not null,
    party_size integer not null,
    available_tables integer not null,
    is_available boolean not null,
    version bigint not null,
    constraint availability_slots_pkey primary key (restaurant_id, id),
    constraint availability_slots_start_key unique (restaurant_id, date, time_minute, party_size),
    constraint availability_slots_available_tables_check check (available_tables >= 0),
    constraint availability_slots_time_check check (time_minute between 0 and 1439),
    constraint availability_slots_party_check check (party_size > 0)
) with (fillfactor = 70);

create table customer_reservations (
    restaurant_id uuid not null,
    id uuid not null,
    customer_id uuid not null,
    date date not null,
    start_minute integer not null,  -- 1440 and more: after the business day's midnight
    party_size integer not null,
    status text not null,
    special_requests text not null,
    table_ids uuid[] not null,      -- what it was given, kept when it no longer takes them; what it takes: reservation_tables
    slot_id uuid,                   -- the published slot that it counts against
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    blocks_from timestamptz not null,
    blocks_until timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    confirmation_code text not null,
    checked_in_at timestamptz,
    guest_id uuid,
    version bigint not null,
    constraint customer_reservations_pkey primary key (restaurant_id, id),
    constraint customer_reservations_party_check check (party_size > 0),
    constraint customer_reservations_status_check
        check (status in ('confirmed', 'cancelled', 'seated', 'completed', 'no_show')),
    constraint customer_reservations_minute_check check (start_minute between 0 and 2879),
    constraint customer_reservations_times_check check (ends_at > starts_at),
    constraint customer_reservations_blocks_check check (blocks_from <= starts_at and blocks_until >= ends_at)
) with (fillfactor = 85);
-- Serves the lists of staff and the active horizon of a start; the other one a customer's own list.
create index customer_reservations_starts_idx on customer_reservations (restaurant_id, starts_at, id);
create index customer_reservations_customer_idx on customer_reservations (customer_id, starts_at, id);

-- What reservations take now: the last line against double booking. One row per table of each reservation that is
-- confirmed or seated, in the same transaction as the reservation.
create table reservation_tables (
    restaurant_id uuid not null,
    reservation_id uuid not null,
    table_id uuid not null,
    during tstzrange not null,
    constraint reservation_tables_pkey primary key (restaurant_id, reservation_id, table_id),
    constraint reservation_tables_during_check
        check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
    constraint reservation_tables_table_fkey foreign key (restaurant_id, table_id)
        references restaurant_tables (restaurant_id, id),
    constraint reservation_tables_no_overlap
        exclude using gist (restaurant_id with =, table_id with =, during with &&)
);

-- Walk-ins, the waitlist and seated reservations.
create table guests (
    restaurant_id uuid not null constraint guests_restaurant_fkey references restaurants (id),
    id uuid not null,
    name text not null,
    phone text not null default '',
    party_size integer not null,
    source text not null,
    reservation_id uuid,
    customer_id uuid,
    status text not null,
    table_ids uuid[] not null default '{}',
    quoted_minutes integer,
    notes text not null default '',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    notified_at timestamptz,
    seated_at timestamptz,
    left_at timestamptz,
    deleted_at timestamptz,
    version bigint not null default 1,
    constraint guests_pkey primary key (restaurant_id, id),
    constraint guests_party_check check (party_size > 0),
    constraint guests_quoted_check check (quoted_minutes >= 0),
    constraint guests_source_check check (source in ('walk_in', 'waitlist', 'reservation')),
    constraint guests_chain_check check (source <> 'reservation' or reservation_id is not null),
    constraint guests_status_check
        check (status in ('waiting', 'notified', 'seated', 'completed', 'left', 'no_show'))
);
create unique index guests_reservation_key on guests (restaurant_id, reservation_id)
    where reservation_id is not null and deleted_at is null;
create index guests_open_idx on guests (restaurant_id, created_at) where status in ('waiting', 'notified', 'seated');

create table reviews (
    restaurant_id uuid not null constraint reviews_restaurant_fkey references restaurants (id),
    reservation_id uuid not null,
    customer_id uuid not null constraint reviews_customer_fkey references customers (id),
    rating smallint not null,
    text text not null default '',
    created_at timestamptz not null,
    -- Once per reservation.
    constraint reviews_pkey primary key (restaurant_id, reservation_id),
    constraint reviews_reservation_fkey foreign key (restaurant_id, reservation_id)
        references customer_reservations (restaurant_id, id),
    constraint reviews_rating_check check (rating between 1 and 5)
);
create index reviews_created_idx on reviews (restaurant_id, created_at desc, reservation_id);
create index reviews_customer_idx on reviews (customer_id);

-- The log ------------------------------------------------------------------------------------------------------------

-- One row per committed change. Its primary key is the fence between writers: two can't both append seq n, so of two
-- nodes that believe to own a restaurant one fails, reloads and retries. No foreign key: the log outlives what it tells.
create table restaurant_events (
    restaurant_id uuid not null,
    seq bigint not null,
    public_seq bigint not null,  -- its number in the public stream; 0 = not public
    type text not null,
    at timestamptz not null,
    actor_kind text not null,
    actor_id uuid not null,      -- nil for the system
    command_id uuid not null,
    data text not null,          -- JSON, given back byte for byte: never looked into here
    constraint restaurant_events_pkey primary key (restaurant_id, seq),
    constraint restaurant_events_seq_check check (seq > 0 and public_seq >= 0 and public_seq <= seq),
    constraint restaurant_events_actor_check check (actor_kind in ('system', 'customer', 'staff')),
    constraint restaurant_events_type_check check (type in (
        'customer_reservation_received', 'customer_reservation_updated', 'customer_reservation_cancelled',
        'customer_checked_in', 'availability_updated', 'guest_created', 'guest_updated', 'guest_deleted',
        'table_updated', 'settings_changed'))
);
create unique index restaurant_events_public_key on restaurant_events (restaurant_id, public_seq) where public_seq > 0;

-- The answers to requests with an Idempotency-Key, written with what they created.
create table idempotency_receipts (
    actor_id uuid not null,
    route text not null,
    key text not null,
    body_hash bytea not null,
    status integer not null,
    body text not null,
    location text not null,
    version bigint not null,
    at timestamptz not null,
    constraint idempotency_receipts_pkey primary key (actor_id, route, key),
    constraint idempotency_receipts_hash_check check (octet_length(body_hash) = 16)
);
create index idempotency_receipts_at_idx on idempotency_receipts (at);

-- Mail ---------------------------------------------------------------------------------------------------------------

-- Letters are written with what they are about and sent afterwards. A claim moves `due_at` past its lease, so that no
-- other node takes the letter meanwhile. The text goes when it is sent: it may hold a token.
create table mail_outbox (
    id uuid not null,
    recipient text not null,
    subject text not null,
    text text not null,
    created_at timestamptz not null,
    due_at timestamptz not null,
    attempts integer not null default 0,
    sent_at timestamptz,
    failed_at timestamptz,  -- given up
    last_error text not null default '',
    constraint mail_outbox_pkey primary key (id),
    constraint mail_outbox_attempts_check check (attempts >= 0)
);
create index mail_outbox_due_idx on mail_outbox (due_at) where sent_at is null and failed_at is null;
