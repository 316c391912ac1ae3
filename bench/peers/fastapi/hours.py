"""When a restaurant takes bookings: opening hours as text, a grid of starts, turn times by party."""
import datetime
import functools
import zoneinfo

DAYS = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
MINUTE = datetime.timedelta(minutes=1)


@functools.lru_cache(4096)
def ranges(text):
    """'12:00-14:30,18:00-02:00' as minutes of the day, the end after midnight above 1440."""
    found = []
    for part in filter(None, text.split(',')):
        begin, end = (int(clock[:2]) * 60 + int(clock[3:5]) for clock in part.strip().split('-'))
        found.append((begin, end if end > begin else end + 24 * 60))
    return tuple(found)


@functools.lru_cache(256)
def zone(name):
    return zoneinfo.ZoneInfo(name)


def turn_minutes(up_to_party, minutes, party_size):
    for most, turn in zip(up_to_party, minutes):
        if party_size <= most:
            return turn
    return minutes[-1] if minutes else 120


@functools.lru_cache(4096)
def starts_of(text, interval, turn):
    """Every start from which a party is done before closing."""
    return tuple(start for begin, end in ranges(text) for start in range(begin, end - turn + 1, interval))


def hours_of(row, day):
    return row['hours_' + DAYS[day.weekday()]]


def instant_at(row, day, minute):
    midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=zone(row['timezone']))
    return midnight + minute * MINUTE


def clock(minute):
    minute %= 24 * 60
    return f'{minute // 60:02d}:{minute % 60:02d}'
