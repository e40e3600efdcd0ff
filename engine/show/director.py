"""The director: decides what is said next, for ever."""

from __future__ import annotations

import logging
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial

from engine.flow import Card, Line, LineKind, Question
from engine.records import Ledger
from engine.script import Answerer, Draft, FactBook, Guard, Place, TemplateWriter
from engine.script.choose import TEXT_WINDOW
from engine.script.intents import Intent
from engine.script.llm import Judge
from engine.script.policy import packs_for
from engine.settings import Catalogue, Channel
from engine.show.cards import make_cards
from engine.show.pool import HOUR_LINES, DraftPool
from engine.show.rundown import Rundown
from engine.show.shots import Shots, spoken_seconds

_log = logging.getLogger(__name__)

REMEMBERED_LINES = 400
"""Lines that may still wait for the air when a catalogue changes; many times more than ``show.ahead_s`` can hold."""

JUDGED_AGAIN = 60
"""The newest lines, which may wait for the air, are held against a changed catalogue once more."""

NOTICE_EARLY_S = 20.0
"""Between two visits the spoken AI notice comes up to this much before its time."""

ONE_LINE_S = 12.0
"""A line may last this long: a notice that is due sooner is said before it."""

_MOST_REFUSED = 500

Beat = Callable[[], Draft | None]


class ShowError(Exception):
    """The show cannot go on: the catalogue leaves nothing that may be said."""


