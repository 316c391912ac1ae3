"""The ways between the nodes and PostgreSQL: a proxy for each node and server, so that one node can be cut off while the others go on."""
from proxy import Orders, Proxy, Weather


class Network:
    """`socket_paths`: those of the PostgreSQL servers; more than one: a node looks for the one that writes. `weathers`: by node."""

    def __init__(self, socket_paths, nodes):
        self.orders, self.weathers = Orders(), [Weather() for _ in range(nodes)]
        self.proxies = [[Proxy(path, self.orders, weather) for path in socket_paths] for weather in self.weathers]

    def conninfo(self, node):
        ports = [proxy.port for proxy in self.proxies[node]]
        several = ' target_session_attrs=read-write' if len(ports) > 1 else ''
        return (f'host={",".join("127.0.0.1" for _ in ports)} port={",".join(map(str, ports))} user=qtable dbname=qtable '
                f'sslmode=disable{several}')

    def reset(self, nodes, linger_s=0.0, chosen=lambda link: True):
        return sum(proxy.reset(linger_s, chosen) for node in nodes for proxy in self.proxies[node])

    def calm(self):
        self.orders.cut_steadily(0, None)
        self.orders.disarm()
        for weather in self.weathers:
            weather.clear()

    def close(self):
        for proxies in self.proxies:
            for proxy in proxies:
                proxy.close()
