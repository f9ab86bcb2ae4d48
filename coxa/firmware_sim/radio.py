"""A virtual radio with time in it: bumble's controllers, joined by a link layer that has connection events.

Bumble's own link delivers at once and without limit. Here data moves at connection events (interval times airtime at
the PHY), lost PDUs are sent again, completed-packet credits return only when a PDU was acknowledged, so that the
host's flow control is real, and a link with no event heard for its supervision timeout drops (Core Specification 5.4,
vol 6 part B, sections 2.1, 4.5). No channel hopping, collisions or encryption.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any

from bumble import hci, ll
from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport.common import PacketParser

INTER_FRAME_SPACE_US = 150
"""T_IFS, Core Specification vol 6 part B, 4.1.1."""
INTERVAL_UNIT_S, TIMEOUT_UNIT_S = 1.25e-3, 10e-3
"""Of connection interval and supervision timeout (Core Specification vol 4 part E, 7.8.12)."""
SUCCESS = hci.HCI_ErrorCode.SUCCESS


class AirLink(LocalLink):
    """What all controllers share: who hears whom, and how much is lost."""

    def __init__(self, loss: float, phy_mbps: int, seed: int) -> None:
        super().__init__()
        self.loss, self.phy_mbps = loss, phy_mbps
        self.rng = random.Random(seed)
        self.out_of_range = False
        """While true, peripherals are heard by nobody."""

    def send_advertising_pdu(self, sender_controller: Any, packet: Any) -> None:
        """An advertisement reaches everybody in range."""
        if not self.out_of_range:
            super().send_advertising_pdu(sender_controller, packet)

    def send_acl_data(self, sender_controller: Any, destination_address: Any, transport: Any, data: bytes) -> None:
        """Data goes out under the address the connection was made with; bumble's own always takes the random one."""
        receiver = self.find_le_controller(destination_address)
        connection = sender_controller.le_connections.get(destination_address)
        if receiver and connection:
            asyncio.get_running_loop().call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)

    def airtime_us(self, octets: int) -> float:
        """Preamble, access address, header, payload, MIC-free, CRC."""
        preamble = 1 if self.phy_mbps == 1 else 2
        return (preamble + 4 + 2 + octets + 3) * 8 / self.phy_mbps


