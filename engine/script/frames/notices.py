"""The spoken notice that the host is an AI, by language: said at the start and again every few minutes."""

NOTICES: dict[str, tuple[str, ...]] = {
    "en": (
        "A short notice: the host of this show is an AI, and this voice and this face are made by a computer.",
        "So that everybody knows: I'm {host}, an AI, and not a person.",
        "Please note that this show is presented by an AI, with a voice and a face made by a computer.",
        "You're listening to an AI host, and nobody in this picture is a person.",
        "As a reminder, I'm an AI host made of code, and what I say comes from the shop's notes.",
        "An AI makes this show, from the voice to the picture.",
    ),
    "zh": (
        "温馨提示，本直播间由AI数字人主播讲解，声音和画面由人工智能生成。",
        "跟大家说明一下，我是AI数字人{host}，声音和形象都是人工智能生成的。",
        "提醒一下，正在讲解的是AI数字人主播，不是真人。",
        "新来的朋友请留意，这里的主播是AI生成的数字人。",
        "本场直播的画面和声音由AI生成，说的内容来自店里的资料。",
        "再说明一次，我是AI主播，由人工智能生成。",
    ),
}
