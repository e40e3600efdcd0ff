"""The shop's own answers to what the catalogue does not say, from the control room."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from engine.records import FaqEntry, Ledger, LedgerError, Role
from engine.script import FactBook
from engine.script.faq import AnswerRefusedError, Kept, keep
from engine.script.policy import packs_for
from engine.settings import Channel
from server.errors import LedgerAwayError
from server.room.gate import VisitHere

router = APIRouter(prefix="/api/channels/{channel_id}", tags=["insight"])


class NewAnswer(BaseModel):
    """A question as viewers ask it, and what the host may say to it; without a product it is about the shop."""

    model_config = ConfigDict(extra="forbid")
    question: Annotated[str, Field(max_length=500)]
    answer: Annotated[str, Field(max_length=1000)]
    product_id: Annotated[str, Field(max_length=100)] | None = None


@router.get("/faq")
async def answers(channel_id: str, visit: VisitHere) -> list[FaqEntry]:
    """The shop's answers that hold, oldest first. Role: viewer."""
    visit.needs(Role.VIEWER)
    try:
        return list(await visit.room.watch(channel_id).sight.books.read(lambda ledger: ledger.faq()))
    except LedgerError as error:
        raise LedgerAwayError(str(error)) from error


@router.post(
    "/faq",
    status_code=201,
    response_model=Kept,
    responses={409: {"description": "It may not be said, or would never be found; ``findings`` say why."}},
)
async def answer(channel_id: str, new: NewAnswer, visit: VisitHere) -> Response:
    """Keep an answer of the shop; a running host knows it within seconds. Role: operator."""
    account = visit.needs(Role.OPERATOR)
    watch = visit.room.watch(channel_id)
    try:
        kept = await watch.sight.books.read(lambda ledger: _keep(ledger, watch.channel, new, account.name))
    except AnswerRefusedError as refused:
        findings = [asdict(found) for found in refused.findings]
        body = {"error": refused.code, "message": str(refused), "findings": findings}
        return JSONResponse(body, status_code=409)
    except LedgerError as error:
        raise LedgerAwayError(str(error)) from error
    return JSONResponse(asdict(kept), status_code=201)


def _keep(ledger: Ledger, channel: Channel, new: NewAnswer, user: str) -> Kept:
    """In the ledger's thread: judging takes a tenth of a second."""
    packs = packs_for(channel.items.language, channel.policy.packs, channel.policy.platform)
    kept = keep(ledger, FactBook.of(channel), packs, new.question, new.answer, new.product_id)
    ledger.steered(user, "faq", f"faq.{kept.number}: {new.question} → {new.answer}")
    return kept
