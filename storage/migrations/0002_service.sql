-- What the service of an evening and its configuration keep besides bookings. Additive: a row that was written before
-- is right as it stands.

-- What the house itself may book and seat per interval, and how long after the start a party counts as late.
alter table restaurants
    add column house_pacing_parties integer not null default 0,
    add column house_pacing_covers integer not null default 0,
    add column no_show_grace_min integer not null default 15,
    add constraint restaurants_house_rules_check
        check (least(house_pacing_parties, house_pacing_covers, no_show_grace_min) >= 0);

-- Business days with hours of their own, in the form of restaurants.hours_*; empty = closed.
create table special_days (
    restaurant_id uuid not null constraint special_days_restaurant_fkey references restaurants (id),
    date date not null,
    hours text not null,
    note text not null default '',
    constraint special_days_pkey primary key (restaurant_id, date)
);

alter table table_combinations add column version bigint not null default 1;

-- A party may sit down long before the time that it booked, and stay shorter: what it takes then begins and ends where
-- the tables do.
alter table customer_reservations
    add column running_late_min integer,     -- what the customer told
    add column late_flagged_at timestamptz,  -- staff were told that start + grace had passed
    drop constraint customer_reservations_blocks_check,
    add constraint customer_reservations_blocks_check check (blocks_from < blocks_until),
    add constraint customer_reservations_late_check check (running_late_min >= 0);

create index customer_reservations_seated_idx on customer_reservations (restaurant_id) where status = 'seated';

-- Seated parties that came without a reservation take tables under their own id, next to the reservations: one
-- constraint keeps all of them apart.
comment on column reservation_tables.reservation_id is
    'who takes the table: a reservation, or a guest that came without one';

-- What a seated guest takes its tables for, buffer included; kept afterwards. None before it was seated.
alter table guests
    add column blocks_from timestamptz,
    add column blocks_until timestamptz,
    add constraint guests_blocks_check check (
        num_nulls(blocks_from, blocks_until) in (0, 2) and (blocks_from is null or blocks_from < blocks_until));
-- Those that memory keeps for a while after they left; a customer's own.
create index guests_left_idx on guests (restaurant_id, left_at) where left_at is not null;
create index guests_customer_idx on guests (customer_id, created_at) where customer_id is not null;

-- Which thing a row is about (none: the restaurant as a whole, or its availability), what was done, and the reasons that
-- staff set aside.
alter table restaurant_events
    add column subject_id uuid,
    add column action text not null default '',
    add column overrides text not null default '';
create index restaurant_events_subject_idx on restaurant_events (restaurant_id, subject_id, seq)
    where subject_id is not null;
