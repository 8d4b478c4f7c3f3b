"""Discord's gateway, version 10, over a real websocket: it tells the bot what happens in the simulated world.

The events come from simcord's backend; what a session may see of them follows from the intents it declared.
"""

# ruff: noqa: SLF001 - sessions reuse simcord's own intent filter, and simcord and discord.py offer no public way in.
from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import discord
from aiohttp import WSMsgType, web
from simcord import intents as intent_rules
from simcord.backend import serializers
from simcord.gateway import FakeGateway

from bot.demo.connections import Connection, compressor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simcord.backend import Backend

HEARTBEAT_INTERVAL = 41_250  # milliseconds, as Discord's
KEPT_EVENTS = 5_000  # how far back a session may resume
SEND_SLICE = 1_000  # members in one GUILD_MEMBERS_CHUNK
AUTHENTICATION_FAILED, DISALLOWED_INTENTS = 4004, 4014  # close codes


class Op(IntEnum):
    """The operations of the gateway that this one knows."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Parsers:
    """Stands where simcord expects discord.py's parsers: every event that passes the intents is sent on."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __getitem__(self, event: str) -> Callable[[dict[str, Any]], None]:
        """Return what takes the payload of an event."""
        return lambda payload: self.session.dispatch(event, payload)


class Declared:
    """What simcord's intent filter asks of a connection: its intents and its parsers."""

    def __init__(self, session: Session, intents: discord.Intents) -> None:
        self.intents = intents
        self.parsers = Parsers(session)


