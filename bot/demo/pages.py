"""The page of the demo: what a person sees as JSON, and what they do, over HTTP."""

from __future__ import annotations

import base64
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from simcord.backend.errors import SetupError

from bot.demo.faults import json_response
from bot.demo.offers import offered_specs
from bot.demo.places import Places
from bot.demo.sight import Impossible, is_private
from bot.demo.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.demo.people import Answer, Form, Person
    from bot.demo.stage import Stage

    Act = Callable[["Person", dict[str, Any]], Awaitable[Answer | None]]

FOLDER = Path(__file__).resolve().parent / "page"
BOT = "Standfirst"
KEPT_FORMS = 200
LARGEST_NUMBER = 2**53 - 1  # that JavaScript counts exactly
POLICY = "default-src 'self'; img-src 'self' data: http: https:; frame-ancestors 'none'; base-uri 'none'"
HERE = ("127.0.0.1", "localhost")  # a page of another name is somebody else's, led here by its name server
UNREADABLE = "The page sent something that cannot be read."


class Pages:
    """Serves the page and carries out what is pressed on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.steps = Steps()
        self.places = Places(stage.discord)
        self._run = secrets.token_hex(4)  # tells an open page that the demo was started again
        self._forms: dict[str, Form] = {}
        self._acts: dict[str, Act] = {
            "press": self._press,
            "choose": self._choose,
            "send": self._send,
            "run": self._run_command,
            "complete": self._complete,
            "dismiss": self._dismiss,
            "write": self._write,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Answer the page's addresses."""
        router.add_get("/", _guarded(self._index))
        router.add_static("/page", FOLDER)
        router.add_get("/demo/state", _guarded(self._state))
        router.add_get("/demo/events", _guarded(self._events))
        router.add_post("/demo/{act}", _guarded(self._act))

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / "index.html", headers={"Content-Security-Policy": POLICY})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Send a number after each visible change, for as long as the page is open."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        with suppress(ConnectionError):
            await response.write(b"retry: 500\ndata: 0\n\n")
            async for count in self.stage.discord.changes():
                await response.write(f"data: {count}\n\n".encode())
        return response

    # Seeing

    async def _state(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request.query.get("person"))
        channels = [_listed(person, channel) for channel in person.channels()]
        wanted = request.query.get("channel")
        here = next((item for item in channels if item["id"] == wanted), None)
        messages = [] if here is None else self.places.messages(person, int(here["id"]))
        self.steps.seen(here, messages)
        return _json(
            {
                "run": self._run,
                "ready": self.stage.is_ready,
                "since": str(self.stage.ready_at),
                "me": {"id": str(person.id), "name": person.name, "locale": person.locale},
                "people": [self._described(each) for each in self.stage.people],
                "channels": channels,
                "channel": here,
                "messages": messages,
                "names": self._names(),
                "commands": offered_specs(person, int(here["id"])) if here else [],
                "steps": self.steps.done,
            }
        )

    def _names(self) -> dict[str, Any]:
        backend = self.stage.discord.backend
        guild = backend.get_guild(self.stage.server.id)
        return {
            "users": {str(person.id): person.name for person in self.stage.people} | {str(backend.bot_user.id): BOT},
            "roles": {str(role.id): role.name for role in guild.roles.values() if role.id != guild.id},
        }

    def _described(self, person: Person) -> dict[str, str]:
        guild = self.stage.discord.backend.get_guild(self.stage.server.id)
        roles = [guild.roles[role_id].name for role_id in guild.members[person.id].role_ids if role_id in guild.roles]
        part = "owner, editor" if person is self.stage.owner else ", ".join(roles).lower() or "member"
        speaks = {"ru": ", Russian"}.get(person.locale, "")
        return {"id": str(person.id), "name": person.name, "part": part + speaks}

    def _person(self, wanted: object) -> Person:
        found = next((person for person in self.stage.people if str(person.id) == str(wanted)), None)
        return found or self.stage.people[0]

    # Acting

    async def _act(self, request: web.Request) -> web.StreamResponse:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            raise Impossible("There is no such act.")
        if request.content_type != "application/json":  # what a foreign page can send without being asked
            raise Impossible(UNREADABLE)
        try:
            body = await request.json()
            person = next(each for each in self.stage.people if str(each.id) == str(body["person"]))
            where = int(body.get("where") or 0)
            answer = await act(person, body)
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
            raise Impossible(UNREADABLE) from None
        if answer is None:
            return json_response({"kind": "done"})
        self.places.note(answer, where)
        self.steps.acted(request.match_info["act"], body, answer)
        return _json(self._result(answer))

    def _result(self, answer: Answer) -> dict[str, Any]:
        result: dict[str, Any] = {"kind": answer.kind, "choices": answer.choices, "form": None}
        if answer.form is not None:
            token = secrets.token_hex(8)
            self._forms[token] = answer.form
            if len(self._forms) > KEPT_FORMS:
                self._forms.pop(next(iter(self._forms)))
            result["form"] = {"token": token, **answer.form.spec}
        self.stage.discord.visible.bump()  # steps may have been done
        return result

    async def _press(self, person: Person, body: dict[str, Any]) -> Answer:
        return await person.press(int(body["message"]), body["name"])

    async def _choose(self, person: Person, body: dict[str, Any]) -> Answer:
        return await person.choose(int(body["message"]), body["name"], body["values"])

    async def _send(self, person: Person, body: dict[str, Any]) -> Answer:
        form = self._forms.get(str(body["form"]))
        if form is None:
            raise Impossible("This form is no longer open.")
        answer = await person.send(form, {name: _decoded(value) for name, value in body["values"].items()})
        if form.sent:
            self._forms.pop(str(body["form"]), None)
        return answer

    async def _run_command(self, person: Person, body: dict[str, Any]) -> Answer:
        options = {name: _decoded(value) for name, value in body["options"].items()}
        return await person.run(body["command"], where=int(body["where"]), **options)

    async def _complete(self, person: Person, body: dict[str, Any]) -> Answer:
        options, where = body["options"], int(body["where"])
        return await person.complete(body["command"], body["option"], body["typed"], where=where, **options)

    async def _dismiss(self, person: Person, body: dict[str, Any]) -> None:
        person.dismiss(int(body["message"]))
        self.stage.discord.visible.bump()

    async def _write(self, person: Person, body: dict[str, Any]) -> None:
        person.type(int(body["where"]), str(body["text"])[:2000])


