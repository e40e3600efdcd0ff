"""When something is wrong enough to tell somebody, and whom."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, field_validator, model_validator

from engine.settings.catalogue import Strict
from engine.settings.url import with_host

SHORTEST_SECRET = 16


class Alarms(Strict):
    """Limits of the control room's alarms, and an address that is told of each.

    ``webhook`` gets a POST for each alarm that is raised or cleared, signed with ``secret`` (HMAC-SHA256). It is kept
    as a secret itself, because many services put one into the address.
    """

    webhook: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    silent_s: Annotated[float, Field(ge=2, le=60)] = 5.0
    outlet_down_s: Annotated[float, Field(ge=5, le=600)] = 15.0
    repeated_percent: Annotated[float, Field(ge=0.1, le=50)] = 2.0
    queue_empty_s: Annotated[float, Field(ge=1, le=60)] = 5.0
    no_speech_s: Annotated[float, Field(ge=5, le=120)] = 10.0
    memory_growth_percent: Annotated[float, Field(ge=5, le=400)] = 30.0
    disk_free_percent: Annotated[float, Field(ge=1, le=50)] = 10.0

    @field_validator("webhook")
    @classmethod
    def _is_safe(cls, webhook: SecretStr) -> SecretStr:
        """Not shown in the message: see above."""
        if webhook.get_secret_value() and not webhook.get_secret_value().startswith("https://"):
            raise ValueError("this must be an address that begins with https://")
        if webhook.get_secret_value():
            with_host(webhook.get_secret_value())
        return webhook

    @model_validator(mode="after")
    def _is_signed(self) -> Alarms:
        if self.webhook.get_secret_value() and len(self.secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(
                f"a webhook needs alarms.secret of at least {SHORTEST_SECRET} characters, from the environment"
                " such as ${ALARM_SECRET}"
            )
        return self
