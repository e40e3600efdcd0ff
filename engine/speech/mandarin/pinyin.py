"""Words of Chinese to syllables: characters with several readings, and the tones that change beside others.

``pypinyin`` knows how characters are read in words; what it cannot know of a single character, or reads differently
from how a host speaks, is listed here.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from pypinyin import Style, lazy_pinyin

READINGS: dict[str, str] = {
    "长": "chang2", "还": "hai2", "得": "de5", "地": "de5", "干": "gan1", "重": "zhong4", "行": "xing2",
    "着": "zhe5", "了": "le5", "为": "wei2", "都": "dou1", "种": "zhong3", "中": "zhong1", "转": "zhuan3",
    "量": "liang4", "和": "he2", "卷": "juan3", "背": "bei1", "扎": "za1", "没": "mei2", "呀": "ya5", "啦": "la5",
    "嘛": "ma5", "哦": "o5", "哈": "ha1", "切": "qie1", "冲": "chong1", "调": "tiao2", "薄": "bao2", "斗": "dou3",
    "藏": "cang2", "散": "san3", "数": "shu3", "烧干": "shao1 gan1", "干透": "gan1 tou4", "色差": "se4 cha1",
    "单只": "dan1 zhi1", "两只": "liang3 zhi1", "幺": "yao1", "一只": "yi4 zhi1", "每只": "mei3 zhi1",
    "这只": "zhe4 zhi1", "几只": "ji3 zhi1", "多重": "duo1 zhong4", "空杯": "kong1 bei1", "切歌": "qie1 ge1",
    "这得": "zhe4 dei3", "那得": "na4 dei3", "还得": "hai2 dei3", "总得": "zong3 dei3", "非得": "fei1 dei3",
    "就得": "jiu4 dei3", "也得": "ye3 dei3", "都得": "dou1 dei3", "必得": "bi4 dei3", "放得下": "fang4 de5 xia4",
    "放得进": "fang4 de5 jin4", "配得上": "pei4 de5 shang4", "便宜": "pian2 yi5", "朋友": "peng2 you5",
    "朋友们": "peng2 you5 men5", "家人们": "jia1 ren2 men5", "宝宝": "bao3 bao5", "宝宝们": "bao3 bao5 men5",
    "姐妹们": "jie3 mei4 men5", "东西": "dong1 xi5", "知道": "zhi1 dao5", "喜欢": "xi3 huan5", "漂亮": "piao4 liang5",
    "舒服": "shu1 fu5", "清楚": "qing1 chu5", "明白": "ming2 bai5", "告诉": "gao4 su5", "衣服": "yi1 fu5",
    "地方": "di4 fang5", "时候": "shi2 hou5", "先生": "xian1 sheng5", "意思": "yi4 si5", "关系": "guan1 xi5",
    "打算": "da3 suan5", "多少": "duo1 shao5", "什么": "shen2 me5", "怎么": "zen3 me5", "盒子": "he2 zi5",
    "链接": "lian4 jie1", "下单": "xia4 dan1", "划": "hua4", "划重点": "hua4 zhong4 dian3", "发货": "fa1 huo4",
    "的": "de5", "载": "zai4", "车载": "che1 zai4", "乐": "le4", "处": "chu4", "相处": "xiang1 chu3",
    "一处": "yi2 chu4", "细处": "xi4 chu4", "钱": "qian2", "块": "kuai4", "毛": "mao2", "只": "zhi3", "挑": "tiao1",
    "挡": "dang3", "当": "dang1", "应": "ying4", "好": "hao3", "发": "fa1", "号": "hao4", "累": "lei4", "似": "si4",
    "塞": "sai1", "耳塞": "er3 sai1", "夹": "jia1", "夹层": "jia1 ceng2", "贴背": "tie1 bei4", "有数": "you3 shu4",
    "称": "cheng1", "晃": "huang4", "拧": "ning3", "拧紧": "ning3 jin3", "供电": "gong1 dian4", "翻倍": "fan1 bei4",
    "过": "guo4", "给": "gei3", "那": "na4", "哪": "na3", "这": "zhe4", "吧": "ba5", "吗": "ma5", "呢": "ne5",
    "啊": "a5",
}  # fmt: skip
"""Word: its syllables. Single characters are read so where they stand alone."""

_NUMERALS = frozenset("零一二三四五六七八九十百千万亿点第")
_COUNTING = frozenset("这那每某哪另同任有又再前后上下头近换")
"""Behind these 一 counts what follows, whichever word it was cut into: 这一款, 同一个."""

_GAINED = frozenset({
    "获得", "取得", "难得", "心得", "赢得", "求得", "夺得", "博得", "购得", "分得", "换得", "只得", "所得", "应得",
    "可得", "自得", "相得", "两得",
})  # fmt: skip
"""Words of up to three characters in which a last 得 is a full syllable, as it is behind 不; behind verbs it is light.
What is longer (一举两得) is read by the dictionary.
"""

_LIGHT_BEHIND_NOT = frozenset({"舍不得", "怪不得", "巴不得", "恨不得"})

_MUST_BEHIND = frozenset({
    "我", "你", "您", "他", "她", "它", "咱", "谁", "大家", "我们", "你们", "他们", "她们", "咱们", "家人们", "姐妹们",
    "宝宝们", "朋友们", "就", "也", "还", "总", "都", "非", "又", "才", "真", "要", "那", "先", "最少", "至少", "起码",
    "肯定", "一定", "千万", "还是", "恐怕", "现在", "今天", "明天", "每天",
})  # fmt: skip
"""Behind these, and where a clause begins, 得 is děi: one must."""

_GAINS = frozenset("了过到一二两三四五六七八九十百第")
"""Before what begins so, 得 is dé even there: 你得一个, 我得了第一."""

_COUNTED_ONLY = {"只": "zhi1"}
"""Read so behind a number."""


@functools.lru_cache(maxsize=4096)
def _read(word: str) -> tuple[str, ...]:
    if word in READINGS:
        return tuple(READINGS[word].split())
    found = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
    if word.endswith("得") and len(word) < 4 and found:
        is_full = word in _GAINED or (word.endswith("不得") and word not in _LIGHT_BEHIND_NOT)
        found[-1] = "de2" if is_full else "de5"
    return tuple(found)


def syllables(words: Sequence[str]) -> list[list[str]]:
    """Syllables with tone digits ("yi2 ge4") of each word of a run without marks between; tones as they are spoken."""
    plain = [list(_read(word)) for word in words]
    for index, word in enumerate(words):
        if word in _COUNTED_ONLY and index and words[index - 1][-1] in _NUMERALS | set("两单每这那几半"):
            plain[index] = [_COUNTED_ONLY[word]]
        elif len(word) > 1 and word[-1] in _COUNTED_ONLY and word[-2] in _NUMERALS | {"两"} and plain[index]:
            plain[index][-1] = _COUNTED_ONLY[word[-1]]
    for index, word in enumerate(words):
        if word == "得":
            plain[index] = [_lone_de(words, index)]
    characters = [c for word, read in zip(words, plain, strict=True) for c in _fitted(word, len(read))]
    owners = [i for i, read in enumerate(plain) for _ in read]
    flat = _third_tones(_yi_and_bu([s for read in plain for s in read], characters, owners), owners)
    out: list[list[str]] = [[] for _ in words]
    for owner, syllable in zip(owners, flat, strict=True):
        out[owner].append(syllable)
    return out


def _lone_de(words: Sequence[str], at: int) -> str:
    """How 得 is read as a word by itself: one must (děi), one gets (dé), or it is light behind a verb."""
    if at and words[at - 1] not in _MUST_BEHIND:
        return "de5"
    after = words[at + 1] if at + 1 < len(words) else ""
    return "dei3" if after and after[0] not in _GAINS else "de2"


def _fitted(word: str, count: int) -> list[str]:
    """The characters of a word, one a syllable (儿 that is part of the syllable before has none)."""
    return [*word, *[""] * count][:count]


def _yi_and_bu(read: list[str], characters: list[str], owners: list[int]) -> list[str]:
    """一 and 不 take the second tone before a fourth, 一 the fourth before others.

    Numbers, ordinals, and words that end in 一 (周一, 统一) keep 一.
    """
    out = list(read)
    for i, character in enumerate(characters):
        following = out[i + 1][-1] if i + 1 < len(out) else ""
        after = characters[i + 1] if i + 1 < len(out) else ""
        before = characters[i - 1] if i else ""
        if character == "不":
            out[i] = "bu2" if following == "4" else "bu4"
        elif character == "一":
            ends_a_word = bool(i) and bool(after) and owners[i - 1] == owners[i] != owners[i + 1]
            if ends_a_word and before not in _COUNTING:
                out[i] = "yi1"
            elif before and before == after and before != "一":
                out[i] = "yi5"
            elif (
                not following
                or after in set("零一二三四五六七八九十点月日号二")
                or (before in _NUMERALS and after not in set("百千万亿"))
            ):
                out[i] = "yi1"
            else:
                out[i] = "yi2" if following in "45" else "yi4"
    return out


def _third_tones(read: list[str], owners: list[int]) -> list[str]:
    """A third tone before a third is a second: inside words first, then where two words meet."""
    out = list(read)
    for i in range(len(out) - 1):
        if owners[i] == owners[i + 1] and out[i][-1] == "3" and out[i + 1][-1] == "3":
            out[i] = out[i][:-1] + "2"
    for i in range(len(out) - 1):
        if owners[i] != owners[i + 1] and out[i][-1] == "3" and out[i + 1][-1] == "3":
            out[i] = out[i][:-1] + "2"
    return out
