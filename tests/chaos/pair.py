"""A primary and its synchronous standby: what is confirmed is on both. The standby can take over, and the old primary comes back, first
as a server that only reads, then as the new one's standby. Otherwise a pair is used as a single server is: it is its primary.
"""
import shutil, subprocess

import paths  # noqa: F401
from client import wait_for
from cluster import Cluster, START_S

# A standby that was away for a moment is back soon; until then no commit is answered.
REPLICA = {'wal_retrieve_retry_interval': '100ms', 'wal_keep_size': '128MB', 'wal_receiver_timeout': '3s', 'wal_sender_timeout': '5s',
           'hot_standby': 'on'}
SYNCHRONOUS = 'synchronous_standby_names'


class Pair:
    def __init__(self, folder):
        self.servers = [Cluster(folder), Cluster(folder, '.b')]
        self.primary, self.standby = self.servers
        self.is_paired = False  # a standby follows, and every commit waits for it

    def __getattr__(self, name):
        return getattr(self.primary, name)

    @property
    def socket_paths(self):
        return [server.socket_path for server in self.servers]

    def make(self):
        self.primary.make()
        self.primary.kill()
        self.primary.start(**REPLICA)
        self.standby.make_folders()
        self.attach()

    def attach(self):
        """Whatever the other server holds becomes a copy of the primary, and follows it."""
        copy = self.standby
        if copy.process is not None:
            copy.kill()
        shutil.rmtree(copy.data, ignore_errors=True)
        subprocess.run([copy.bin / 'pg_basebackup', '-h', self.primary.run, '-U', 'qtable', '-D', copy.data, '-R', '-X', 'stream',
                        '--checkpoint=fast', '--no-sync'], check=True, capture_output=True, cwd='/', **copy.account)
        copy.start(**REPLICA)
        self.pair()

    def pair(self):
        wait_for(lambda: self.primary.sql('select count(*) from pg_stat_replication where state = \'streaming\'',
                                          database='postgres') == '1', START_S, 'the standby follows')
        # Not in a file that a copy of the primary would begin with: who is promoted has nobody to wait for.
        self.configure(self.primary, '*')
        wait_for(self.is_synchronous, START_S, 'commits wait for the standby')
        self.is_paired = True

    @staticmethod
    def configure(server, names):
        server.sql(f"alter system set {SYNCHRONOUS} = '{names}'", database='postgres')
        server.sql('select pg_reload_conf()', database='postgres')

    def is_synchronous(self):
        return self.primary.sql("select count(*) from pg_stat_replication where sync_state = 'sync'", database='postgres') == '1'

    # ---- faults

    def start(self):
        self.primary.start(**REPLICA)

    def restart_if_dead(self):
        if self.primary.process.poll() is None:
            return False
        self.primary.kill()
        self.start()
        return True

    def promote(self):
        """The standby becomes the primary."""
        self.primary, self.standby, self.is_paired = self.standby, self.primary, False
        assert self.primary.sql('select pg_promote(true, 60)', database='postgres') == 't', 'it is not promoted'
        self.configure(self.primary, '')

    def bring_back_reading(self):
        """The old primary, with what it has, refuses every write."""
        self.standby.start(**REPLICA, default_transaction_read_only='on')

    def free_disk(self):
        for server in self.servers:
            server.free_disk()

    def end(self):
        for server in self.servers:
            server.end()
