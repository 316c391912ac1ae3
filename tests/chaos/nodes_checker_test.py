"""The checker on histories of three nodes: what their contract leaves room for passes, and with a bug planted in it is found."""
import unittest

import paths  # noqa: F401
import checker_test
from checker_test import BO, DATE, HEARD_AT, HOUSE, Session, reservation
from lag import CATCH_UP_S, FEED_S, Lag

LONG_AFTER = 2 * FEED_S


class NodesChecker(unittest.TestCase):
    setUp, found, assert_found, see = (checker_test.Checker.setUp, checker_test.Checker.found, checker_test.Checker.assert_found,
                                       checker_test.Checker.see)

    def setup_nodes(self):
        self.story.history.nodes = 3
        return self.story

    def assert_fine(self):
        self.assertEqual(str(self.found()), '')

    def asked(self, kind, after_s, *, node, **more):
        """By somebody, so long after all of the story, of that node."""
        self.story.at = max(each.ended for each in self.story.history.operations) + after_s
        operation = self.story.ask(kind, more.pop('who', 'host'), more.pop('status', 200), **more)
        operation.node = node
        return operation

    def offered(self, after_s, told, node=1):
        """All that is taken at the end of the story was taken by node 0."""
        operation = self.asked('availability', after_s, node=node, target=HOUSE, sent={'date': DATE, 'party_size': 2})
        operation.extra = {'17:00': 1, '19:00': 1, '21:00': 2, **told}
        return operation

    def booked(self, number, time, table, node):
        """By Bo, of a node; everybody who listens hears it."""
        body = reservation(number, BO, time, table)
        made = self.story.commit('book', 'bo', body, 201, 'customer_reservation_received', key=f'key-{number}')
        made.node = node
        self.store = self.story.store()
        self.final['listed'][body['id']] = dict(body)
        for name, number_of in (('staff', 'seq'), ('public', 'public_seq')):
            session = self.story.session_of(name, 1)
            session.events += [(row[number_of], row['type'], self.see(row['data']) if row['data'] else None)
                               for row in self.story.log[-2:] if row[number_of]]
        events = self.story.session_of('bo').events
        events.append((len(events) + 1, 'reservation_confirmed', self.see(body)))
        return made

    def test_a_sound_history_passes(self):
        self.setup_nodes()
        for number, operation in enumerate(self.story.history.operations):
            operation.node = number % 3
        self.story.session_of('staff', 1).node = 2
        self.assert_fine()

    # ---- one truth

    def test_two_nodes_acknowledge_the_same_table(self):
        self.setup_nodes()
        self.booked(4, '21:00', 't1', 1)
        self.assertNotIn('overlap', self.found().kinds())
        self.booked(5, '21:00', 't1', 2)
        self.assert_found('overlap', 'while r4 has it')

    def test_two_nodes_answer_a_key_as_new(self):
        self.setup_nodes()
        self.story.replay.is_replay, self.story.replay.node = False, 1
        self.assert_found('replay', 'as if it were new')

    def test_a_read_on_another_node_is_not_older(self):
        self.setup_nodes()
        self.story.read.refs, self.story.read.node = list(self.story.move.refs), 2
        self.assert_found('stale', 'version 2 was read after 3')

    def test_a_list_on_another_node_lacks_nothing(self):
        self.setup_nodes()
        self.story.listing.node = 1
        self.story.listing.refs.pop()
        self.assert_found('stale', 'r3 version 1 stood')

    # ---- memory follows

    def test_another_node_shows_a_commit_late(self):
        self.setup_nodes()
        late = self.offered(0, {'21:00': 1})
        late.began, late.ended = self.story.cancel.ended + FEED_S / 2, self.story.cancel.ended + FEED_S
        self.assert_fine()

    def test_another_node_shows_a_commit_too_late(self):
        self.setup_nodes()
        self.offered(LONG_AFTER, {'21:00': 1})
        self.assert_found('availability', 'at least 2 were free')

    def test_a_node_that_did_not_know_the_key_holds_what_it_tried(self):
        self.setup_nodes()
        replay = self.story.replay
        replay.sent, replay.node = {**replay.sent, 'time': '17:00'}, 1
        soon = self.offered(0, {'17:00': 0})
        soon.began, soon.ended = replay.ended + CATCH_UP_S - 2, replay.ended + CATCH_UP_S - 1
        self.assert_fine()
        soon.began, soon.ended = replay.ended + CATCH_UP_S + 1, replay.ended + CATCH_UP_S + 2
        self.assert_found('availability', 'at least 1 were free')

    def test_too_much_is_offered_for_too_long(self):
        self.setup_nodes()
        self.offered(LONG_AFTER, {'19:00': 2})
        self.assert_found('availability', 'at most 1 were free')

    def test_a_node_shows_what_it_acknowledged_itself(self):
        self.setup_nodes()
        self.offered(0.1, {'21:00': 1}, node=0)
        self.assert_found('availability', 'at least 2 were free')

    def test_one_that_was_frozen_shows_old_memory(self):
        self.setup_nodes()
        self.story.history.blind = [(1, 1.0, 60.0)]
        self.story.at = 60.0
        self.offered(CATCH_UP_S / 2, {'21:00': 1}).began = 60.0 + CATCH_UP_S / 2
        self.assert_fine()

    def test_one_that_was_frozen_shows_it_for_too_long(self):
        self.setup_nodes()
        self.story.history.blind = [(1, 1.0, 2.0)]
        self.offered(2 * CATCH_UP_S, {'21:00': 1})
        self.assert_found('availability', 'at least 2 were free')

    def test_another_one_was_frozen(self):
        self.setup_nodes()
        self.story.history.blind = [(2, 1.0, 60.0)]
        self.offered(LONG_AFTER, {'21:00': 1})
        self.assert_found('availability', 'at least 2 were free')

    def refused(self, after_s, node):
        self.asked('book', after_s, node=node, who='ada', status=409, target=HOUSE, key='key-9', code='slot_unavailable',
                   sent={'restaurant_id': HOUSE, 'date': DATE, 'time': '17:00', 'party_size': 4, 'special_requests': 'key-9'})

    def give_back(self):
        """Bo cancels what filled the house for four."""
        gone = reservation(3, BO, '17:00', 't2', version=2, status='cancelled', party_size=4)
        self.story.commit('cancel', 'bo', gone, 200, 'customer_reservation_cancelled', target='r3')
        self.store = self.story.store()

    def test_a_refusal_out_of_old_memory(self):
        self.setup_nodes()
        self.give_back()
        self.refused(0.1, 1)
        self.assertNotIn('refusal', self.found().kinds())

    def test_a_refusal_out_of_memory_that_is_too_old(self):
        self.setup_nodes()
        self.give_back()
        self.refused(LONG_AFTER, 1)
        self.assert_found('refusal', 'slot_unavailable')

    def test_a_refusal_by_the_node_that_knows_better(self):
        self.setup_nodes()
        self.give_back()
        self.refused(0.1, 0)
        self.assert_found('refusal', 'slot_unavailable')

    # ---- streams

    def test_a_resume_on_another_node_with_a_hole(self):
        self.setup_nodes()
        for name in ('staff', 'public'):
            self.story.session_of(name, 1).node = 2
            self.story.session_of(name, 1).events.pop(0)
        self.assert_found('stream', 'a hole')

    def test_a_resume_on_another_node_with_a_repeat(self):
        self.setup_nodes()
        second = self.story.session_of('staff', 1)
        second.node = 2
        second.events.insert(0, self.story.session_of('staff', 0).events[-1])
        self.assert_found('stream', 'a repeat')

    def go_back(self, blind):
        """The public's listener comes to node 2, which stands where it was long ago, and is told to read again."""
        self.setup_nodes()
        self.story.history.blind = blind
        second = self.story.session_of('public', 1)
        events = second.events
        place = events[-1][0]
        back = Session(('e', place), 20.0, 2)
        back.epoch, back.seq, back.joined, back.ended = 'e', place - 1, 20.0, 99.0
        back.events = [(None, 'resync_required', None), events[-1]]
        self.story.history.streams['public'][1].append(back)

    def test_a_node_without_a_database_says_that_all_is_to_be_read_again(self):
        self.go_back([(2, 5.0, 21.0)])
        self.assert_fine()

    def test_a_node_with_a_database_does_not_go_back(self):
        self.go_back([(1, 5.0, 21.0)])
        self.assert_found('stream', 'went back')

    def go_on_elsewhere(self, joined, events, says_so=True):
        """Bo's listener, on another node, whose stream of his is another one."""
        self.setup_nodes()
        first = self.story.session_of('bo')
        first.ended = joined
        first.times = [5.0] * len(first.events)
        made = Session(('e', first.events[-1][0]), joined, 1)
        made.epoch, made.seq, made.joined, made.ended = 'e1', 7, joined, 99.0
        made.events = ([(None, 'resync_required', None)] if says_so else []) + events
        made.times = [joined + 0.1] * len(made.events)
        self.story.history.streams['bo'][1].append(made)
        return first

    def test_a_customer_who_changes_nodes(self):
        self.go_on_elsewhere(20.0, [])
        self.assert_fine()

    def test_a_customer_who_changes_nodes_and_is_not_told_so(self):
        self.go_on_elsewhere(20.0, [], says_so=False)
        self.assert_found('stream', 'did not say so')

    def test_a_customer_who_hung_up_before_being_told_so(self):
        self.go_on_elsewhere(20.0, [], says_so=False)
        self.story.session_of('bo', 1).ended = 20.0
        self.assert_fine()

    def test_another_node_tells_again_what_it_hears_late(self):
        first = self.story.session_of('bo')
        self.go_on_elsewhere(5.0 + FEED_S / 2, [(8, *first.events[-1][1:])])
        self.assert_fine()

    def test_another_node_tells_again_what_it_knew(self):
        first = self.story.session_of('bo')
        self.go_on_elsewhere(5.0 + LONG_AFTER, [(8, *first.events[-1][1:])])
        self.assert_found('stream', 'was told 2 times')

    def test_a_customer_whom_another_node_does_not_tell(self):
        self.go_on_elsewhere(20.0, [])
        self.story.at = 30.0
        self.booked(4, '21:00', 't1', 0)
        self.story.session_of('bo').events.pop()
        self.assert_found('notice', 'never told of reservation r4')

    # ---- the end

    def test_a_node_that_remembers_something_else(self):
        self.setup_nodes()
        self.final['memory_elsewhere'] = {1: self.final['memory'], 2: {'availability': {}}}
        self.assert_found('memory', 'node 2')

    def test_how_old_memory_may_be(self):
        history = self.setup_nodes().history
        history.blind = [(1, 10.0, 20.0), (1, 21.0, 30.0), (2, 50.0, 51.0)]
        lag = Lag(history)
        self.assertEqual(lag.as_of(0, 15.0), 15.0 - FEED_S)
        self.assertEqual(lag.as_of(1, 30.0 + CATCH_UP_S), 10.0 - FEED_S)
        self.assertEqual(lag.as_of(1, 9.0), 9.0 - FEED_S)
        self.assertEqual(lag.as_of(1, 60.0), 60.0 - FEED_S)
        self.assertEqual(HEARD_AT - FEED_S, lag.as_of(2, HEARD_AT))
        history.nodes, history.blind = 1, [(0, 10.0, 20.0)]
        self.assertEqual(Lag(history).as_of(0, 15.0), 15.0)


if __name__ == '__main__':
    unittest.main()
