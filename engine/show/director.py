"""The director: decides what is said next, for ever."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from engine.flow import Card, Framing, Line, LineKind, Question
from engine.records import Ledger
from engine.script import (
    Answer,
    Answerer,
    Draft,
    FactBook,
    Guard,
    Kind,
    Selector,
    TemplateWriter,
    Topic,
    Verdict,
    judge_typed,
)
from engine.script.choose import TEXT_WINDOW
from engine.script.facts import campaign_id
from engine.script.llm import Judge
from engine.script.policy import packs_for
from engine.settings import Catalogue, Channel
from engine.show.cards import make_cards
from engine.show.clock import WallClock
from engine.show.freshness import Freshness
from engine.show.interludes import Interludes
from engine.show.notices import Notices
from engine.show.pacing import pause_ms, spoken_seconds
from engine.show.planner import Beat, Planner
from engine.show.pool import DraftPool
from engine.show.put_back import PutBack
from engine.show.replay import OF_A_VISIT, Replay
from engine.show.rundown import Rundown
from engine.show.safe_names import safe_name
from engine.show.schedule import Schedule
from engine.show.shots import Shots
from engine.show.written import WrittenLines

_log = logging.getLogger(__name__)

NOTICE_EARLY_S = 20.0
"""Between two visits the spoken AI notice comes up to this much before its time."""

ONE_LINE_S = 12.0
"""A line may last this long: a notice that is due sooner is said before it."""

CAMPAIGN_OVER = "the campaign ended before it could be said"

_PATIENCE = 60
"""Beats without a new sentence, after which a visit may be told in the sentences that were said longest ago."""

_MOST_REFUSED = 500

_MOST_TOLD = 1000
"""Refusals that are remembered, so that the log tells each once; prices that change make ever new ones."""


class ShowError(Exception):
    """The show cannot go on: the catalogue leaves nothing that may be said."""


class Director:
    """Makes one line after the other. The same catalogue, seed, questions and times give the same lines.

    ``ledger`` is asked for the number of this run (ids of lines are "3-17": the 17th line of the third run) and for
    the lines said last, so that a restarted show does not say them again. ``now`` tells the time for hours and
    campaigns; without it neither holds. ``selector`` is a model that may point at the fact that answers a question.
    """

    def __init__(
        self, channel: Channel, ledger: Ledger, now: WallClock | None = None, selector: Selector | None = None
    ) -> None:
        self._channel = channel
        self._ledger = ledger
        self._now = now
        self._selector = selector
        self._run = ledger.start_run()
        self._made = 0
        self._seconds = 0.0
        self._notices = Notices(60.0 * channel.policy.notice_every_minutes)
        self._put_back = PutBack()
        self._book = FactBook.of(channel, faq=ledger.faq())
        self._guard = self._new_guard()
        self._writer = TemplateWriter(
            self._book,
            channel.show.seed,
            self._approves,
            chat=channel.chat.enabled,
            manner=channel.persona.manner,
        )
        said_before = [said.text for said in reversed(ledger.lines(TEXT_WINDOW))]
        self._writer.chooser.remember(said_before)
        self._judge = Judge(self._book, self._guard)
        self._pool = DraftPool(channel.writer.share, channel.show.seed, lambda draft: not self._judge.faults(draft))
        self._pool.remember(said_before)
        self._answerer: Answerer | None = None
        self._is_ready = False
        self._schedule = Schedule(channel.show)
        self._rundown = Rundown(channel.items, channel.show)
        self._planner = Planner(self._writer, self._rundown, channel.show.facts_per_visit, channel.show.seed)
        self._shots = Shots(channel.show.seed)
        self._written = WrittenLines(ledger)
        self._interludes = Interludes(self._planner, self._rundown, self._schedule)
        self._freshness = Freshness()
        self._refused: set[str] = set()
        self._on_show: str | None = None
        self._mood: str | None = None
        self._framing: Framing | None = None
        self._beats: deque[Beat] = deque(self._planner.opening())

    @property
    def on_show(self) -> str | None:
        """The product that the newest line of the show is about."""
        return self._on_show

    @property
    def run(self) -> int:
        """The ledger's number of this run."""
        return self._run

    def adopt(self, line: Line) -> bool:
        """Take over a line that another process made and that waits for the air; False when it may not be said now."""
        self._written.remember(line)
        return not line.allowed or self._guard.verdict(line).ok

    def resume(self, lines: Sequence[Line]) -> None:
        """Go on behind these lines of the same show, oldest first, instead of beginning anew."""
        if not any(line.kind in OF_A_VISIT for line in lines):
            return
        visit = Replay(self._rundown).through(lines)
        self._writer.chooser.remember([line.text for line in lines])
        self._resume_notices(lines)
        self._beats.clear()
        if visit is not None and visit.product_id in self._book.products:
            self._on_show = visit.product_id
            self._interludes.visited(visit.product_id)
            self._beats.extend(self._planner.visit(visit.product_id, self._goes_on, visit.told))

    def _resume_notices(self, lines: Sequence[Line]) -> None:
        told = [i for i, each in enumerate(lines) if each.kind is LineKind.NOTICE]
        if not told:
            self._notices.missed()
            return
        since = lines[told[-1] :]
        self._notices.made(since[0].line_id, -sum(spoken_seconds(line.text) for line in since))

    def next_line(self) -> Line:
        """The next line of the show; price and stock are read now. One that was put back comes again.

        Raises:
            ShowError: nothing in the catalogue passes the guard.
        """
        again = self._put_back.next()
        if again is not None:
            return self.in_manner(again)
        for attempt in range(_MOST_REFUSED):
            if self._notice_is_due():
                self._notices.begin(self._seconds)
                self._beats.appendleft(self._writer.notice)
            if attempt == _PATIENCE:
                self._clear_beats()
            if not self._beats:
                self._writer.repeats = attempt >= _PATIENCE
                self._beats.extend(self._next_part())
            draft = self._beats.popleft()()
            if draft is not None:
                draft = self._pool.instead_of(draft)
                if draft.product_id is not None:
                    self._on_show = draft.product_id
                return self._line(draft, self._on_show)
        raise ShowError("nothing in the catalogue may be said: the guard refuses every line; see the log")

    @property
    def catalogue_version(self) -> int:
        """Counts the versions of the catalogue in this run, from 1."""
        return self._book.version

    def prepare_answers(self) -> None:
        """Load what answers need (about 2 s, once), so that the first answer is quick."""
        if not self._is_ready:
            self._is_ready = True
            self._answers().load()

    def answer(self, question: Question, on_air: str | None = None) -> Line:
        """A line that answers ``question``, about the product that it names, else about the one ``on_air``.

        The show is made some seconds ahead: ``on_air`` is the product that viewers see now, and should be given;
        without it "it" is the product of the newest line.

        What the catalogue cannot answer is said honestly, and kept in the ledger for the shop. A product that is
        asked about comes sooner.
        """
        return self.answer_topic(question, self.topic(question, on_air), on_air)

    def topic(self, question: Question, on_air: str | None, before: Topic | None = None) -> Topic:
        """What ``question`` is about; ``before`` is what the same viewer asked about last."""
        seen = self._seen(on_air)
        following = self._rundown.peek() if seen == self._on_show else self._on_show
        return self._answers().topic(question.text, seen, following, before)

    def answer_topic(self, question: Question, topic: Topic, on_air: str | None) -> Line:
        """A line that answers ``question``, which is about ``topic``; values are those of now."""
        answer = self._answers().say(topic)
        line = self._line(answer.draft, self._seen(on_air), self._in_picture(question, answer), answer.reply)
        self._keep(question, line, topic)
        if answer.declined:
            self._ledger.unanswered(question, line.product_id)
        self._follow_interest(answer.draft)
        return line

    def note_asked(self, question: Question, line: Line, topic: Topic) -> None:
        """Keep in the ledger that ``line``, made for another viewer, answers ``question`` as well."""
        self._keep(question, line, topic)
        if topic.kind is Kind.UNKNOWN:
            self._ledger.unanswered(question, line.product_id)

    def _keep(self, question: Question, line: Line, topic: Topic) -> None:
        about = topic.products[0] if topic.products else line.product_id
        self._ledger.asked(question, line, topic.kind.value, about)

    def written_reply(self, topic: Topic) -> str:
        """The words for a reply that is only written; nothing of it is kept."""
        return self._answers().say(topic).reply

    @property
    def answer_openers(self) -> tuple[str, ...]:
        """All that ``open_answer`` may say."""
        return self._answers().openers

    def open_answer(self) -> Line | None:
        """A few words with which the host turns to a question whose answer is not made yet."""
        draft = self._answers().open()
        return self._line(draft, self._on_show) if draft is not None else None

    def greet(self, names: Sequence[str], others: bool, thanks: bool) -> Line | None:
        """One line to several viewers, by those ``names`` that are safe to say."""
        draft = self._answers().greet(names, others, thanks)
        return self._line(draft, self._on_show) if draft is not None else None

    def safe_name(self, viewer: str) -> str | None:
        """The name of ``viewer`` as the host may say it, or None."""
        return safe_name(viewer, self._book)

    def follow_faq(self) -> frozenset[str] | None:
        """Take up the answers that the shop has written since; the ids of lines gone stale, None if nothing changed."""
        if self._ledger.faq() == tuple(self._book.faq.values()):
            return None
        return self.update_catalogue(self._book.catalogue)

    def _answers(self) -> Answerer:
        if self._answerer is None:
            self._answerer = Answerer(self._book, self._writer, self._selector)
        return self._answerer

    def _seen(self, on_air: str | None) -> str | None:
        return on_air if on_air in self._book.products else self._on_show

    def _in_picture(self, question: Question, answer: Answer) -> Question | None:
        """The question as the picture shows it.

        Only what was understood is shown, without a name that could not be said: what tries to steer or to hurt, and
        what may be anything, is answered but its words are not put into the picture.
        """
        if answer.declined or not answer.topic.understood:
            return None
        return replace(question, viewer=self.safe_name(question.viewer) or "")

    def judge(self, text: str, product_id: str | None, kind: LineKind = LineKind.SAY) -> tuple[Draft, Verdict]:
        """What an operator wants said, with the facts that it speaks of, and what the guard says to it."""
        return judge_typed(self._guard, text, product_id, kind=kind)

    def say(self, draft: Draft, question: Question | None = None) -> Line:
        """A line of an operator's; ``question`` is the one that it answers."""
        reply = draft.text if question is not None else ""
        line = self._line(draft, self._on_show, question, reply)
        if question is not None:
            self._ledger.asked(question, line)
        return line

    def leave(self) -> None:
        """Go on to the next product with the next line; a notice that waits is said before."""
        self._clear_beats()
        left = self._put_back.take(lambda line: line.kind is not LineKind.NOTICE)
        self.drop([line.line_id for line in left], "another product came before it could be spoken")

    def put_back(self, line: Line) -> bool:
        """No voice could speak this line of the show: it comes again. False where it is at fault itself."""
        return self._put_back.add(line)

    def was_spoken(self) -> None:
        """The newest line of the show has its sound."""
        self._put_back.was_spoken()

    def cut_short(self, line: Line) -> None:
        """A line was cut while it was on air. A notice is said again."""
        self._notices.missed(line.line_id)

    def pin(self, product_id: str | None) -> None:
        """Show a product with the next line, and after every other one; None goes back to the settings' pin."""
        self._rundown.pin(product_id)
        if product_id is not None:
            self.leave()

    def set_manner(self, mood: str | None, framing: Framing | None) -> None:
        """Mood and framing of every line from now on; None leaves it to the director."""
        self._mood, self._framing = mood, framing

    def in_manner(self, line: Line) -> Line:
        """A line that was made before, in the mood and framing of now."""
        return replace(line, mood=self._mood or line.mood, framing=self._framing or line.framing)

    @property
    def products(self) -> tuple[str, ...]:
        """Ids of the products of the present catalogue."""
        return tuple(self._book.products)

    def update_catalogue(self, catalogue: Catalogue) -> frozenset[str]:
        """Go on with ``catalogue``. Returns the ids of lines made earlier that its changes made untrue.

        A product that sold out leaves the show at once, with the lines about it. The visit on air goes on where only
        prices and stock have changed: a shop that sells well has a new stock every few seconds.
        """
        book = FactBook.of(self._channel, catalogue, self._book.version + 1, self._ledger.faq())
        changed = self._book.changed(book)
        sold_out = frozenset(i for i, p in book.products.items() if not p.stock and self._had_stock(i))
        goes_on = _planned_from(self._book.catalogue) == _planned_from(catalogue)
        self._freshness.change(book.version, changed, every=not goes_on or book.faq != self._book.faq)
        self._book = self._writer.book = book
        self._guard = self._new_guard()
        self._judge = Judge(book, self._guard)
        self._pool.drop(changed)
        if self._answerer is not None:
            self._answerer.replace(book)
        self._rundown.replace(catalogue)
        if self._on_show not in book.products:
            self._on_show = None
        self._interludes.keep(book.products)
        if not goes_on:
            self._clear_beats()
        stale = self._written.stale(changed, sold_out, self._guard)
        left = self._put_back.take(lambda line: line.line_id in stale)
        self.drop([line.line_id for line in left], "the catalogue changed")
        return stale

    def still_holds(self, line: Line) -> bool:
        """Whether an answer made before would be the same now; prices and stock that it does not tell may be others."""
        return self._freshness.holds(line)

    def receive(self, drafts: Iterable[Draft]) -> None:
        """Take in lines that a language model wrote ahead; each is judged again when its moment comes."""
        self._pool.add(drafts)

    @property
    def catalogue_edition(self) -> str:
        """The version that the show goes by; another in each run, so that no line of another one is taken for its."""
        return f"{self._run}-{self._book.version}"

    @property
    def catalogue(self) -> Catalogue:
        """The version that the show goes by."""
        return self._book.catalogue

    @property
    def drafts_waiting(self) -> int:
        """How many lines of a language model wait for their moment."""
        return self._pool.waiting()

    def upcoming(self) -> tuple[str, ...]:
        """All products, those that come next first."""
        return self._rundown.upcoming()

    def drop(self, line_ids: Iterable[str], why: str) -> None:
        """Keep in the ledger that lines never went on air. A notice among them is due again."""
        for line_id in line_ids:
            self._notices.missed(line_id)
            self._ledger.dropped(line_id, why)

    def outlived(self) -> frozenset[str]:
        """Ids of lines about campaigns that have ended since: the show was paused, say, or no voice could speak."""
        over = self._schedule.over(self._moment())
        stale = self._written.citing(frozenset(map(campaign_id, over))) if over else frozenset()
        left = self._put_back.take(lambda line: line.line_id in stale)
        self.drop([line.line_id for line in left], CAMPAIGN_OVER)
        return stale

    def cards(self) -> tuple[Card, ...]:
        """A card for each product of the current catalogue."""
        return make_cards(self._book.catalogue)

    def _new_guard(self) -> Guard:
        policy = self._channel.policy
        return Guard(self._book, packs_for(self._book.catalogue.language, policy.packs, policy.platform))

    def _had_stock(self, product_id: str) -> bool:
        before = self._book.products.get(product_id)
        return before is not None and before.stock > 0

    def _approves(self, draft: Draft) -> bool:
        verdict = self._guard.verdict(draft)
        refusal = f"{draft.fact_ids}: {verdict.reasons}"
        if not verdict.ok and refusal not in self._refused:
            if len(self._refused) == _MOST_TOLD:
                self._refused.clear()
            self._refused.add(refusal)
            _log.warning("refused “%s”: %s", draft.text, "; ".join(verdict.reasons))
        return verdict.ok

    def _line(self, draft: Draft, seen: str | None, question: Question | None = None, reply: str = "") -> Line:
        self._made += 1
        self._writer.chooser.used(draft.frame, draft.text)
        line_id = f"{self._run}-{self._made}"
        framing, push_in = self._shots.shot(draft, line_id)
        line = Line(
            line_id=line_id,
            kind=draft.kind,
            text=draft.text,
            fact_ids=draft.fact_ids,
            product_id=draft.product_id or seen,
            mood=self._mood or draft.mood,
            question=question,
            reply=reply,
            catalogue_version=self._book.version,
            framing=self._framing or framing,
            push_in=push_in,
            pause_ms=pause_ms(draft.kind),
            addressed=draft.addressed,
            writer=f"{draft.writer} {draft.model}".strip(),
        )
        verdict = self._guard.verdict(line)
        line = replace(line, allowed=verdict.ok)
        self._written.keep(line, draft, self._book, verdict)
        if line.kind is LineKind.NOTICE:
            self._notices.made(line.line_id, self._seconds)
        else:
            self._notices.made_other()
            self._seconds += spoken_seconds(line.text) + line.pause_ms / 1000
        return line

    def _follow_interest(self, draft: Draft) -> None:
        """What was answered is not told again at once, and its product comes sooner."""
        for fact_id in draft.fact_ids:
            self._rundown.told(fact_id)
        owners = {fact_id.partition(".")[0] for fact_id in draft.fact_ids}
        for product_id in sorted(owners & self._book.products.keys()):
            if product_id != self._on_show:
                self._rundown.asked(product_id)

    def _notice_is_due(self) -> bool:
        """Whether to say now that the host is an AI; between two visits it may come a little early."""
        left_s = self._notices.left_s(self._seconds)
        return left_s <= (NOTICE_EARLY_S if not self._beats else ONE_LINE_S)

    def _clear_beats(self) -> None:
        """Forget what was planned, but not a notice."""
        notices = [beat for beat in self._beats if beat == self._writer.notice]
        self._beats.clear()
        self._beats.extend(notices)

    def _next_part(self) -> list[Beat]:
        """What comes between two visits, if it is time for it, else the next visit."""
        moment = self._moment()
        self._rundown.weigh(self._schedule.weights(moment))
        between = self._interludes.next(self._seconds, moment, self._book.products, self._made)
        if between:
            return between
        product_id = self._rundown.next_product()
        self._interludes.visited(product_id)
        return self._planner.visit(product_id, self._goes_on)

    def _goes_on(self) -> bool:
        """Whether the next visit will follow this one at once."""
        return not self._interludes.are_due(self._seconds + ONE_LINE_S, self._moment())

    def _moment(self) -> datetime | None:
        return self._now() if self._now is not None else None


def _planned_from(catalogue: Catalogue) -> object:
    """What a visit is planned from; prices and stock are read when a line is made."""
    return catalogue.policies, [(product.id, product.facts, product.stock > 0) for product in catalogue.products]
