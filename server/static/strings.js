/** Every text of the pages, in one place. `fill` puts the host's name, the shop and numbers in. */
const STRINGS = {
  en: {
    products: "Products", close: "Close", noProducts: "The products appear here in a moment.", tapForSound: "Tap to watch with sound", blocked: "Tap to watch",
    mute: "Sound", chat: "Live chat", askHost: "Ask {host} anything about the products", askHint: "{host} answers out loud and in writing.",
    yourQuestion: "Your question", askPlaceholder: "Ask {host} …", send: "Send", name: "Name", guest: "Guest",
    aiNotice: "AI-generated digital host", onAir: "On air now", inShop: "View in shop", was: "was {price}", watching: "{n} watching",
    you: "You", answersLive: "{host} answers this live", aiHost: "AI host", connecting: "Connecting …", reconnecting: "Connection lost. Trying again …",
    full: "The room is full. Trying again in a moment …", uninvited: "For invited viewers: open the address that you were given.", stopped: "{host} will be right back", tickerEmpty: "Say hello and ask away",
    chatGone: "The chat is away for a moment …", malformed: "That could not be read. Please try again.", closed: "The chat is closed for now.", empty: "Please type a question first.",
    too_long: "Please keep it under {limit} characters.", too_fast: "One moment, please: that was a little fast.",
    preview: "Live preview", saidNow: "Said now", facts: "Facts behind it", next: "Comes next", figures: "Figures", processes: "Processes and outlets",
    skip: "Skip line", resume: "Resume", stop: "Stop", quiet: "Between two lines", noFacts: "No facts: this line makes no claim.", nothingNext: "Nothing is waiting yet.",
    noChat: "Nobody has written yet.", ahead: "{n} s ready", writtenBy: "written by {writer}", silent: "silent for {n} s", restarts: "started again {n} ×",
    actionFailed: "That did not arrive. Please try again.", locked: "This page is locked. Open the control address again.", feedGone: "The connection to the server is gone. Trying again …",
    air_on: "On air", air_stopped: "Stopped", air_slate: "Slate", air_off: "Off air", air_waiting: "Starting",
    chat_asked: "asked", chat_answered: "answered", chat_refused: "not let through",
    tile_fps: "pictures a second", tile_repeated: "repeated pictures", tile_encode_ms: "to encode", tile_ahead: "ready ahead", tile_viewers: "viewers", tile_cpu: "CPU cores",
    kind_greeting: "Greeting", kind_notice: "AI notice", kind_opener: "Opener", kind_pitch: "Pitch", kind_price: "Price", kind_ask: "Question", kind_transition: "Transition", kind_recap: "Recap", kind_answer: "Answer", kind_say: "Say",
  },
  zh: {
    products: "商品", close: "关闭", noProducts: "商品马上就来。", tapForSound: "点按开启声音", blocked: "点按观看",
    mute: "声音", chat: "直播互动", askHost: "关于商品，随时问{host}", askHint: "{host}会口头并文字回复你。",
    yourQuestion: "你的问题", askPlaceholder: "问问{host}……", send: "发送", name: "昵称", guest: "游客",
    aiNotice: "AI生成 · 数字人主播", onAir: "正在讲解", inShop: "去商店看看", was: "划线价 {price}", watching: "{n} 人在看",
    you: "我", answersLive: "{host}正在直播中回答", aiHost: "AI主播", connecting: "正在连接……", reconnecting: "连接中断，正在重试……",
    full: "直播间已满，稍后自动重试……", uninvited: "仅对受邀观众开放，请打开您收到的链接。", stopped: "{host}马上回来", tickerEmpty: "打个招呼，随便问",
    chatGone: "聊天暂时离开一下……", malformed: "没能看懂，请再试一次。", closed: "聊天暂时关闭。", empty: "请先输入问题。",
    too_long: "请控制在 {limit} 个字以内。", too_fast: "稍等一下，发得有点快。",
    preview: "直播预览", saidNow: "正在说", facts: "依据的事实", next: "接下来", figures: "数据", processes: "进程与推流",
    skip: "跳过这句", resume: "继续", stop: "停止", quiet: "两句之间", noFacts: "这句话不含任何商品说法。", nothingNext: "还没有排队的内容。",
    noChat: "还没有人发言。", ahead: "已备好 {n} 秒", writtenBy: "由 {writer} 撰写", silent: "{n} 秒没有消息", restarts: "重启过 {n} 次",
    actionFailed: "没有送达，请再试一次。", locked: "页面已锁定，请重新打开控制地址。", feedGone: "与服务器的连接中断，正在重试……",
    air_on: "直播中", air_stopped: "已停止", air_slate: "垫片", air_off: "未开播", air_waiting: "启动中",
    chat_asked: "已提问", chat_answered: "已回答", chat_refused: "未放行",
    tile_fps: "每秒画面", tile_repeated: "重复画面", tile_encode_ms: "编码用时", tile_ahead: "提前备好", tile_viewers: "观众", tile_cpu: "CPU 核",
    kind_greeting: "问候", kind_notice: "AI 提示", kind_opener: "开场", kind_pitch: "介绍", kind_price: "价格", kind_ask: "提问", kind_transition: "转场", kind_recap: "回顾", kind_answer: "回答", kind_say: "口播",
  },
};

export const language = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";

const names = { host: document.body.dataset.host, shop: document.body.dataset.shop };

/** The text called `key`, with `{name}` parts filled in. */
export function t(key, values = {}) {
  const text = STRINGS[language][key] ?? STRINGS.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => ({ ...names, ...values })[name] ?? "");
}

/** Whether there is a text called `key`. */
export const known = (key) => key in STRINGS.en;

/** Put texts into elements marked data-t (text), data-t-label (aria-label) and data-t-placeholder. */
export function translate(root = document) {
  document.documentElement.lang = language;
  for (const each of root.querySelectorAll("[data-t]")) each.textContent = t(each.dataset.t);
  for (const each of root.querySelectorAll("[data-t-label]")) each.setAttribute("aria-label", t(each.dataset.tLabel));
  for (const each of root.querySelectorAll("[data-t-placeholder]")) each.placeholder = t(each.dataset.tPlaceholder);
}
