-- What the usual stack keeps for the same endpoints: PostGIS for places, an exclusion constraint against double booking.
create extension postgis;
create extension btree_gist;

create table restaurants (
    id uuid primary key,
    name text not null,
    is_public boolean not null,
    description text not null,
    cuisine_type text not null,
    price_range smallint not null,
    latitude double precision not null,
    longitude double precision not null,
    place geography(Point, 4326) not null
        generated always as (ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)::geography) stored,
    phone text not null,
    website text not null,
    address text not null,
    timezone text not null,
    hours_monday text not null,
    hours_tuesday text not null,
    hours_wednesday text not null,
    hours_thursday text not null,
    hours_friday text not null,
    hours_saturday text not null,
    hours_sunday text not null,
    slot_interval_min integer not null,
    turn_up_to_party integer[] not null,
    turn_min integer[] not null,
    buffer_after_min integer not null,
    min_notice_min integer not null,
    window_days integer not null,
    max_party integer not null,
    rating double precision not null,
    review_count integer not null,
    version bigint not null
);

create table restaurant_tables (
    restaurant_id uuid not null,
    id uuid primary key,
    label text not null,
    capacity integer not null,
    min_party integer not null
);

create table customers (
    id uuid primary key,
    email text not null unique,
    password_hash bytea not null,
    first_name text not null,
    last_name text not null,
    phone text
);

create table reservations (
    id uuid primary key,
    restaurant_id uuid not null,
    table_id uuid not null references restaurant_tables (id),
    customer_id uuid not null references customers (id),
    date date not null,
    start_minute integer not null,
    party_size integer not null,
    status text not null check (status in ('confirmed', 'cancelled', 'seated', 'completed', 'no_show')),
    special_requests text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    blocks_until timestamptz not null,
    confirmation_code text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version integer not null,
    constraint reservations_no_overlap
        exclude using gist (table_id with =, tstzrange(starts_at, blocks_until) with &&)
        where (status in ('confirmed', 'seated'))
);

-- The smallest table that is free, taken. Bookings of one house come one after the other: left to the exclusion constraint,
-- which writes first and looks then, those who want the same table would wait for each other until one is shot as a deadlock.
-- Each statement in here sees what was committed before it, so that whoever waited sees what the one before took.
create function book(new_id uuid, house uuid, diner uuid, day date, minute integer, party integer, requests text,
    begins timestamptz, ends timestamptz, blocks timestamptz, code text) returns setof reservations
language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(house::text, 0));
    return query
        insert into reservations (id, restaurant_id, table_id, customer_id, date, start_minute, party_size, status,
            special_requests, starts_at, ends_at, blocks_until, confirmation_code, created_at, updated_at, version)
        select new_id, house, t.id, diner, day, minute, party, 'confirmed', requests, begins, ends, blocks, code, now(),
            now(), 1
        from restaurant_tables t
        where t.restaurant_id = house and t.capacity >= party and t.min_party <= party
          and not exists (select from reservations r where r.table_id = t.id and r.status in ('confirmed', 'seated')
                          and tstzrange(r.starts_at, r.blocks_until) && tstzrange(begins, blocks))
          and not exists (select from reservations r where r.customer_id = diner and r.restaurant_id = house
                          and r.status in ('confirmed', 'seated') and r.starts_at < ends and r.ends_at > begins)
        order by t.capacity, t.label limit 1
        returning *;
end
$$;
