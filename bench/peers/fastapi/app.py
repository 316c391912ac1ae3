"""The public and the customers' endpoints of QTable on the usual Python stack: FastAPI, asyncpg, PostGIS.

Written as someone would who wants it fast and right: prepared statements (asyncpg keeps them), one query per answer
where one is enough, answers as bytes without a model in between, the table of a booking chosen and taken by one call of a
function in the database, guarded by an exclusion constraint besides. Environment: DATABASE (a URL), TOKEN_KEY, POOL, and SEARCH=nearest for
the search that walks the index by distance.
"""
import datetime
import json
import os
import secrets
import uuid

import asyncpg
from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel

import accounts
import hours
import statements

POOL = int(os.environ.get('POOL', '16'))
PRICE = ('', '$', '$$', '$$$', '$$$$')
SEARCH = statements.SEARCH_NEAREST if os.environ.get('SEARCH') == 'nearest' else statements.SEARCH
tokens = accounts.Tokens(os.environ['TOKEN_KEY'])
app = FastAPI(openapi_url=None)


class Connection(asyncpg.Connection):
    """No session state is ever set, so that there is none to reset: a round trip less each time."""

    def get_reset_query(self):
        return ''


@app.on_event('startup')
async def connect():
    # Plans are kept from when the tables were empty: they must not scan what has grown since.
    app.state.pool = await asyncpg.create_pool(os.environ['DATABASE'], min_size=POOL, max_size=POOL,
                                               connection_class=Connection, server_settings={'enable_seqscan': 'off'})


@app.on_event('shutdown')
async def disconnect():
    await app.state.pool.close()


def answer(body, status=200, headers=None):
    return Response(json.dumps(body, separators=(',', ':')), status, headers, 'application/json')


def problem(status, code):
    body = json.dumps({'type': 'about:blank', 'title': code, 'status': status, 'code': code})
    return Response(body, status, media_type='application/problem+json')


# ---- public

def profile(row):
    return {'id': str(row['id']), 'name': row['name'], 'description': row['description'],
            'cuisine_type': row['cuisine_type'], 'price_range': PRICE[row['price_range']] or None,
            'latitude': row['latitude'], 'longitude': row['longitude'], 'phone': row['phone'],
            'website': row['website'], 'address': row['address'], 'timezone': row['timezone'],
            **{f'hours_{day}': row[f'hours_{day}'] for day in hours.DAYS},
            'rating': row['rating'], 'review_count': row['review_count'], 'version': row['version']}


@app.get('/public/restaurants')
async def search(lat: float = Query(ge=-90, le=90), lon: float = Query(ge=-180, le=180),
                 radius: float = Query(10, gt=0, le=100), limit: int = Query(20, ge=1, le=100)):
    rows = await app.state.pool.fetch(SEARCH, lon, lat, radius * 1000, limit)
    return answer({'items': [{**profile(row), 'distance_km': round(row['away_m'] / 1000, 3)} for row in rows],
                   'next_cursor': None})


@app.get('/public/restaurants/{restaurant_id}')
async def restaurant(restaurant_id: uuid.UUID):
    row = await app.state.pool.fetchrow(statements.RESTAURANT, restaurant_id)
    return answer(profile(row)) if row else problem(404, 'not_found')


def free_tables(row, starts_at, blocks_until):
    """How many of the tables that fit aren't taken in between."""
    taken = {table for table, begin, end in zip(row['taken'], row['taken_from'], row['taken_until'])
             if begin < blocks_until and end > starts_at}
    return sum(table not in taken for table in row['tables'])


@app.get('/public/restaurants/{restaurant_id}/availability')
async def availability(restaurant_id: uuid.UUID, date: datetime.date, party_size: int = Query(ge=1, le=100)):
    midnight = datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.timezone.utc)
    row = await app.state.pool.fetchrow(statements.DAY, restaurant_id, party_size,
                                        midnight - datetime.timedelta(days=1), midnight + datetime.timedelta(days=3))
    if row is None:
        return problem(404, 'not_found')
    now = datetime.datetime.now(datetime.timezone.utc)
    earliest = now + row['min_notice_min'] * hours.MINUTE
    latest = now + datetime.timedelta(days=row['window_days'])
    turn = hours.turn_minutes(row['turn_up_to_party'], row['turn_min'], party_size)
    slots = []
    for minute in hours.starts_of(hours.hours_of(row, date), row['slot_interval_min'], turn):
        starts_at = hours.instant_at(row, date, minute)
        ends_at = starts_at + turn * hours.MINUTE
        free = free_tables(row, starts_at, ends_at + row['buffer_after_min'] * hours.MINUTE)
        reasons = [reason for reason, holds in (
            ('no_table', free == 0), ('min_notice', starts_at < earliest), ('max_notice', starts_at > latest),
            ('party_too_large', party_size > row['max_party'])) if holds]
        slots.append({'slot_id': None, 'time': hours.clock(minute), 'starts_at': starts_at.isoformat(),
                      'ends_at': ends_at.isoformat(), 'available_tables': free, 'is_available': not reasons,
                      'reasons': reasons})
    return answer({'restaurant_id': str(restaurant_id), 'date': date.isoformat(), 'timezone': row['timezone'],
                   'party_size': party_size, 'slots': slots})


