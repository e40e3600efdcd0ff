"""What the persona's manner changes in the Chinese bank."""

from engine.script.frames.bank import Manner

_WARM = Manner(
    adds={
        "openers": (
            "别着急，慢慢看这款{name}。",
            "坐近一点，给你讲讲{name}。",
            "这款{name}，我慢慢念给你听。",
            "来，陪大家看看{name}。",
        ),
        "any_fact": (
            "跟你说句实在的，{the}{text}。",
            "你在家里听我说，{the}{text}。",
            "慢慢告诉你，{the}{text}。",
            "让你心里有数，{the}{text}。",
        ),
        "invitations": ("今天过得怎么样，公屏上聊聊。", "别不好意思，想问什么就问什么。"),
        "transitions": ("跟着我来，看看{next}。", "歇口气，咱们再看{next}。"),
        "welcomes": ("来了就好，这里是{shop}，我是陪你看东西的AI主播{host}。",),
    }
)

_LIVELY = Manner(
    adds={
        "openers": (
            "来来来，{name}上场啦！",
            "家人们看过来，{name}！",
            "准备好了没，这就是{name}！",
            "{number}号链接走起，{name}！",
            "噔噔，{name}来啦！",
        ),
        "any_fact": (
            "听好啦，{the}{text}！",
            "敲黑板，{the}{text}！",
            "划重点啦，{the}{text}！",
            "来，大声念一遍，{the}{text}！",
            "看这里看这里，{the}{text}！",
            "来劲了没，{the}{text}！",
        ),
        "prices": ("报价啦，{the}是{price}！", "价格来了，{the}，{price}！", "听价格，{the}，{price}！"),
        "reduced_prices": ("报价啦，{the}之前{was}，现在{price}！", "价格动了，{the}从{was}降到{price}！"),
        "invitations": ("公屏动起来，有问题尽管扣！", "家人们把问题刷起来！"),
        "transitions": ("换换换，{next}来啦！", "走，去看{next}！", "下一位，{next}！"),
        "recap_opens": ("来个快问快答，价格再报一遍！",),
        "welcomes": ("欢迎欢迎，新来的家人，我是{shop}的AI主播{host}！",),
    },
    leaves_out=frozenset(
        {
            "咱们不喊口号，就聊聊东西本身。",
            "慢慢看，不着急，看明白了再做决定。",
            "咱们不急，下一个看{next}。",
            "接下来一边看图一边听我讲，听累了就歇一会儿。",
        }
    ),
)

_CALM = Manner(
    adds={
        "openers": ("下面这一款，是{name}。", "请看{name}。", "我们来看{name}，照着资料讲。", "接下来介绍{name}。"),
        "any_fact": (
            "平实地说，{the}{text}。",
            "照资料，{the}{text}。",
            "这里记载的是，{the}{text}。",
            "如实念给大家，{the}{text}。",
        ),
        "invitations": ("有问题请写在公屏上，我一条一条看。", "不用着急，想到了再问。"),
        "transitions": ("看完{the}，我们来看{next}。", "接下来是{next}，请看。"),
        "recap_ends": ("数字先说到这里。",),
    },
    leaves_out=frozenset(
        {
            "拿尺子的朋友准备好，{the}{text}。",
            "拿笔的朋友准备好，我来报一遍价格。",
            "来都来了，一起看看{name}吧。",
            "说白了，{the}{text}。",
            "这里划个重点，{the}{text}。",
            "{name}来了，在{number}号链接。",
        }
    ),
)

MANNERS: dict[str, Manner] = {"warm": _WARM, "lively": _LIVELY, "calm": _CALM}
