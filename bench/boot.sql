-- Restaurants and coming reservations for bench/boot.py, under the schema's own constraints.
-- psql -v restaurants=N -v reservations=M -v even=0|1 -f boot.sql
-- Twenty to thirty tables a restaurant, two of them as a combination; lunch and two dinner sittings a day. Reservations
-- come over the next 60 days, more of them to some restaurants than to others, and lie in the order in which
-- they were made: a restaurant's rows are all over the table.
set client_min_messages = warning;
set synchronous_commit = off;
set work_mem = '256MB';
select setseed(0.42);

create temp table places as
select i, gen_random_uuid() as id, 20 + i % 11 as table_count,
       (array['Europe/Copenhagen', 'Europe/London', 'America/New_York', 'America/Los_Angeles', 'Asia/Tokyo',
              'Australia/Sydney'])[1 + i % 6] as timezone,
       (array[0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.5, 1.9, 2.3])[1 + i % 10] as popularity
from generate_series(1, :restaurants) as i;

insert into restaurants (
    id, name, is_public, description, cuisine_type, price_range, latitude, longitude, phone, website, address, timezone,
    hours_monday, hours_tuesday, hours_wednesday, hours_thursday, hours_friday, hours_saturday, hours_sunday,
    slot_interval_min, turn_up_to_party, turn_min, buffer_before_min, buffer_after_min, min_notice_min, window_days,
    min_party, max_party, oversize_cap, pacing_parties, pacing_covers, cancellation_cutoff_min, log_epoch, created_at,
    updated_at, version)
select id, 'Restaurant ' || i, true, 'Seasonal plates, natural wine and a long counter. House number ' || i || '.',
       (array['italian', 'french', 'japanese', 'mexican', 'indian', 'danish'])[1 + i % 6], 1 + i % 4,
       55.4 + random() / 2, 12.1 + random(), '+45 33 12 ' || i % 90 + 10, 'https://example.test/' || i,
       i % 200 + 1 || ' Example Street', timezone,
       hours, hours, hours, hours, late, late, hours,
       case i % 2 when 0 then 15 else 30 end, '{2,4,6,100}', '{90,105,120,150}', 0, 10, 60, 90, 1,
       8 + i % 5, 0, 0, case i % 3 when 0 then 40 else 0 end, 120, i, now(), now(), 1
from places, (values ('11:30-15:00,17:30-23:30', '11:30-15:00,17:00-00:30')) as open (hours, late);

insert into staff (id, email, password_hash, full_name, created_at, updated_at)
select gen_random_uuid(), 'staff' || i || '@example.test', '', 'Staff ' || i, now(), now()
from generate_series(1, greatest(3, :restaurants / 100 * 3)) as i;
insert into restaurant_staff (restaurant_id, staff_id, role)
select p.id, s.id, (array['owner', 'manager', 'host'])[1 + (s.number + p.i) % 3]
from places as p join (select id, row_number() over () as number, count(*) over () as of from staff) as s
    on s.number % (s.of / 3) = p.i % (s.of / 3);

insert into special_days (restaurant_id, date, hours, note)
select id, current_date + 20 + (i % 30)::int, '', 'Holiday' from places where i % 4 = 0;

create temp table floor as
select p.i, p.id as restaurant_id, t, gen_random_uuid() as id,
       case when t * 2 <= table_count then 2 when t * 8 <= table_count * 7 then 4 else 8 end as capacity
from places as p, generate_series(1, p.table_count) as t;
create index on floor (i, t);
analyze floor;
insert into restaurant_tables (restaurant_id, id, label, capacity, min_party, section, x, y, shape, status, version)
select restaurant_id, id, 'T' || lpad(t::text, 2, '0'), capacity, 1, 'Main', 40 * (t % 6), 40 * (t / 6), 'square',
       'available', 1
from floor;
insert into table_combinations (restaurant_id, id, label, capacity, min_party)
select id, gen_random_uuid(), 'Long table', 16, 9 from places;
insert into table_combination_members (restaurant_id, combination_id, table_id, position)
select c.restaurant_id, c.id, f.id, f.t - p.table_count + 1
from table_combinations as c join places as p on p.id = c.restaurant_id
    join floor as f on f.i = p.i and f.t >= p.table_count - 1;

