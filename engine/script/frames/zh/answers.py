"""Answers to the chat in Chinese."""

from engine.script.frames.answer_bank import AnswerBank

OPENERS: tuple[str, ...] = (
    "来，先回答一个问题。",
    "看到有朋友提问了，我来回答。",
    "聊天里有个问题，这就说。",
    "好，有人问到这个，我来说。",
    "先停一下，有位朋友在问。",
    "这里有个提问，咱们来看看。",
)

FACT_ANSWERS: tuple[str, ...] = (
    "{the}{text}。",
    "资料上写着，{the}{text}。",
    "这个问题问得好，{the}{text}。",
    "我查了一下，{the}{text}。",
    "回答这位朋友，{the}{text}。",
    "我念给你听，{the}{text}。",
    "谢谢提问，{the}{text}。",
    "照着资料说，{the}{text}。",
    "这个我知道，{the}{text}。",
    "店里的资料是这么写的，{the}{text}。",
    "看一眼资料，{the}{text}。",
    "来，告诉大家，{the}{text}。",
)

YES_ANSWERS: tuple[str, ...] = (
    "是的，{the}{text}。",
    "对，{the}{text}。",
    "没错，资料上写着，{the}{text}。",
    "是这样，{the}{text}。",
    "对的，{the}{text}。",
)

POLICY_ANSWERS: tuple[str, ...] = (
    "{policy}。",
    "店里的规定是，{policy}。",
    "我查了一下，{policy}。",
    "这个问题问得好，{policy}。",
    "回答这位朋友，{policy}。",
    "谢谢提问，{policy}。",
)

SHOP_ANSWERS: tuple[str, ...] = (
    "{answer}。",
    "我问过店家了，{answer}。",
    "店家的回答是，{answer}。",
    "我查了一下，{answer}。",
    "谢谢提问，{answer}。",
)

QUOTED_POLICIES: tuple[str, ...] = ("店里的原文是：{policy}",)

PRICE_ANSWERS: tuple[str, ...] = (
    "{the}的价格是{price}。",
    "{the}现在是{price}。",
    "我查了目录，{the}是{price}。",
    "{the}，{price}。",
    "谢谢提问，{the}卖{price}。",
    "回答这位朋友，{the}是{price}。",
)

REDUCED_PRICE_ANSWERS: tuple[str, ...] = (
    "{the}现在是{price}，之前是{was}。",
    "我查了目录，{the}现在{price}，原来是{was}。",
    "{the}的价格是{price}，比之前的{was}少{saving}。",
    "回答这位朋友，{the}现在{price}，之前{was}。",
    "{the}从{was}降到了{price}。",
)

NOT_REDUCED_ANSWERS: tuple[str, ...] = (
    "{the}在目录里只有一个价格，就是{price}。",
    "{the}是{price}，目录里没有写之前的价格。",
    "目录上{the}写的是{price}，没有更早的价格。",
)

TWO_PRICES: tuple[str, ...] = (
    "{the}是{price}，{next}是{next_price}。",
    "放在一起看，{the}是{price}，{next}是{next_price}。",
    "{the}的价格是{price}，{next}的价格是{next_price}。",
    "目录上，{the}是{price}，{next}是{next_price}。",
)

TWO_FACTS: tuple[str, ...] = (
    "{the}{text}，{next}{other}。",
    "放在一起看，{the}{text}，{next}{other}。",
    "资料上写着，{the}{text}，{next}{other}。",
)

PRICED_FACTS: tuple[str, ...] = (
    "{the}现在是{price}，{text}。",
    "都回答一下，{the}现在是{price}，{text}。",
    "我查了目录，{the}是{price}，{text}。",
)

JOINED_FACTS: tuple[str, ...] = (
    "{the}{text}，{other}。",
    "都回答一下，{the}{text}，{other}。",
    "资料上写着，{the}{text}，{other}。",
)

STOCK_ANSWERS: tuple[str, ...] = (
    "{the}现在库存还有{stock}件。",
    "我查了一下，{the}还有{stock}件。",
    "{the}的库存是{stock}件。",
)

LAST_ONE_ANSWERS: tuple[str, ...] = ("我查了一下，{the}的库存是1件。", "{the}现在还有1件。")

IN_STOCK_ANSWERS: tuple[str, ...] = ("{the}现在有货。", "我查了一下，{the}有货。", "目录上写着，{the}有货。")

SOLD_OUT_ANSWERS: tuple[str, ...] = ("{the}现在没货了。", "不好意思，{the}已经卖完了。", "{the}的库存现在是零。")

LINK_ANSWERS: tuple[str, ...] = (
    "{the}的链接我发在评论区了。",
    "{the}的链接在文字回复里。",
    "链接已经发出来了，点开就是{the}。",
)

LIST_ANSWERS: tuple[str, ...] = (
    "桌上有{the}、{second}、{third}，还有别的，清单在评论区。",
    "有{the}、{second}和{third}，其他的写在评论区了。",
)

NEXT_ANSWERS: tuple[str, ...] = ("下一个是{the}。", "讲完这个就讲{the}。", "接下来看{the}。")

AI_ANSWERS: tuple[str, ...] = (
    "我是AI数字人，声音和画面都是人工智能生成的。",
    "我不是真人，我是AI主播{host}，照着店里的资料讲解。",
    "我是数字人主播，屏幕上的标识也写着呢。",
    "这个好回答，我是AI，不是真人。",
)

