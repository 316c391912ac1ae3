"""The checker finds what it is for: a small sound history passes, and with one bug of each kind planted into it the bug is found."""
import copy, unittest

import paths  # noqa: F401
import checker
from clients import World
from history import History, Session

HOUSE, ADA, BO = 'house', 'customer-ada', 'customer-bo'
TABLES, DATE = {'t1': 2, 't2': 4}, '2030-05-01'
STARTS = ['17:00', '19:00', '21:00']
HEARD_AT = 90.0


def reservation(number, customer, time='19:00', table='t1', status='confirmed', version=1, party_size=2, key=None):
    end = f'{int(time[:2]) + 1:02}:30'
    return {'id': f'r{number}', 'restaurant_id': HOUSE, 'customer_id': customer, 'date': DATE, 'time': time, 'party_size': party_size,
            'status': status, 'special_requests': key or f'key-{number}', 'table_id': table, 'table_ids': [table],
            'created_at': 'then', 'updated_at': f'then {version}', 'starts_at': f'{DATE}T{time}:00+00:00',
            'ends_at': f'{DATE}T{end}:00+00:00', 'confirmation_code': f'CODE{number}', 'checked_in_at': None, 'guest_id': None,
            'version': version}


class Story:
    """Ada books at 19:00 and moves to 21:00, Bo books at 19:00, Ada cancels; everybody listens and looks."""

    def __init__(self):
        self.history, self.at = History(), 0.0
        self.world = World({HOUSE: {'tables': TABLES, 'owner': ''}}, [DATE], STARTS, 90)
        self.world.customers = {'ada': ADA, 'bo': BO}
        self.log, self.receipts, self.rows = [], [], {}
        first = reservation(1, ADA)
        self.book = self.commit('book', 'ada', first, 201, 'customer_reservation_received', key='key-1')
        self.seen = self.look(first)
        self.availability = self.offer(before=1)
        moved = reservation(1, ADA, '21:00', version=2)
        self.move = self.commit('move', 'ada', moved, 200, 'customer_reservation_updated', target='r1', sent={'time': '21:00'})
        bos = reservation(2, BO)
        self.other = self.commit('book', 'bo', bos, 201, 'customer_reservation_received', key='key-2')
        self.third = self.commit('book', 'bo', reservation(3, BO, '17:00', 't2', party_size=4), 201, 'customer_reservation_received',
                                 key='key-3')
        self.refused = self.ask('book', 'ada', 409, HOUSE, {**self.wish(bos), 'time': '17:00', 'party_size': 4,
                                                            'special_requests': 'key-4'}, 'key-4', code='slot_unavailable')
        self.replay = self.ask('book', 'ada', 201, HOUSE, self.wish(first), 'key-1', [first])
        self.replay.is_replay = True
        gone = reservation(1, ADA, '21:00', version=3, status='cancelled')
        self.cancel = self.commit('cancel', 'ada', gone, 200, 'customer_reservation_cancelled', target='r1')
        self.read = self.ask('read', 'ada', 200, 'r1', refs=[gone])
        self.listing = self.ask('list_staff', 'host', 200, HOUSE, {'date': DATE, 'status': 'confirmed'},
                                refs=[bos, self.rows['r3']])
        self.own = self.ask('list_own', 'bo', 200, '', {'status': 'confirmed'}, refs=[bos, self.rows['r3']])
        self.listen()

    @staticmethod
    def wish(body):
        return {name: body[name] for name in ('restaurant_id', 'date', 'time', 'party_size', 'special_requests')}

    def ask(self, kind, who, status, target='', sent=None, key=None, refs=(), code=''):
        operation = self.history.begin(who, kind, target, sent, key)
        operation.began, operation.ended = self.at, self.at + 0.5
        operation.status, operation.code, operation.refs = status, code, [self.history.see(each) for each in refs]
        self.at += 1
        return operation

    def commit(self, kind, who, body, status, event, target=HOUSE, sent=None, key=None):
        self.log.append({'restaurant_id': HOUSE, 'seq': len(self.log) + 1, 'public_seq': 0, 'type': event, 'data': dict(body)})
        self.log.append({'restaurant_id': HOUSE, 'seq': len(self.log) + 1, 'public_seq': len(self.log) // 2 + 1,
                         'type': 'availability_updated', 'data': {}})
        self.rows[body['id']] = body
        if key:
            self.receipts.append({'actor_id': body['customer_id'], 'key': key, 'status': 201})
        return self.ask(kind, who, status, target, sent or self.wish(body), key, [body])

    def look(self, *bodies):
        return self.ask('list_staff', 'host', 200, HOUSE, {'date': DATE, 'status': 'confirmed'}, refs=bodies)

    def offer(self, before):
        operation = self.ask('availability', 'host', 200, HOUSE, {'date': DATE, 'party_size': 2})
        operation.extra = {'17:00': 2, '19:00': 2 - before, '21:00': 2}
        return operation

    def listen(self):
        """A house's listener who was cut off once, one of the public, and Bo."""
        for name, about, number in (('staff', ('staff', HOUSE), 'seq'), ('public', ('public', HOUSE), 'public_seq')):
            rows = [row for row in self.log if row[number]]
            events = [(row[number], row['type'], self.history.see(row['data']) if row['data'] else None) for row in rows]
            sessions = self.history.stream(name, about)
            sessions += [self.session(None, 0, events[:3]), self.session(('e', 3), events[-1][0], events[3:])]
        bos = [row['data'] for row in self.log if row['data'].get('customer_id') == BO]
        self.history.stream('bo', ('customer', BO)).append(self.session(None, 0, [
            (number, 'reservation_confirmed', self.history.see(body)) for number, body in enumerate(bos, 1)]))

    @staticmethod
    def session(resumed, seq, events):
        made = Session(resumed, 0.0)
        made.epoch, made.seq, made.joined, made.ended, made.events = 'e', seq, 0.0, 99.0, events
        return made

    def session_of(self, name, number=0):
        return self.history.streams[name][1][number]

    def store(self):
        hours = {'17:00': 17, '19:00': 19, '21:00': 21}
        reservations = [{**body, 'start_minute': hours[body['time']] * 60, 'blocks_from': hours[body['time']] * 3600,
                         'blocks_until': hours[body['time']] * 3600 + 5400} for body in self.rows.values()]
        taken = [{'holder': row['id'], 'table_id': table, 'from': row['blocks_from'], 'until': row['blocks_until']}
                 for row in reservations if row['status'] == 'confirmed' for table in row['table_ids']]
        return {'reservations': reservations, 'taken': taken, 'receipts': copy.deepcopy(self.receipts), 'log': copy.deepcopy(self.log),
                'guests': [], 'tables': [{'id': each, 'status': 'available', 'current_guest_id': None} for each in TABLES]}

    def final(self):
        told = {(HOUSE, DATE, 2): {'17:00': 1, '19:00': 1, '21:00': 2}}
        return {'availability': told, 'memory': {'availability': dict(told)}, 'memory_again': {'availability': dict(told)},
                'listed': {body['id']: dict(body) for body in self.rows.values()}, 'deaths': [], 'differences': []}


