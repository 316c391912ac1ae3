"""The SQL of the application."""

SEARCH = '''
select *, ST_Distance(place, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography) as away_m
from restaurants
where is_public and ST_DWithin(place, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography, $3)
order by away_m, id limit $4
'''

# The index is walked nearest first, and left as soon as there are enough: on a sphere, so that the order of neighbours
# may differ.
SEARCH_NEAREST = SEARCH.replace('order by away_m, id',
                                'order by place <-> ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography')

RESTAURANT = 'select * from restaurants where id = $1 and is_public'

# The house, the tables that fit, and what is taken around the day.
DAY = '''
select r.*, t.tables, b.taken, b.taken_from, b.taken_until
from restaurants r,
    lateral (select coalesce(array_agg(id), '{}') as tables from restaurant_tables
             where restaurant_id = r.id and capacity >= $2 and min_party <= $2) t,
    lateral (select coalesce(array_agg(table_id), '{}') as taken, coalesce(array_agg(starts_at), '{}') as taken_from,
                    coalesce(array_agg(blocks_until), '{}') as taken_until
             from reservations where restaurant_id = r.id and status in ('confirmed', 'seated')
               and starts_at >= $3 and starts_at < $4) b
where r.id = $1 and r.is_public
'''

REGISTER = '''
insert into customers (id, email, password_hash, first_name, last_name, phone) values ($1, $2, $3, $4, $5, $6)
'''

LOGIN = 'select id, email, password_hash from customers where email = $1'

BOOK = 'select * from book($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)'

OWN = 'select * from reservations where customer_id = $1 order by starts_at desc, id limit $2'

# Again: the same answer.
CANCEL = '''
update reservations set status = case when status in ('confirmed', 'cancelled') then 'cancelled' else status end,
    updated_at = case when status = 'confirmed' then now() else updated_at end,
    version = version + case when status = 'confirmed' then 1 else 0 end
where id = $1 and customer_id = $2
returning *
'''
