-- After the rows are in.
create index restaurants_place_idx on restaurants using gist (place);
create index restaurant_tables_restaurant_idx on restaurant_tables (restaurant_id);
create index reservations_restaurant_idx on reservations (restaurant_id, starts_at);
create index reservations_customer_idx on reservations (customer_id, starts_at);