# ---- customers

class Registration(BaseModel):
    email: str
    password: str
    first_name: str
    last_name: str
    phone: str | None = None


class Login(BaseModel):
    email: str
    password: str


class Booking(BaseModel):
    restaurant_id: uuid.UUID
    date: datetime.date
    time: str
    party_size: int
    special_requests: str = ''


@app.post('/customer/register')
async def register(given: Registration):
    customer = uuid.uuid4()
    try:
        await app.state.pool.execute(statements.REGISTER, customer, given.email.lower(),
                                     accounts.hash_password(given.password), given.first_name, given.last_name,
                                     given.phone)
    except asyncpg.UniqueViolationError:
        return problem(409, 'email_taken')
    return answer({'id': str(customer), 'email': given.email.lower(), 'first_name': given.first_name,
                   'last_name': given.last_name, 'phone': given.phone}, 201)


@app.post('/customer/login')
async def login(given: Login):
    row = await app.state.pool.fetchrow(statements.LOGIN, given.email.lower())
    if row is None or not accounts.is_password(given.password, row['password_hash']):
        return problem(401, 'wrong_credentials')
    return answer({'access_token': tokens.mint(str(row['id'])), 'token_type': 'Bearer',
                   'expires_in': accounts.LIFETIME_S, 'customer': {'id': str(row['id']), 'email': row['email']}})


def reservation(row):
    return {'id': str(row['id']), 'restaurant_id': str(row['restaurant_id']), 'customer_id': str(row['customer_id']),
            'date': row['date'].isoformat(), 'time': hours.clock(row['start_minute']), 'party_size': row['party_size'],
            'status': row['status'], 'special_requests': row['special_requests'], 'table_id': str(row['table_id']),
            'table_ids': [str(row['table_id'])], 'created_at': row['created_at'].isoformat(),
            'updated_at': row['updated_at'].isoformat(), 'starts_at': row['starts_at'].isoformat(),
            'ends_at': row['ends_at'].isoformat(), 'confirmation_code': row['confirmation_code'],
            'checked_in_at': None, 'guest_id': None, 'version': row['version']}


async def insert(connection, customer, given, rules, minute, starts_at, turn):
    """The smallest table that is free, taken; None: there is no table."""
    ends_at = starts_at + turn * hours.MINUTE
    blocks_until = ends_at + rules['buffer_after_min'] * hours.MINUTE
    return await connection.fetchrow(
        statements.BOOK, uuid.uuid4(), given.restaurant_id, customer, given.date, minute, given.party_size,
        given.special_requests, starts_at, ends_at, blocks_until, secrets.token_hex(4).upper())


@app.post('/customer/reservations')
async def book(given: Booking, request: Request):
    customer = tokens.customer_of(request.headers.get('authorization'))
    if customer is None:
        return problem(401, 'unauthorized')
    async with app.state.pool.acquire() as connection:
        rules = await connection.fetchrow(statements.RESTAURANT, given.restaurant_id)
        if rules is None:
            return problem(404, 'not_found')
        minute = int(given.time[:2]) * 60 + int(given.time[3:5])
        turn = hours.turn_minutes(rules['turn_up_to_party'], rules['turn_min'], given.party_size)
        starts_at = hours.instant_at(rules, given.date, minute)
        now = datetime.datetime.now(datetime.timezone.utc)
        if minute not in hours.starts_of(hours.hours_of(rules, given.date), rules['slot_interval_min'], turn) \
                or starts_at < now + rules['min_notice_min'] * hours.MINUTE \
                or starts_at > now + datetime.timedelta(days=rules['window_days']):
            return problem(409, 'slot_unavailable')
        made = await insert(connection, uuid.UUID(customer), given, rules, minute, starts_at, turn)
    if made is None:
        return problem(409, 'slot_unavailable')
    return answer(reservation(made), 201, {'Location': f'/customer/reservations/{made["id"]}'})


@app.get('/customer/reservations')
async def own_list(request: Request, limit: int = Query(20, ge=1, le=100)):
    customer = tokens.customer_of(request.headers.get('authorization'))
    if customer is None:
        return problem(401, 'unauthorized')
    rows = await app.state.pool.fetch(statements.OWN, uuid.UUID(customer), limit)
    return answer({'items': [reservation(row) for row in rows], 'next_cursor': None})


@app.delete('/customer/reservations/{reservation_id}')
async def cancel(reservation_id: uuid.UUID, request: Request):
    customer = tokens.customer_of(request.headers.get('authorization'))
    if customer is None:
        return problem(401, 'unauthorized')
    row = await app.state.pool.fetchrow(statements.CANCEL, reservation_id, uuid.UUID(customer))
    if row is None:
        return problem(404, 'not_found')
    return answer(reservation(row)) if row['status'] == 'cancelled' else problem(409, 'illegal_transition')