class AirController(Controller):
    """A controller whose data waits for connection events."""

    link: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.le_acl_data_packet_length = self.acl_data_packet_length = 251
        self.total_num_le_acl_data_packets = self.total_num_acl_data_packets = 16
        self.supported_max_tx_octets = self.supported_max_rx_octets = 251
        self.supported_max_tx_time = self.supported_max_rx_time = 2120
        self.supported_commands = Controller.supported_commands | {hci.HCI_LE_SET_DATA_LENGTH_COMMAND}
        # Linux waits for an event that bumble does not send when these are offered (bumble #841)
        self.le_features &= ~(hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING)
        self._indication: Any = None
        self._tasks: set[asyncio.Task[None]] = set()

    def on_hci_reset_command(self, command: Any) -> Any:
        """A reset hangs up: bumble's own leaves links and scans behind."""
        for connection in list(self.le_connections.values()):
            connection.send_ll_control_pdu(ll.TerminateInd(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR))
        self.le_connections.clear()
        self.le_legacy_advertiser.stop()
        self.le_scan_enable = False
        self.pending_le_connection = None
        return super().on_hci_reset_command(command)

    def on_hci_le_set_data_length_command(self, command: Any) -> Any:
        """Long packets are always on."""
        return hci.HCI_StatusAndConnectionHandleReturnParameters(
            status=SUCCESS, connection_handle=command.connection_handle
        )

    def on_hci_le_create_connection_cancel_command(self, command: Any) -> Any:
        """Give up connecting, and say so as the specification wants it."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if not pending:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=0,
                peer_address_type=0,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(SUCCESS)

    def on_advertising_pdu(self, pdu: Any) -> None:
        """Report the advertisement and, scanning actively, its scan response; then bumble's connection initiation."""
        if self.le_scan_enable and isinstance(pdu, ll.AdvInd):
            self._report(pdu)
        scanning, self.le_scan_enable = self.le_scan_enable, False
        try:
            super().on_advertising_pdu(pdu)
        finally:
            self.le_scan_enable = scanning

    def _report(self, pdu: Any) -> None:
        report = hci.HCI_LE_Advertising_Report_Event
        address, rssi = pdu.advertiser_address, -55 + self.link.rng.randint(-6, 6)
        advertiser = self.link.find_le_controller(address)
        kinds = [(report.EventType.ADV_IND, pdu.data)]
        if self.le_scan_type == 1 and advertiser and advertiser.le_legacy_advertiser.scan_response_data.rstrip(b"\0"):
            kinds.append((report.EventType.SCAN_RSP, advertiser.le_legacy_advertiser.scan_response_data))
        for kind, data in kinds:
            self.send_hci_packet(report([report.Report(kind, address.address_type, address, data, rssi)]))

    def on_hci_disconnect_command(self, command: Any) -> Any:
        """Hang up at once on both sides."""
        connection = self.find_le_connection_by_handle(command.connection_handle)
        if not connection:
            return super().on_hci_disconnect_command(command)
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        connection.send_ll_control_pdu(ll.TerminateInd(command.reason))
        self.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR)
        return None

    def create_le_connection(self, peer_address: Any) -> None:
        """Remember the parameters asked for, and begin the connection's events."""
        pending: Any = self.pending_le_connection
        super().create_le_connection(peer_address)
        connection: Any = self.le_connections.get(pending.peer_address)
        if connection is None:
            return
        extended = isinstance(pending, hci.HCI_LE_Extended_Create_Connection_Command)
        connection.interval = pending.connection_interval_mins[0] if extended else pending.connection_interval_min
        connection.timeout = pending.supervision_timeouts[0] if extended else pending.supervision_timeout
        connection.latency, connection.queue = 0, []
        task = asyncio.get_running_loop().create_task(self._run_events(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def on_le_connect_ind(self, packet: Any) -> None:
        """The peripheral's side of a new connection."""
        self._indication, before = packet, set(self.le_connections)
        super().on_le_connect_ind(packet)
        for address in set(self.le_connections) - before:
            connection: Any = self.le_connections[address]
            connection.queue = []

    def send_hci_packet(self, packet: Any) -> None:
        """Tell a peripheral the true connection parameters, where bumble tells fixed ones."""
        if (
            isinstance(packet, hci.HCI_LE_Connection_Complete_Event)
            and packet.role == hci.Role.PERIPHERAL
            and packet.status == 0
        ):
            packet = hci.HCI_LE_Connection_Complete_Event(
                status=0,
                connection_handle=packet.connection_handle,
                role=packet.role,
                peer_address_type=packet.peer_address_type,
                peer_address=packet.peer_address,
                connection_interval=self._indication.interval,
                peripheral_latency=self._indication.latency,
                supervision_timeout=self._indication.timeout,
                central_clock_accuracy=0,
            )
        super().send_hci_packet(packet)

    def on_hci_le_connection_update_command(self, command: Any) -> None:
        """New connection parameters hold from the next event on."""
        connection: Any = self.find_le_connection_by_handle(command.connection_handle)
        if connection:
            connection.interval = command.connection_interval_max
            connection.timeout, connection.latency = command.supervision_timeout, command.max_latency
        super().on_hci_le_connection_update_command(command)

    def on_hci_acl_data_packet(self, packet: Any) -> None:
        """Data from the host waits for its turn on the air."""
        connection: Any = self.find_le_connection_by_handle(packet.connection_handle)
        if connection is not None:
            connection.queue.append(packet)

    async def _run_events(self, connection: Any) -> None:
        """The central runs the events of a connection, for both directions, until it is gone."""
        loop = asyncio.get_running_loop()
        due_s = heard_s = loop.time()
        while self.le_connections.get(connection.peer_address) is connection:
            interval_s = connection.interval * INTERVAL_UNIT_S
            due_s = max(due_s + interval_s, loop.time())  # a machine too slow for the schedule slips, it does not burst
            await asyncio.sleep(due_s - loop.time())
            if self.le_connections.get(connection.peer_address) is not connection:
                return
            peer: Any = self.link.find_le_controller(connection.peer_address)
            other: Any = peer.le_connections.get(connection.self_address) if peer else None
            if other is not None and not self.link.out_of_range:
                heard_s = loop.time()
                self._exchange(connection, peer, other, interval_s * 1e6 - 2 * INTER_FRAME_SPACE_US)
            elif loop.time() - heard_s > connection.timeout * TIMEOUT_UNIT_S:
                self._drop(connection, peer, other)
                return

    def _exchange(self, mine: Any, peer: Any, other: Any, budget_us: float) -> None:
        """PDUs in turn, central then peripheral, as long as the interval has room; lost ones stay queued."""
        while True:
            heads = [(self, mine), (peer, other)]
            sizes = [len(c.queue[0].data) if c.queue else 0 for _, c in heads]
            budget_us -= sum(self.link.airtime_us(n) for n in sizes) + 2 * INTER_FRAME_SPACE_US
            if budget_us < 0 or not any(c.queue for _, c in heads):
                return
            for _, connection in heads:
                if connection.queue and self.link.rng.random() >= self.link.loss:
                    connection.on_hci_acl_data_packet(connection.queue.pop(0))

    def _drop(self, mine: Any, peer: Any, other: Any) -> None:
        for controller, connection in ((self, mine), (peer, other)):
            if controller and connection and controller.le_connections.get(connection.peer_address) is connection:
                controller.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)


class Air:
    """The room: makes controllers that hear each other."""

    def __init__(self, loss: float = 0.0, phy_mbps: int = 2, seed: int = 0) -> None:
        self.link = AirLink(loss, phy_mbps, seed)
        self._made = 0
        self._servers = list[asyncio.Server]()
        self.dongles = set[Any]()
        """Transports of the hosts that are there."""

    def controller(self, name: str, sink: Any = None) -> AirController:
        """A new controller; `sink` takes its HCI packets."""
        self._made += 1
        return AirController(name, None, sink, self.link, public_address=f"C0:FF:EE:00:00:{self._made:02X}")

    def lose(self, seconds: float) -> None:
        """Peripherals are out of range from now on, for so long."""
        self.link.out_of_range = True
        asyncio.get_running_loop().call_later(seconds, setattr, self.link, "out_of_range", False)

    async def serve(self, port: int) -> int:
        """Listen on loopback: every TCP connection is a new virtual dongle (HCI, H4). Gives the port."""
        server = await asyncio.get_running_loop().create_server(lambda: _Dongle(self), "127.0.0.1", port)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Nobody is there any more."""
        for server in self._servers:
            server.close()
        for transport in self.dongles:
            transport.close()


class _Dongle(asyncio.Protocol):
    """One TCP connection as a USB dongle would be: HCI packets either way."""

    def __init__(self, air: Air) -> None:
        self._air = air

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._air.dongles.add(transport)
        self._controller = self._air.controller("central", self)
        self._parser = PacketParser(self._controller)

    def on_packet(self, packet: bytes) -> None:
        """From the controller to the host."""
        self._transport.write(packet)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Pulled out: silence, and the peers notice at their supervision timeout."""
        self._air.dongles.discard(self._transport)
        link, loop = self._air.link, asyncio.get_running_loop()
        link.remove_controller(self._controller)
        connections: list[Any] = list(self._controller.le_connections.values())
        for connection in connections:
            peer: Any = link.find_le_controller(connection.peer_address)
            other = peer.le_connections.get(connection.self_address) if peer else None
            if other:
                loop.call_later(connection.timeout * TIMEOUT_UNIT_S, _hang_up, peer, other)
        self._controller.le_connections.clear()
        self._controller.host = None


def _hang_up(controller: Any, connection: Any) -> None:
    if controller.le_connections.get(connection.peer_address) is connection:
        controller.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
