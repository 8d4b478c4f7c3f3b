"""People who send what their Discord would not: forged presses, choices and forms, delivered as Discord delivers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, given, settings
from simcord.actors import _dispatch_actor_interaction
from simcord.backend import serializers
from simcord.builders import ChannelHandle
from simcord.enums import InteractionType

from tests.hostile import SEARCHING
from tests.world import said

if TYPE_CHECKING:
    import simcord
    from hypothesis.strategies import SearchStrategy
    from simcord import InteractionResult
    from simcord.builders import UserHandle

    from tests.world import World

BUTTON, LABEL, TEXT_INPUT = 2, 18, 4
NO_PINGS = {"parse": []}


def drawn(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """Examples, the same ones each time, for a test that must await."""
    found: list[Any] = []

    @settings(SEARCHING, max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


async def press(
    person: simcord.MemberActor | UserHandle, message: Any, custom_id: str, *, kind: int = BUTTON, **data: Any
) -> InteractionResult:
    """Press a button, or choose in a select, with this custom_id in a message of the bot's that has it only now."""
    backend = person._env.backend
    stored = backend.get_message(message.channel.id, message.id)
    kept = stored.components
    item = {"type": kind, "custom_id": custom_id} | ({"style": 2, "label": "x"} if kind == BUTTON else {})
    if kind == 3:
        item["options"] = [{"label": "x", "value": "x"}]
    stored.components = [{"type": 1, "components": [item]}]
    payload = dict(serializers.message_payload(backend, stored)) | {"flags": stored.flags & ~(1 << 15)}
    stored.components = kept
    place = ChannelHandle(person._env, getattr(person, "guild", None), backend.get_channel(stored.channel_id))
    return await _dispatch_actor_interaction(
        person,
        InteractionType.MESSAGE_COMPONENT,
        place,
        {"custom_id": custom_id, "component_type": kind, **data},
        extra={"message": payload},
        source_message_id=stored.id,
    )


async def send_form(
    person: simcord.MemberActor | UserHandle, place: ChannelHandle, custom_id: str, **values: str | list[str] | None
) -> InteractionResult:
    """Send a form that need never have been opened; a list is what was chosen in a select, None is left out."""
    fields = [_field(name, value) for name, value in values.items() if value is not None]
    data = {"custom_id": custom_id, "components": fields}
    return await _dispatch_actor_interaction(person, InteractionType.MODAL_SUBMIT, place, data)


def _field(name: str, value: str | list[str]) -> dict[str, Any]:
    inner = {"type": 3, "values": value} if isinstance(value, list) else {"type": TEXT_INPUT, "value": value}
    return {"type": LABEL, "component": {"custom_id": name, **inner}}


def answered(result: InteractionResult) -> str:
    """What one person was told; raises when nobody answered, when others see it, or when something went wrong."""
    if result.modal is not None:
        return str(result.modal)
    sentence = said(result)
    assert sentence, "no answer"
    assert "tell an administrator this number" not in sentence, sentence
    return sentence


def require_no_pings(world: World) -> None:
    """Raise when anything that was sent to Discord could ping somebody, or is no text."""
    bodies = [entry.json for entry in world.env.http_requests if isinstance(entry.json, dict)]
    bodies += [body["data"] for body in bodies if isinstance(body.get("data"), dict)]
    messages = [body for body in bodies if (body.get("content") or body.get("components")) and "title" not in body]
    assert messages
    for body in messages:
        json.dumps(body, ensure_ascii=False).encode()
        assert body.get("allowed_mentions") == NO_PINGS, body
    pinged = [
        message
        for channel in world.env.backend.messages.values()
        for message in channel.values()
        if message.ping_user_ids or message.ping_role_ids or message.mention_everyone
    ]
    assert not pinged
