"""Restaurants clustered like cities: normal clouds whose sizes follow 1/rank, as in bench/search.cpp. The same count
gives the same restaurants everywhere.
"""
import bisect
import csv
import itertools
import math
import random

DEGREES_PER_M = 1 / 111_195.0
CLOUD_M = 4000
RESTAURANTS_PER_CITY = 1000
CITIES_MIN = 20
SEED = 7

CUISINES = ('italian', 'thai', 'sushi', 'nordic', 'indian', 'french', 'burger', 'mexican')
HOURS = ('12:00-14:30,17:30-23:00', '17:00-23:00', '11:30-22:00', '12:00-23:30')
DAYS = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
TIMEZONE = 'Europe/Copenhagen'


def places(count, seed=SEED):
    """(latitude, longitude) of each."""
    draw = random.Random(seed)
    cities = [(60 * draw.uniform(-1, 1), 180 * draw.uniform(-1, 1))
              for _ in range(max(CITIES_MIN, count // RESTAURANTS_PER_CITY))]
    sizes = list(itertools.accumulate(1 / (4 + rank) for rank in range(1, len(cities) + 1)))
    made = []
    while len(made) < count:
        latitude, longitude = cities[bisect.bisect(sizes, draw.random() * sizes[-1])]
        shrink = math.cos(math.radians(latitude))
        at = (latitude + draw.gauss(0, CLOUD_M * DEGREES_PER_M),
              longitude + draw.gauss(0, CLOUD_M * DEGREES_PER_M) / shrink)
        if abs(at[0]) <= 90 and abs(at[1]) <= 180:
            made.append((round(at[0], 7), round(at[1], 7)))
    return made


def write_csv(path, count):
    """The file that `qtable import` takes."""
    with open(path, 'w', newline='', encoding='utf-8') as file:
        out = csv.writer(file)
        out.writerow(['name', 'latitude', 'longitude', 'description', 'cuisine_type', 'price_range', 'phone', 'website',
                      'address', 'source_ref', *(f'hours_{day}' for day in DAYS)])
        for number, (latitude, longitude) in enumerate(places(count)):
            hours = HOURS[number % len(HOURS)]
            out.writerow([f'Restaurant number {number}', latitude, longitude,
                          'A quiet room with a short card, what the market had, and time to stay',
                          CUISINES[number % len(CUISINES)], '$' * (1 + number % 4), f'+45 00 {number:06d}',
                          f'https://house-{number}.example.test', f'Harbour Street {number}', f'compare:{number:012d}',
                          *([hours] * 7)])
