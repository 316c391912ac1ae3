"""What several of the end-to-end tests begin with: a city, dates, and a small cast of people and restaurants."""
import datetime, json, math, os, pathlib, unittest, zoneinfo

from client import HttpClient
from server import Server

OWNER = 'owner@example.test'
COPENHAGEN = zoneinfo.ZoneInfo('Europe/Copenhagen')
UNKNOWN = '01900000-0000-7000-8000-000000000000'
# A folder with copenhagen-restaurants.geojson, when there is one; else a few restaurants of the same form.
SAMPLE = next(pathlib.Path(os.environ.get('QTABLE_SAMPLE_DATA') or '/nowhere').glob('copenhagen-restaurants.geojson'),
              None)


def day(ahead):
    """A date so many days from now, in Copenhagen."""
    return (datetime.datetime.now(COPENHAGEN).date() + datetime.timedelta(days=ahead)).isoformat()


def haversine_km(a, b):
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def own_import(path):
    features = [{'type': 'Feature', 'geometry': {'type': 'Point', 'coordinates': [12.56 + i / 100, 55.68]},
                 'properties': {'amenity': 'restaurant', 'name': f'Café Nummer {i}', 'cuisine': 'danish',
                                'opening_hours': 'Mo-Su 11:00-23:00', 'ref': str(i)}} for i in range(12)]
    path.write_text(json.dumps({'type': 'FeatureCollection', 'features': features}))
    return path


def import_city(server, restaurants=400):
    """Havnestad, and the owner's restaurants in Copenhagen. Before the start."""
    server.run('seed', '--seed', '1', '--restaurants', str(restaurants))
    source = SAMPLE or own_import(server.folder / 'own.geojson')
    server.run('import', source, '--timezone', 'Europe/Copenhagen', '--tables', 'auto', '--owner', OWNER)


class World(unittest.TestCase):
    """Needs `http`: a client without a token."""

    def slots(self, restaurant, date, party_size=2):
        answer = self.http.get(f'/public/restaurants/{restaurant}/availability?date={date}&party_size={party_size}')
        self.assertEqual(answer.status, 200, answer)
        return {slot['time']: slot for slot in answer.json['slots']}

    def book(self, client, restaurant, date, time, party_size=2, status=201, key=None, **more):
        answer = client.post('/customer/reservations', {'restaurant_id': restaurant, 'date': date, 'time': time,
                                                        'party_size': party_size, **more}, key)
        self.assertEqual(answer.status, status, answer)
        return answer


class WithRestaurants(unittest.TestCase):
    """Owner A with a restaurant, a host and a manager of it; owner B with another one; two customers, one with a booking."""
    options = ()

    @classmethod
    def setUpClass(cls):
        server = cls.server = cls.enterClassContext(Server('--no-fsync', *cls.options))
        server.start()
        names = ('owner', 'manager', 'host', 'other')
        cls.staff_tokens = dict(zip(names, server.minted('staff', [f'{name}@example.test' for name in names])))
        cls.guests = server.minted('customer', ['ada@example.test', 'bo@example.test'])
        cls.place = server.make_restaurant(cls.staff_tokens['owner'], [2, 4, 4], name='A')
        cls.elsewhere = server.make_restaurant(cls.staff_tokens['other'], [2], name='B')
        for role in ('manager', 'host'):
            server.sql(f"insert into restaurant_staff (restaurant_id, staff_id, role) select '{cls.place}', id, '{role}' "
                       f"from staff where email = '{role}@example.test'")
        server.stop()  # roles are read at the start; everything else is still there after it
        server.start()
        cls.http = server.client()
        cls.ada, cls.bo = (server.client(token) for token in cls.guests)
        cls.staff = {name: server.client(token) for name, token in cls.staff_tokens.items()}
        cls.booked = cls.ada.post('/customer/reservations', cls.booking()).json
        cls.table = cls.staff['owner'].get(f'/restaurants/{cls.place}/tables').json['items'][0]['id']
        cls.slot = cls.staff['owner'].post(f'/restaurants/{cls.place}/availability', {
            'date': day(20), 'time_slot': '12:00', 'party_size': 2, 'available_tables': 2}).json['items'][0]['id']

    @classmethod
    def booking(cls, **more):
        return {'restaurant_id': cls.place, 'date': day(10), 'time': '19:00', 'party_size': 2, **more}

    def setUp(self):
        self.addCleanup(self.assert_alive)

    def assert_alive(self):
        self.assertIsNone(self.server.process.poll())
        with HttpClient(self.server.port) as fresh:
            self.assertEqual(fresh.get('/livez').status, 200)

    def assert_refused(self, answer, status, code=None, pointer=None):
        self.assertEqual(answer.status, status, answer)
        if code is not None:
            self.assertEqual(answer.code, code, answer)
        if pointer is not None:
            self.assertIn(pointer, [each['pointer'] for each in answer.json['errors']], answer)