class Director:
    """Makes one line after the other. The same catalogue, seed and questions give the same lines.

    ``ledger`` is asked for the number of this run (ids of lines are "3-17": the 17th line of the third run) and for
    the lines said last, so that a restarted show does not say them again.
    """

    def __init__(self, channel: Channel, ledger: Ledger) -> None:
        self._channel = channel
        self._ledger = ledger
        self._run = ledger.start_run()
        self._made = 0
        self._random = random.Random(channel.show.seed)
        self._book = self._new_book(channel.items, 1)
        self._guard = self._new_guard()
        self._since_notice_s = 0.0
        self._writer = TemplateWriter(
            self._book,
            channel.show.seed,
            self._approves,
            chat=channel.chat.enabled,
            manner=channel.persona.manner,
        )
        self._writer.chooser.remember([said.text for said in reversed(ledger.lines(TEXT_WINDOW))])
        self._judge = Judge(self._book, self._guard)
        self._pool = DraftPool(channel.writer.share, channel.show.seed, lambda draft: not self._judge.faults(draft))
        self._pool.remember([said.text for said in reversed(ledger.lines(HOUR_LINES))])
        self._answerer: Answerer | None = None
        self._rundown = Rundown(channel.items, channel.show.seed)
        self._shots = Shots(channel.show.seed)
        self._beats: deque[Beat] = deque()
        self._handed_out: deque[tuple[Line, bool]] = deque(maxlen=REMEMBERED_LINES)
        self._refused: set[str] = set()
        self._policies_told = 0
        self._on_show: str | None = None
        self._plan_opening()

    @property
    def on_show(self) -> str | None:
        """The product that the newest line of the show is about."""
        return self._on_show

    def next_line(self) -> Line:
        """The next line of the show; price and stock are read now.

        Raises:
            ShowError: nothing in the catalogue passes the guard.
        """
        for _ in range(_MOST_REFUSED):
            if self._notice_is_due():
                self._since_notice_s = 0.0
                self._beats.appendleft(self._writer.notice)
            if not self._beats:
                self._plan_next()
            draft = self._beats.popleft()()
            if draft is not None:
                draft = self._pool.instead_of(draft)
                if draft.product_id is not None:
                    self._on_show = draft.product_id
                return self._line(draft, self._on_show)
        raise ShowError("nothing in the catalogue may be said: the guard refuses every line; see the log")

    def prepare_answers(self) -> None:
        """Load the retriever (about 0.2 s), so that the first answer is quick."""
        if self._answerer is None:
            self._answerer = Answerer(self._book, self._writer)
            self._answerer.load()

    def answer(self, question: Question, on_air: str | None = None) -> Line:
        """A line that answers ``question``, about the product that it names, else about the one ``on_air``.

        The show is made some seconds ahead: ``on_air`` is the product that viewers see now, and should be given;
        without it "it" is the product of the newest line.

        What the catalogue cannot answer is said honestly, and kept in the ledger for the shop.
        """
        self.prepare_answers()
        assert self._answerer is not None
        seen = on_air if on_air in self._book.products else self._on_show
        following = self._next_in_stock() if seen == self._on_show else self._on_show
        answer = self._answerer.answer(question.text, seen, following)
        # What tries to steer or to hurt is answered, but its words are not put into the picture.
        shown = None if answer.intent in (Intent.INJECTION, Intent.UNKIND) else question
        line = self._line(answer.draft, seen, shown, answer.reply)
        self._ledger.asked(question, line)
        if answer.declined:
            self._ledger.unanswered(question, line.product_id)
        return line

    def update_catalogue(self, catalogue: Catalogue) -> frozenset[str]:
        """Go on with ``catalogue``. Returns the ids of lines made earlier that its changes made untrue."""
        book = self._new_book(catalogue, self._book.version + 1)
        changed = self._book.changed(book)
        self._book = self._writer.book = book
        self._guard = self._new_guard()
        self._judge = Judge(book, self._guard)
        self._pool.drop(changed)
        if self._answerer is not None:
            self._answerer.replace(book)
        self._rundown.replace(catalogue)
        if self._on_show not in book.products:
            self._on_show = None
        self._beats.clear()
        stale = {line.line_id for line, _ in self._handed_out if changed.intersection(_evidence_of(line))}
        if changed:
            stale |= {line.line_id for line, _ in self._newest_allowed() if not self._guard.verdict(line).ok}
        return frozenset(stale)

    def _newest_allowed(self) -> list[tuple[Line, bool]]:
        """Lines that may still wait and that the guard allowed when they were made."""
        return [pair for pair in list(self._handed_out)[-JUDGED_AGAIN:] if pair[1]]

    def receive(self, drafts: Iterable[Draft]) -> None:
        """Take in lines that a language model wrote ahead; each is judged again when its moment comes."""
        self._pool.add(drafts)

    @property
    def catalogue_version(self) -> str:
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
        """Keep in the ledger that lines never went on air."""
        for line_id in line_ids:
            self._ledger.dropped(line_id, why)

    def cards(self) -> tuple[Card, ...]:
        """A card for each product of the current catalogue."""
        return make_cards(self._book.catalogue)

    def _new_book(self, catalogue: Catalogue, version: int) -> FactBook:
        return FactBook(catalogue, self._channel.name, self._channel.persona.introduction, version)

    def _new_guard(self) -> Guard:
        policy = self._channel.policy
        return Guard(self._book, packs_for(self._book.catalogue.language, policy.packs, policy.platform))

    def _approves(self, draft: Draft) -> bool:
        verdict = self._guard.verdict(draft)
        refusal = f"{draft.fact_ids}: {verdict.reasons}"
        if not verdict.ok and refusal not in self._refused:
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
            mood=draft.mood,
            question=question,
            reply=reply,
            catalogue_version=self._book.version,
            framing=framing,
            push_in=push_in,
            writer=f"{draft.writer} {draft.model}".strip(),
        )
        self._handed_out.append((line, self._keep(line, draft)))
        self._since_notice_s = 0.0 if line.kind is LineKind.NOTICE else self._since_notice_s + spoken_seconds(line.text)
        return line

    def _keep(self, line: Line, draft: Draft) -> bool:
        """Into the ledger: the line with all that allows it. Returns whether the guard does."""
        verdict = self._guard.verdict(line)
        owners = dict.fromkeys(fact_id.partition(".")[0] for fact_id in line.fact_ids)
        products = dict.fromkeys([*owners, *([line.product_id] if line.product_id else [])])
        evidence = [self._book.evidence(fact_id) for fact_id in line.fact_ids]
        self._ledger.wrote(
            line,
            writer=draft.writer,
            model=draft.model,
            frame=draft.frame,
            facts=[fact for fact in evidence if fact is not None],
            prices=self._book.prices(products),
            verdict={"ok": verdict.ok, "reasons": verdict.reasons, "findings": [asdict(f) for f in verdict.findings]},
        )
        return verdict.ok

    def _notice_is_due(self) -> bool:
        """Whether to say now that the host is an AI; between two visits it may come a little early."""
        left_s = 60 * self._channel.policy.notice_every_minutes - self._since_notice_s
        return left_s <= (NOTICE_EARLY_S if not self._beats else ONE_LINE_S)

    def _plan_opening(self) -> None:
        write = self._writer
        self._beats.extend((write.greeting, write.notice, write.introduction, write.plan, write.invitation))

    def _plan_next(self) -> None:
        """Plan the next visit; between rounds, a recap and a welcome before it."""
        if self._rundown.round_is_over:
            if self._rundown.round:
                self._plan_recap()
            self._rundown.start_round()
        product_id = self._rundown.next_product()
        if self._book.products[product_id].stock == 0 and self._any_in_stock():
            self._beats.append(lambda: self._writer.stock(product_id))
            return
        self._plan_visit(product_id)

    def _plan_visit(self, product_id: str) -> None:
        write = self._writer
        facts = self._rundown.facts(product_id, self._channel.show.facts_per_visit)
        self._beats.append(lambda: write.opener(product_id))
        asks_early = self._random.random() < 0.25
        for beat in self._fact_beats(facts):
            self._beats.append(beat)
        if asks_early and facts:
            self._beats.append(lambda: write.ask(product_id, facts[-1]))
        self._beats.append(lambda: write.price(product_id))
        after = self._random.random()
        stock = self._book.products[product_id].stock
        if stock == 0 or after < (0.5 if stock <= 20 else 0.2):
            self._beats.append(lambda: write.stock(product_id))
        elif after < 0.55 and self._book.catalogue.policies:
            policy = self._book.catalogue.policies[self._policies_told % len(self._book.catalogue.policies)]
            self._policies_told += 1
            self._beats.append(lambda: write.policy(policy, product_id))
        if not asks_early and self._random.random() < 0.35:
            self._beats.append(lambda: write.ask(product_id))
        following = self._next_in_stock()
        if following is not None:
            self._beats.append(lambda: write.transition(product_id, following))

    def _fact_beats(self, facts: tuple[str, ...]) -> list[Beat]:
        """A line for each fact; now and then one line for two."""
        beats: list[Beat] = []
        i = 0
        while i < len(facts):
            place = Place.FIRST if i == 0 else Place.LAST if i == len(facts) - 1 else Place.LATER
            if i + 1 < len(facts) and self._random.random() < 0.2:
                beats.extend(self._pair_beats(facts[i], facts[i + 1], place))
                i += 2
            else:
                beats.append(partial(self._writer.fact, facts[i], place))
                i += 1
        return beats

    def _pair_beats(self, first: str, second: str, place: Place) -> list[Beat]:
        """Both facts in one line, or in two when they do not fit into one."""
        both: list[Draft | None] = []

        def pair() -> Draft | None:
            both.append(self._writer.pair(first, second))
            return both[0] or self._writer.fact(first, place)

        return [pair, lambda: None if both and both[0] else self._writer.fact(second, Place.LATER)]

    def _plan_recap(self) -> None:
        write = self._writer
        available = [product.id for product in self._book.catalogue.products if product.stock > 0]
        self._random.shuffle(available)
        self._beats.append(write.recap_open)
        for first, second in zip(available[0:6:2], available[1:6:2], strict=False):
            self._beats.append(partial(write.recap_pair, first, second))
        self._beats.extend((write.recap_end, write.welcome, write.plan, write.invitation))

    def _next_in_stock(self) -> str | None:
        following = self._rundown.peek()
        if following is None or self._book.products[following].stock == 0:
            return None
        return following

    def _any_in_stock(self) -> bool:
        return any(product.stock > 0 for product in self._book.catalogue.products)


def _evidence_of(line: Line) -> set[str]:
    """The facts that a line cites, and the names of the products they are of, which it may speak."""
    return {*line.fact_ids, *(f"{fact_id.partition('.')[0]}.name" for fact_id in line.fact_ids)}
