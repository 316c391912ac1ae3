"""A mail server of a few lines, in a thread: takes letters, or refuses them, or dies of them, as it is told."""
import email, email.policy, socket, threading


class SmtpServer:
    """`plan`: what becomes of the next letters, one word each ('take', 'later', 'never', 'die'); then all are taken."""

    def __init__(self, plan=()):
        self.plan, self.taken, self.tried = list(plan), [], []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.listener.close()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with peer, peer.makefile('rb') as lines:
                try:
                    self.talk(peer, lines)
                except OSError:
                    pass

    def talk(self, peer, lines):
        peer.sendall(b'220 here\r\n')
        for line in lines:
            verb = line.split()[0].upper() if line.split() else b''
            if verb == b'QUIT':
                return peer.sendall(b'221 bye\r\n')
            if verb == b'EHLO':
                peer.sendall(b'250-here\r\n250 8BITMIME\r\n')
            elif verb == b'DATA':
                peer.sendall(b'354 go on\r\n')
                if not self.take(peer, lines):
                    return
            else:
                peer.sendall(b'250 fine\r\n')

    def take(self, peer, lines):
        text = []
        for line in lines:
            if line == b'.\r\n':
                break
            text.append(line[1:] if line.startswith(b'..') else line)
        letter = email.message_from_bytes(b''.join(text), policy=email.policy.default)
        self.tried.append(letter)
        word = self.plan.pop(0) if self.plan else 'take'
        if word == 'die':
            return False
        if word == 'take':
            self.taken.append(letter)
        peer.sendall({'take': b'250 taken\r\n', 'later': b'451 later\r\n', 'never': b'550 never\r\n'}[word])
        return True