NAME_ANSWERS: tuple[str, ...] = (
    "我是{host}，{shop}的AI主播。",
    "我叫{host}，这里是{shop}，我是这里的数字人主播。",
    "这里是{shop}，我是这里的AI主播。",
)

USED_ANSWERS: tuple[str, ...] = (
    "我是AI，没有用过东西，不过资料上的内容我可以念给你听。",
    "我是数字人，没法亲自试，只能告诉你资料上写的。",
    "我没有手，试不了，你可以问我资料上的内容。",
)

OPINION_ANSWERS: tuple[str, ...] = (
    "我是AI，没有偏好，你告诉我看重哪一点，我把资料念给你听。",
    "选哪个由你来定，尺寸、价格、保养这些都可以问我。",
    "我不替大家做决定，资料上的内容随便问。",
)

GREETING_ANSWERS: tuple[str, ...] = (
    "你好，欢迎进来坐坐。",
    "你好呀，想看哪个就问我。",
    "欢迎欢迎，有问题打在公屏上。",
    "你好，欢迎来到{shop}。",
)

THANKS_ANSWERS: tuple[str, ...] = ("不客气，有问题接着问。", "应该的，还想了解什么就说。", "不用谢，我就是来讲解的。")

COMPLIMENT_ANSWERS: tuple[str, ...] = ("谢谢夸奖。", "谢谢你，像素都要脸红了。", "谢谢，咱们接着看东西。")

SMALL_TALK_ANSWERS: tuple[str, ...] = (
    "我是AI，聊天不在行，咱们还是看桌上的东西。",
    "这个不在我的资料里，我只认识桌上的东西。",
    "我靠电过日子，心情不错，接着看桌上的东西。",
)

REACTION_ANSWERS: tuple[str, ...] = (
    "收到，想了解什么就问。",
    "我在看公屏呢，有问题随时打字。",
    "好嘞，想听哪一款就告诉我。",
    "看到你的留言了，咱们接着看。",
)

GOODBYE_ANSWERS: tuple[str, ...] = ("再见，谢谢你来看。", "慢走，下次见。", "拜拜，谢谢你的时间。")

INJECTION_ANSWERS: tuple[str, ...] = (
    "我只照店里的资料说，咱们看桌上的东西。",
    "我回答问题，不接指令，桌上的东西随便问。",
    "这个不在我的工作里，有关商品的问题可以问我。",
)

UNKIND_ANSWERS: tuple[str, ...] = ("咱们友好一点，有问题我来回答。", "这句我就不接了，咱们接着看东西。")

DECLINES: tuple[str, ...] = (
    "这个资料上没有写，我帮你问一下店家。",
    "我手上的资料没提到，先记下来交给店家。",
    "不确定的我不乱说，这个问题我转给店家。",
    "资料里查不到，我记下来，请店家来回答。",
    "这个我不知道，已经记下来给店家了。",
    "我不想猜，这个问题留给店家回答。",
)

DECLINES_ON_PRODUCT: tuple[str, ...] = (
    "{the}的资料上没有写这一点，我帮你问店家。",
    "关于{the}的这一点，我不确定，记下来交给店家。",
    "{the}这一点要请店家来回答，我先记下来。",
)

NAMED_GREETINGS: tuple[str, ...] = (
    "{viewers}，你们好，欢迎进来坐坐。",
    "欢迎{viewers}来到直播间。",
    "{viewers}好，想看哪个就问我。",
    "欢迎{viewers}。",
)

NAMED_THANKS: tuple[str, ...] = ("{viewers}，不客气。", "也谢谢{viewers}。", "{viewers}不用谢，有问题接着问。")

ANSWERS = AnswerBank(
    openers=OPENERS,
    facts=FACT_ANSWERS,
    yes=YES_ANSWERS,
    policies=POLICY_ANSWERS,
    shop_answers=SHOP_ANSWERS,
    quoted_policies=QUOTED_POLICIES,
    prices=PRICE_ANSWERS,
    reduced_prices=REDUCED_PRICE_ANSWERS,
    not_reduced=NOT_REDUCED_ANSWERS,
    two_prices=TWO_PRICES,
    two_facts=TWO_FACTS,
    priced_facts=PRICED_FACTS,
    joined_facts=JOINED_FACTS,
    stocks=STOCK_ANSWERS,
    last_one=LAST_ONE_ANSWERS,
    in_stock=IN_STOCK_ANSWERS,
    sold_out=SOLD_OUT_ANSWERS,
    links=LINK_ANSWERS,
    lists=LIST_ANSWERS,
    listed="桌上有：{list}。",
    nexts=NEXT_ANSWERS,
    ai=AI_ANSWERS,
    names=NAME_ANSWERS,
    used=USED_ANSWERS,
    opinions=OPINION_ANSWERS,
    greetings=GREETING_ANSWERS,
    thanks=THANKS_ANSWERS,
    compliments=COMPLIMENT_ANSWERS,
    small_talk=SMALL_TALK_ANSWERS,
    reactions=REACTION_ANSWERS,
    goodbyes=GOODBYE_ANSWERS,
    orders=INJECTION_ANSWERS,
    unkind=UNKIND_ANSWERS,
    declines=DECLINES,
    declines_on_product=DECLINES_ON_PRODUCT,
    named_greetings=NAMED_GREETINGS,
    named_thanks=NAMED_THANKS,
    others="{viewers}和各位新朋友",
    comma="、",
    and_word="、",
)
