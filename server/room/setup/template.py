"""The channel file that a new channel begins with, in the merchant's language."""

from __future__ import annotations

from engine.settings.edit import written

TEXTS = {
    "en": """\
# {name}: a channel of Everhost, made in the control room. Change it there or here; every key is explained in mia.yaml.
#   everhost check {file}     (finds mistakes and says how to put them right)
#   everhost run {file}       (goes on air)

name: {written}
language: en

persona:
  manner: warm                              # warm, lively or calm
  introduction: ""                          # one sentence of your own, said after the greeting

body: bodies/mia.ehb                        # how the host looks

voice:
  backend: hibari
  name: heart
  speed: 1.0                                # 0.7 is slow, 1.4 is fast

canvas:                                     # the picture; portrait suits phones
  width: 720
  height: 1280
  brand_colour: "#e63348"
  backdrop: studio

catalogue: ""                               # what is sold: the only things that the host may say

show:
  rotation: shuffled                        # each round in another order; listed: always in the catalogue's

policy:                                     # which rules of speech hold
  packs: [us, eu]
  notice_every_minutes: 15                  # how often the host says that it is an AI

outputs: []                                 # where the show is sent, and recordings

server:
  host: 127.0.0.1                           # 0.0.0.0 opens the pages to the network
  port: {port}
""",
    "zh": """\
# {name}：Everhost 频道，在控制室里创建。可以在控制室修改，也可以直接改这个文件；每一项的说明见 mia.yaml。
#   everhost check {file}     （检查有没有写错，并告诉你怎么改）
#   everhost run {file}       （开播）

name: {written}
language: zh

persona:
  manner: warm                              # warm 亲切，lively 活泼，calm 沉稳
  introduction: ""                          # 你自己的一句介绍，开场问好之后念

body: bodies/hana.ehb                       # 主播的形象

voice:
  backend: kokoro
  name: zf_xiaoxiao
  speed: 1.0                                # 0.7 慢，1.4 快

canvas:                                     # 画面；竖屏适合手机
  width: 720
  height: 1280
  brand_colour: "#e63348"
  backdrop: studio

catalogue: ""                               # 卖什么：主播只能说这里面的内容

show:
  rotation: shuffled                        # 每轮换一种顺序；listed：始终按目录的顺序

policy:                                     # 说话要遵守的规则
  packs: [cn]
  notice_every_minutes: 10                  # 每隔多少分钟说明一次自己是AI

outputs: []                                 # 推流到哪里，以及录像

server:
  host: 127.0.0.1                           # 0.0.0.0 让网络上的其他人也能打开页面
  port: {port}
""",
}


def new_channel(name: str, language: str, file: str, port: int) -> str:
    """The text of a channel that has all but its catalogue."""
    in_comment = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    return TEXTS[language].format(name=in_comment, written=written(name) or '""', file=file, port=port)