insert into availability_slots (restaurant_id, id, date, time_minute, party_size, available_tables, is_available, version)
select id, gen_random_uuid(), current_date + day, 1080 + 30 * at, 2, 3, true, 1
from places, generate_series(1, 7) as day, generate_series(0, 3) as at where i % 20 = 0;

-- A party is the rank-th of its restaurant and day: the rank says which sitting and which table (0 to table_count - 3),
-- or the two that combine (table_count - 2).
create temp table parties as
select *, (rank - 1) % 3 as sitting, ((rank - 1) / 3 * 17 + day) % (table_count - 1) as place
from (select p.i, p.id as restaurant_id, p.timezone, p.table_count, day,
             row_number() over (partition by p.i, day) as rank
      from places as p,
           lateral (select 1 + floor(60 * power(random(), case :even when 1 then 1 else 2 end))::int as day
                    from generate_series(1, ceil(:reservations::numeric / :restaurants * p.popularity)::int)) as wanted) as ranked;
do $$
begin
    if exists (select from parties where rank > 3 * (table_count - 1)) then
        raise exception 'more reservations than a restaurant has room for';
    end if;
end
$$;

create temp table booked as
select p.restaurant_id, gen_random_uuid() as id, p.day, p.timezone,
       (array[705, 1050, 1245])[1 + p.sitting] + 15 * floor(random() * 3)::int as minute,
       case when p.place = p.table_count - 2 then 9 + floor(random() * 8)::int
            else 1 + floor(random() * f.capacity)::int end as party_size,
       case when p.place = p.table_count - 2
            then (select array_agg(g.id order by g.id) from floor as g where g.i = p.i and g.t > p.place)
            else array[f.id] end as table_ids
from parties as p join floor as f on f.i = p.i and f.t = p.place + 1
order by random()
limit :reservations;

create temp table timed as
select *, (current_date + day + minute * interval '1 minute') at time zone timezone as starts_at,
       (case when party_size <= 2 then 90 when party_size <= 4 then 105 when party_size <= 6 then 120 else 150 end)
           * interval '1 minute' as stay
from booked;

insert into customer_reservations (
    restaurant_id, id, customer_id, date, start_minute, party_size, status, special_requests, table_ids, starts_at,
    ends_at, blocks_from, blocks_until, created_at, updated_at, confirmation_code, version)
select restaurant_id, id, md5('customer' || floor(random() * :reservations / 3))::uuid, current_date + day, minute,
       party_size, 'confirmed', case when random() < 0.2 then 'A quiet table, please; one of us is allergic to nuts.' else '' end,
       table_ids, starts_at, starts_at + stay, starts_at, starts_at + stay + interval '10 minutes', now(), now(),
       upper(left(md5(id::text), 8)), 1
from timed;
insert into reservation_tables (restaurant_id, reservation_id, table_id, during)
select restaurant_id, id, table_id, tstzrange(starts_at, starts_at + stay + interval '10 minutes')
from timed, unnest(table_ids) as table_id;

insert into restaurant_events (restaurant_id, seq, public_seq, type, at, actor_kind, actor_id, command_id, data)
select restaurant_id, row_number() over (partition by restaurant_id), 0, 'customer_reservation_received', now(),
       'customer', gen_random_uuid(), gen_random_uuid(), '{"party_size":' || party_size || ',"status":"confirmed"}'
from booked;

-- Walk-ins of yesterday evening, and some who wait.
insert into guests (restaurant_id, id, name, party_size, source, status, table_ids, created_at, updated_at, seated_at,
                    left_at, blocks_from, blocks_until)
select id, gen_random_uuid(), 'Guest', 2, 'walk_in', 'completed', '{}', now() - interval '5 hours',
       now() - interval '3 hours', now() - interval '5 hours', now() - interval '3 hours', now() - interval '5 hours',
       now() - interval '3 hours'
from places, generate_series(1, 2);
insert into guests (restaurant_id, id, name, party_size, source, status, created_at, updated_at)
select id, gen_random_uuid(), 'Guest', 2, 'waitlist', 'waiting', now(), now() from places where i % 3 = 0;

insert into idempotency_receipts (actor_id, route, key, body_hash, status, body, location, version, at)
select gen_random_uuid(), 'POST /customer/reservations', gen_random_uuid()::text, decode(md5(i::text), 'hex'), 201, '{}',
       '', 1, now() - random() * interval '1 day'
from generate_series(1, :reservations / 50) as i;