class Session:
    """A bot's session: it outlives its websocket, so that a bot may resume it and get what it missed."""

    def __init__(self, gateway: Gateway, session_id: str, intents: discord.Intents, shard: tuple[int, int]) -> None:
        self.gateway = gateway
        self.id = session_id
        self.intents = intents
        self.shard = shard
        self.connection: Connection | None = None
        self.sequence = 0
        self.sent: deque[tuple[int, str]] = deque(maxlen=KEPT_EVENTS)
        declared: Any = Declared(self, intents)
        self._filter = FakeGateway(gateway.backend, declared)

    def feed(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event of the world if this session's intents and shard let it through."""
        guild_id = payload.get("id") if event.startswith("GUILD_") and "guild_id" not in payload else None
        guild_id = payload.get("guild_id", guild_id)
        shard_id, shard_count = self.shard
        if shard_id == (0 if guild_id is None else (int(guild_id) >> 22) % shard_count):
            self._filter.feed(event, payload)

    def dispatch(self, event: str, payload: dict[str, Any]) -> None:
        """Give an event its number, keep it for a later RESUME and send it if the bot is connected."""
        self.sequence += 1
        text = self.gateway.encode({"op": Op.DISPATCH, "t": event, "s": self.sequence, "d": payload})
        self.sent.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send(text)

    def replay(self, after: int) -> int:
        """Send everything numbered above `after` again; return how many events that were."""
        missed = [text for number, text in self.sent if number > after]
        for text in missed:
            if self.connection is not None:
                self.connection.send(text)
        return len(missed)


class Gateway:
    """Every session of the bot, and the websocket endpoint in front of them."""

    def __init__(self, backend: Backend, *, token: str) -> None:
        self.backend = backend
        self.token = token
        self.allowed_privileged: set[str] = set()  # of members, presences, message_content
        self.sessions: dict[str, Session] = {}
        self.url = ""
        self.public_text: Callable[[str], str] = str
        self.identified = 0  # how many sessions were begun
        self.resumed = 0  # how many times a session was resumed
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()
        backend.subscribers.append(self._on_event)

    def _on_event(self, event: str, payload: Mapping[str, Any]) -> None:
        for session in self.sessions.values():
            session.feed(event, payload)

    def encode(self, payload: Mapping[str, Any]) -> str:
        """Return the JSON of a payload as it leaves this server."""
        return self.public_text(json.dumps(payload, separators=(",", ":")))

    @property
    def connected(self) -> list[Session]:
        """The sessions that have an open websocket."""
        return [session for session in self.sessions.values() if session.connection is not None]

    async def wait_connected(self) -> Session:
        """Wait until a bot has identified or resumed."""
        while not self.connected:
            await self._changed.wait()
        return self.connected[0]

    async def wait_disconnected(self) -> None:
        """Wait until no bot is connected."""
        while self.connected:
            await self._changed.wait()

    def _notice(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def drop(self) -> int:
        """Cut every websocket without a goodbye, as a network failure does; return how many were cut."""
        cut = self.connected
        for session in cut:
            connection, session.connection = session.connection, None
            transport = connection.socket._req.transport if connection and connection.socket._req else None
            if transport is not None:
                transport.abort()
        return len(cut)

    async def close(self, code: int = 1001) -> None:
        """Close every websocket with a code."""
        for session in self.connected:
            connection, session.connection = session.connection, None
            if connection is not None:
                await connection.socket.close(code=code)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak to one websocket until it closes."""
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, compressor(request.query.get("compress")))
        writer = asyncio.create_task(connection.write())
        self._reply(connection, Op.HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(connection, json.loads(message.data))
        finally:
            writer.cancel()
            self._forget(connection)
        return socket

    def _forget(self, connection: Connection) -> None:
        for session in self.sessions.values():
            if session.connection is connection:
                session.connection = None
        self._notice()

    def _reply(self, connection: Connection, operation: Op, data: Any) -> None:
        connection.send(self.encode({"op": operation, "s": None, "t": None, "d": data}))

    async def _receive(self, connection: Connection, frame: dict[str, Any]) -> None:
        data = frame.get("d")
        match frame.get("op"):
            case Op.HEARTBEAT:
                self._reply(connection, Op.HEARTBEAT_ACK, None)
            case Op.IDENTIFY:
                await self._identify(connection, data or {})
            case Op.RESUME:
                await self._resume(connection, data or {})
            case Op.REQUEST_MEMBERS:
                self._send_members(connection, data or {})

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        intents = discord.Intents()
        intents.value = int(data.get("intents", 0))
        if data.get("token") != self.token:
            await connection.socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
        elif any(getattr(intents, name) for name in set(intent_rules.PRIVILEGED_INTENTS) - self.allowed_privileged):
            await connection.socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        else:
            shard_id, shard_count = data.get("shard") or (0, 1)
            session = Session(self, f"session-{next(self._numbers)}", intents, (shard_id, shard_count))
            session.connection = connection
            self._add(session)
            self._welcome(session)
            self._notice()

    def _add(self, session: Session) -> None:
        # Several processes may share a token, and each hears everything; what was left by a dead one goes.
        left = [
            key for key, other in self.sessions.items() if other.connection is None and other.shard == session.shard
        ]
        for key in left:
            del self.sessions[key]
        self.sessions[session.id] = session
        self.identified += 1

    def _welcome(self, session: Session) -> None:
        guilds = list(self.backend.guilds.values())
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": dict(serializers.user_payload(self.backend.bot_user)),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": list(session.shard),
                "application": {"id": str(self.backend.application_id), "flags": 0},
            },
        )
        for guild in guilds:
            session.feed("GUILD_CREATE", serializers.guild_create_payload(self.backend, guild))

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self.token:
            await connection.socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
        elif session is None:
            self._reply(connection, Op.INVALID_SESSION, data=False)
        else:
            session.connection = connection
            session.replay(int(data.get("seq") or 0))
            session.dispatch("RESUMED", {})
            self.resumed += 1
            self._notice()

    def _send_members(self, connection: Connection, data: dict[str, Any]) -> None:
        session = next((session for session in self.connected if session.connection is connection), None)
        guild = self.backend.guilds.get(int(data["guild_id"]))
        if session is None or guild is None:
            return
        users = self.backend.users
        wanted = {int(user_id) for user_id in data.get("user_ids") or []}
        prefix = str(data.get("query") or "").lower()
        members = [
            serializers.member_payload(self.backend, guild, member)
            for member in guild.members.values()
            if (member.user_id in wanted if wanted else users[member.user_id].name.lower().startswith(prefix))
        ]
        members = members[: int(data.get("limit") or 0) or None]
        slices = [members[at : at + SEND_SLICE] for at in range(0, len(members), SEND_SLICE)] or [[]]
        for index, part in enumerate(slices):
            chunk = {"guild_id": str(guild.id), "members": part, "chunk_index": index, "chunk_count": len(slices)}
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})
