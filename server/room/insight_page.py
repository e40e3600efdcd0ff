"""What a merchant wants to know of a channel: read from the ledger when the page is opened."""

from __future__ import annotations

from dataclasses import dataclass

from nicegui.element import Element

from engine.records import Ledger, LedgerError, insight
from server.room.channel_watch import ChannelWatch
from server.room.charts import VIEWER_STEPS
from server.room.frame import Page
from server.room.insight_span import SPANS, SpanName, again_s, query_of, times_of
from server.room.parts.elements import Text, box, icon
from server.room.parts.insight_tables import effect_table, product_table, topic_table, unanswered_list
from server.room.parts.product_choice import ProductChoice
from server.room.parts.wishes import dialog, text_field, wish_form
from server.room.words import Words

TABLES = ("viewers", "topics", "unanswered", "products", "effects", "kinds", "writers")


@dataclass(frozen=True, slots=True)
class Found:
    """All that the page shows."""

    topics: tuple[insight.TopicCount, ...]
    unanswered: tuple[insight.Unanswered, ...]
    products: tuple[insight.ProductFigures, ...]
    effects: tuple[insight.Effect, ...]
    viewers: tuple[insight.ViewerStep, ...]
    clicks: int


def read(ledger: Ledger, span: SpanName) -> Found:
    """In the ledger's thread."""
    begin, end = times_of(span)
    step_s = (end - begin).total_seconds() / VIEWER_STEPS
    return Found(
        insight.questions_by_topic(ledger, begin, end),
        insight.unanswered(ledger, begin, end),
        insight.products(ledger, begin, end),
        insight.effects(ledger, begin, end),
        insight.viewers_over_time(ledger, begin, end, step_s),
        len(ledger.clicks(begin, end)),
    )


class InsightView:
    """The page's content for one channel; ``load`` fills it, and again after an answer was kept."""

    def __init__(self, page: Page, watch: ChannelWatch, span: SpanName) -> None:
        self._page, self._watch, self._span = page, watch, span
        words = page.words
        self._head()
        self._trouble = Text("p", words("refusal_ledger"), "alert")
        self._figures = box("dl", "figures")
        with box("section", "card"):
            Text("h2", words("viewers_over_time"))
            viewers = f"/api{watch.path}/insight/chart?span={span}"
            texts = {"unit": words("unit_viewers"), "label": words("viewers_over_time"), "none": words("no_figures")}
            every = f"{again_s(span, VIEWER_STEPS):.0f}"
            box("time-chart", src=viewers, digits="1", every=every, names=_viewer_names(words), **texts)
        with box("div", "insight"):
            self._topics = self._card("topics")
            self._unanswered = self._card("unanswered")
            self._products = self._card("products_table")
            self._effects = self._card("effects")
        self._downloads()
        if page.may_steer:
            with dialog("faq", words("faq_title"), words):
                path = f"/api{watch.path}/faq"
                with wish_form(watch, words, {}, words("faq_keep"), icon_name="check", path=path) as form:
                    form.on("granted", self.load, args=[])
                    text_field(words("faq_question"), "question", most=500)
                    text_field(words("faq_answer"), "answer", rows=3, most=200)
                    ProductChoice(watch, words)

    def _head(self) -> None:
        words = self._page.words
        with box("div", "channel-title"):
            with box("div", "names"):
                Text("h1", self._watch.channel.name)
                Text("p", words("insight"))
            with box("nav", "segments", aria_label=words("span")):
                for name in SPANS:
                    link = Text("a", words(f"span_{name}"), "segment")
                    link.props["href"] = f"{self._watch.path}/insight?span={name}"
                    if name == self._span:
                        link.props["aria-current"] = "true"

    def _card(self, name: str) -> Element:
        with box("section", "card", aria_labelledby=f"{name}-title"):
            with box("header"):
                Text("h2", self._page.words(name)).props["id"] = f"{name}-title"
            return box("div")

    def _downloads(self) -> None:
        words, query = self._page.words, query_of(self._span)
        base = f"/api{self._watch.path}/insight"
        with box("section", "card"):
            Text("h2", words("downloads"))
            Text("p", words("downloads_hint"), "hint")
            with box("ul", "downloads"):
                for table in TABLES:
                    with box("li"):
                        Text("span", words(f"table_{table}"))
                        for form, name in (("csv", "CSV"), ("parquet", "Parquet")):
                            address = f"{base}/{table}/download?form={form}&{query}"
                            with box("a", "button small", href=address, download=""):
                                icon("save")
                                Text("span", name)

    async def load(self) -> None:
        """Read the ledger and show it."""
        try:
            found = await self._watch.sight.books.read(lambda ledger: read(ledger, self._span))
        except LedgerError:
            self._trouble.set_visibility(True)
            return
        self._trouble.set_visibility(False)
        words, watch = self._page.words, self._watch
        self._fill_figures(found)
        for place in (self._topics, self._unanswered, self._products, self._effects):
            place.clear()
        with self._topics:
            topic_table(found.topics, watch, words)
        with self._unanswered:
            unanswered_list(found.unanswered, watch, words, may_answer=self._page.may_steer)
        with self._products:
            product_table(found.products, watch, words)
        with self._effects:
            effect_table(found.effects, watch, words)

    def _fill_figures(self, found: Found) -> None:
        words = self._page.words
        most = max((step.most for step in found.viewers), default=0)
        air_s = sum(product.air_seconds for product in found.products)
        told = (
            ("most_viewers", str(most)),
            ("questions_asked", str(sum(topic.questions for topic in found.topics))),
            ("still_unanswered", str(sum(each.asked for each in found.unanswered))),
            ("links_opened", str(found.clicks)),
            ("minutes_of_products", f"{air_s / 60:.1f}"),
        )
        self._figures.clear()
        with self._figures:
            for name, value in told:
                with box("div"):
                    Text("dt", words(name))
                    Text("dd", value)


def _viewer_names(words: Words) -> str:
    return f'{{"viewers mean": "{words("viewers_mean")}", "viewers most": "{words("viewers_most")}"}}'