class Checker(unittest.TestCase):
    def setUp(self):
        self.story = Story()
        self.store, self.final = self.story.store(), self.story.final()

    def found(self):
        for _, sessions in self.story.history.streams.values():
            for session in sessions:
                session.times = (session.times + [HEARD_AT] * len(session.events))[:len(session.events)]
        return checker.check(self.story.world, self.story.history, self.store, self.final)

    def assert_found(self, kind, words=''):
        found = self.found()
        self.assertIn(kind, found.kinds(), str(found))
        if words:
            self.assertIn(words, str(found))

    def row(self, which):
        return next(row for row in self.store['reservations'] if row['id'] == which)

    def see(self, body, **changes):
        return self.story.history.see({**body, **changes})

    def test_a_sound_history_passes(self):
        self.assertEqual(str(self.found()), '')

    # ---- answers

    def test_a_lost_confirmation(self):
        self.store['reservations'] = [row for row in self.store['reservations'] if row['id'] != 'r2']
        self.assert_found('lost', 'was acknowledged and is not there')

    def test_a_lost_change(self):
        self.row('r1')['version'] = 1
        self.assert_found('lost', 'acknowledged in version 3')

    def test_an_altered_confirmation(self):
        self.row('r2')['party_size'] = 3
        self.assert_found('altered')

    def test_an_answer_that_differs_from_the_log(self):
        self.story.other.refs = [self.see(self.story.rows['r2'], confirmation_code='OTHER')]
        self.assert_found('altered', 'confirmation_code')

    def test_two_rows_of_one_key(self):
        self.store['reservations'].append({**self.row('r2'), 'id': 'r9'})
        self.assert_found('key', 'made 2 reservations')

    def test_no_receipt(self):
        self.store['receipts'] = [row for row in self.store['receipts'] if row['key'] != 'key-2']
        self.assert_found('key', '0 receipts')

    def test_a_key_answered_with_somebody_elses(self):
        self.story.replay.refs = list(self.story.other.refs)
        self.assert_found('key', 'somebody else')

    def test_a_replay_with_another_body(self):
        self.story.replay.refs = list(self.story.move.refs)
        self.assert_found('replay', 'different bodies')

    def test_a_replay_that_says_it_is_new(self):
        self.story.replay.is_replay = False
        self.assert_found('replay', 'as if it were new')

    def test_a_cancelling_undone(self):
        self.row('r1')['status'] = 'confirmed'
        self.assert_found('cancel')

    def test_a_cancelled_one_that_is_read(self):
        self.story.read.refs = list(self.story.move.refs)
        self.assert_found('cancel', 'was read as confirmed')
        self.assert_found('stale', 'version 2 was read after 3')

    def test_a_list_without_what_was_promised(self):
        self.story.listing.refs.pop()
        self.assert_found('stale', 'r3 version 1 stood and is not on the list')

    def test_an_own_list_without_what_was_promised(self):
        self.story.own.refs.pop(0)
        self.assert_found('stale', 'r2 version 1 stood')

    # ---- capacity

    def test_a_list_with_a_table_twice(self):
        self.story.listing.refs.append(self.see(self.story.rows['r2'], id='r8', confirmation_code='X'))
        self.assert_found('overlap', 'a list shows a table twice')

    def test_a_table_promised_twice_for_a_moment(self):
        # Bo's row comes before the one that moves Ada away.
        rows = [row for row in self.store['log'] if row['data']]
        rows[1]['seq'], rows[2]['seq'] = rows[2]['seq'], rows[1]['seq']
        self.assert_found('overlap', 'while r1 has it')

    def test_a_table_taken_twice_in_the_database(self):
        self.store['taken'].append({**self.store['taken'][0], 'holder': 'r8'})
        self.assert_found('overlap', 'taken twice in the database')

    def test_a_refusal_without_a_reason(self):
        self.story.refused.sent['time'] = '21:00'
        self.assert_found('refusal', 'slot_unavailable')

    def test_already_booked_without_a_reason(self):
        self.story.refused.code = 'already_booked'
        self.assert_found('refusal', 'already_booked')

    def test_a_move_refused_without_a_reason(self):
        self.story.ask('move', 'bo', 409, 'r2', {'time': '21:00'}, code='slot_unavailable')
        self.assert_found('refusal', 'slot_unavailable')

    def test_in_progress_without_a_reason(self):
        self.story.refused.code = 'idempotency_in_progress'
        self.assert_found('refusal', 'idempotency_in_progress')

    def test_an_illegal_transition_without_a_reason(self):
        self.story.ask('move', 'bo', 409, 'r2', {'time': '21:00'}, code='illegal_transition')
        self.assert_found('refusal', 'illegal_transition')

    def test_too_much_offered(self):
        self.story.availability.extra['19:00'] = 2
        self.assert_found('availability', 'at most 1 were free')

    def test_too_much_offered_while_the_database_is_away(self):
        self.story.availability.extra['19:00'], self.story.availability.is_degraded = 2, True
        self.assertEqual(str(self.found()), '')

    def test_too_little_offered(self):
        self.story.availability.extra['21:00'] = 1
        self.assert_found('availability', 'at least 2 were free')

    # ---- streams

    def test_a_hole(self):
        self.story.session_of('staff', 1).events.pop(2)
        self.assert_found('stream', 'a hole')

    def test_a_hole_over_a_resume(self):
        self.story.session_of('public', 1).events.pop(0)
        self.assert_found('stream', 'a hole')

    def test_a_repeat(self):
        events = self.story.session_of('staff', 1).events
        events.insert(0, self.story.session_of('staff', 0).events[-1])
        self.assert_found('stream', 'a repeat')

    def test_a_phantom(self):
        del self.store['log'][-2:]
        self.assert_found('stream', 'a phantom')

    def test_an_event_with_another_body(self):
        events = self.story.session_of('staff', 0).events
        events[0] = (events[0][0], events[0][1], self.see(self.story.rows['r2']))
        self.assert_found('stream', 'something else than the log')

    def test_a_stream_that_ends_early(self):
        del self.story.session_of('staff', 1).events[-1]
        self.assert_found('stream', 'ends with')

    def test_a_customer_who_was_not_told(self):
        self.story.session_of('bo').events.pop()
        self.assert_found('notice', 'never told of reservation r3')

    def test_a_customer_who_was_told_twice(self):
        events = self.story.session_of('bo').events
        events.append((3, *events[-1][1:]))
        self.assert_found('stream', 'was told 2 times')

    def test_a_customer_who_was_told_what_never_was(self):
        self.story.session_of('bo').events.append((3, 'reservation_updated', self.see(self.story.rows['r2'], version=2)))
        self.assert_found('stream', 'a phantom')

    def test_a_customer_who_was_told_of_somebody_else(self):
        self.story.session_of('bo').events.append((3, 'reservation_cancelled', self.story.cancel.refs[0]))
        self.assert_found('stream', 'which is not theirs')

    # ---- the log and the store

    def test_a_gap_in_the_log(self):
        self.store['log'].pop(3)
        self.assert_found('log', 'without gaps')

    def test_a_version_left_out(self):
        for row in self.store['log']:
            if row['data'].get('version') == 2:
                row['data']['version'] = 4
        self.assert_found('log', 'has versions')

    def test_a_change_nobody_asked_for(self):
        last = self.story.history.operations.index(self.story.cancel)
        self.story.history.operations.pop(last)
        self.story.history.operations.remove(self.story.move)
        self.assert_found('log', 'changed 2 times, asked for 0')

    def test_tables_not_marked_as_taken(self):
        self.store['taken'].pop()
        self.assert_found('store', 'marked as taken is None')

    def test_tables_still_marked_as_taken(self):
        self.store['taken'].append({'holder': 'r1', 'table_id': 't1', 'from': 21 * 3600, 'until': 22.5 * 3600})
        self.assert_found('store', 'r1 takes table t1 for None')

    def test_a_table_that_nobody_sits_at(self):
        self.store['tables'][0].update(status='occupied', current_guest_id='g1')
        self.assert_found('store', 'disagree about who sits there')

    # ---- memory, and the rest

    def test_memory_that_a_start_changes(self):
        self.final['memory_again']['availability'][HOUSE, DATE, 2] = {'17:00': 2, '19:00': 1, '21:00': 2}
        self.assert_found('memory', 'before a start')

    def test_memory_that_differs_from_the_rows(self):
        self.final['availability'][HOUSE, DATE, 2]['21:00'] = 1
        self.assert_found('memory', 'by the rows there are 2')

    def test_memory_that_the_programs_own_check_finds_wrong(self):
        self.final['differences'].append('house: 3 in memory, 2 in the database')
        self.assert_found('memory', 'qtable check')

    def test_a_reservation_on_no_list(self):
        del self.final['listed']['r3']
        self.assert_found('lost', 'not on the lists')

    def test_a_server_that_ended_by_itself(self):
        self.final['deaths'].append('start 1 ended by itself with -6')
        self.assert_found('death', '-6')

    def test_an_answer_against_the_contract(self):
        self.story.history.complain('an undocumented status')
        self.assert_found('answer', 'undocumented')


if __name__ == '__main__':
    unittest.main()