def _json(payload: Any) -> web.Response:
    return json_response(_exact(payload))


def _exact(value: Any) -> Any:
    """Write ids as text: a browser's numbers are too short for them."""
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    return str(value) if isinstance(value, int) and abs(value) > LARGEST_NUMBER else value


def _guarded(serve: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
    """Refuse strangers, and answer what is impossible with one sentence."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.host.rsplit(":", 1)[0] not in HERE:
            return json_response({"error": "This page is for this computer only."}, status=403)
        try:
            return await serve(request)
        except (Impossible, SetupError) as error:
            return json_response({"error": str(error)}, status=400)

    return guarded


def _listed(person: Person, channel: dict[str, Any]) -> dict[str, Any]:
    public = [message["id"] for message in person.sees(channel) if not is_private(message)]
    return {
        "id": channel["id"],
        "name": channel.get("name") or BOT,
        "parent": channel.get("parent_id"),
        "thread": "thread_metadata" in channel,
        "direct": channel["type"] == 1,
        "type": int(channel["type"]),
        "topic": channel.get("topic"),
        "may_write": channel["may_write"],
        "last": public[-1] if public else None,
    }


def _decoded(value: Any) -> Any:
    """Turn uploaded files, `{"name": …, "data": base64}`, into what people hand over; leave the rest."""
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    if isinstance(value, dict):
        return str(value["name"]), base64.b64decode(value["data"], validate=True)
    return value
