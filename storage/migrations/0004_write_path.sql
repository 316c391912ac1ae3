-- What a booking costs the database. Additive: rows and statements of before stay right.

-- A foreign key looks up, and locks, one table a row: a tenth of what a booking costs. The same is asked once a
-- statement here, of all its rows. Tables are never removed while something takes them: deleted ones stay, marked.
alter table reservation_tables drop constraint reservation_tables_table_fkey;

create function reservation_tables_exist() returns trigger language plpgsql as $$
begin
    if exists (select from changed c where not exists (
                   select from restaurant_tables t where t.restaurant_id = c.restaurant_id and t.id = c.table_id)) then
        raise exception 'a table is taken that the restaurant does not have'
            using errcode = 'foreign_key_violation', constraint = 'reservation_tables_table_exists';
    end if;
    return null;
end
$$;
create trigger reservation_tables_insert after insert on reservation_tables
    referencing new table as changed for each statement execute function reservation_tables_exist();
create trigger reservation_tables_update after update on reservation_tables
    referencing new table as changed for each statement execute function reservation_tables_exist();

create function restaurant_tables_stay() returns trigger language plpgsql as $$
begin
    if exists (select from changed c join reservation_tables r on r.restaurant_id = c.restaurant_id and r.table_id = c.id) then
        raise exception 'a table is removed that something takes'
            using errcode = 'foreign_key_violation', constraint = 'reservation_tables_table_exists';
    end if;
    return null;
end
$$;
create trigger restaurant_tables_delete after delete on restaurant_tables
    referencing old table as changed for each statement execute function restaurant_tables_stay();

-- Receipts come in the order of their time and leave by it: a summary of page ranges finds them as well.
drop index idempotency_receipts_at_idx;
create index idempotency_receipts_at_idx on idempotency_receipts using brin (at) with (pages_per_range = 16);

-- A change and what it does to availability are one row: the second has the next seq, and the row's public_seq.
alter table restaurant_events add column windows text;

-- The primary key finds public rows as well, from the newest backwards: a client that resumes is close to it.
drop index restaurant_events_public_key;
