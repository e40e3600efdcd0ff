/** What is wrong with how a page looks now: wider than the window, cut text, boxes over each other, weak contrast. */
() => {
  const problems = [];
  const name = (each) => `${each.tagName.toLowerCase()}.${each.className?.baseVal ?? each.className} “${(each.textContent || each.value || "").trim().slice(0, 40)}”`;
  const shown = (each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !each.closest(".for-ears, .hidden, .skip-link, [aria-hidden=true], live-player");
  const own = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const all = [...document.querySelectorAll("main *, header *, dialog *, .alert")].filter(shown);
  if (document.documentElement.scrollWidth > innerWidth) problems.push(`page is ${document.documentElement.scrollWidth} wide`);

  /* The part of a box that its scrolling ancestors let be seen. */
  const seen = (each) => {
    let { left, top, right, bottom } = each.getBoundingClientRect();
    for (let up = each.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const box = up.getBoundingClientRect();
      left = Math.max(left, box.left); top = Math.max(top, box.top); right = Math.min(right, box.right); bottom = Math.min(bottom, box.bottom);
    }
    return { left, top, right, bottom };
  };
  const scrolls = (each, axis) => /auto|scroll/.test(getComputedStyle(each)[axis]);
  for (const each of all) {
    const box = each.getBoundingClientRect();
    if (box.right > innerWidth + 1 && !each.closest("nav, .segments, .log-view")) problems.push(`outside: ${name(each)}`);
    // What is one dot wide is for ears; what ends in an ellipsis must be told in whole by a title.
    if (!own(each) || each.closest("svg") || each.clientWidth <= 1) continue;
    const style = getComputedStyle(each);
    const told = style.textOverflow === "ellipsis" && each.closest("[title]")?.title.includes(each.textContent);
    if (!told && style.overflowX !== "visible" && !scrolls(each, "overflowX") && each.scrollWidth > each.clientWidth + 1) problems.push(`cut: ${name(each)}`);
    if (style.overflowY !== "visible" && !scrolls(each, "overflowY") && each.scrollHeight > each.clientHeight + 2) problems.push(`cut below: ${name(each)}`);
    const range = document.createRange();
    range.selectNodeContents(each);
    const text = range.getBoundingClientRect();
    const button = each.closest("button, .button");
    if (button) {
      const around = button.getBoundingClientRect();
      if (text.right > around.right + 1 || text.left < around.left - 1 || text.bottom > around.bottom + 2) problems.push(`text leaves its button: ${name(each)}`);
    }
  }

  /* Leaves over each other; what floats over the page does so on purpose. */
  const floats = (each) => each.closest(".stop-control, .alert, .panel, header.bar");
  const leaves = all.filter((each) => each.getBoundingClientRect().width > 1 && (own(each) || each.matches("input, textarea, select, button, img")) && !each.closest("svg, option") && !(each.closest("button, a, label.tick") && each !== each.closest("button, a, label.tick")));
  const boxes = leaves.map((each) => ({ each, box: seen(each), floats: floats(each) })).filter(({ box }) => box.right - box.left > 2 && box.bottom - box.top > 2);
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const a = boxes[i], b = boxes[j];
      if (a.floats !== b.floats || a.each.contains(b.each) || b.each.contains(a.each)) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide > 2 && high > 3) problems.push(`overlap: ${name(a.each)} × ${name(b.each)}`);
    }
  }

  /* WCAG 2.2, 1.4.3: 4.5, or 3 for large text. */
  const parse = (colour) => {
    const found = colour.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
    return found ? [Number(found[1]), Number(found[2]), Number(found[3]), found[4] === undefined ? 1 : Number(found[4])] : null;
  };
  const over = (front, back) => front.slice(0, 3).map((value, i) => value * front[3] + back[i] * (1 - front[3]));
  const light = (rgb) => rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (each) => {
    const layers = [];
    for (let up = each; up; up = up.parentElement) {
      const colour = parse(getComputedStyle(up).backgroundColor);
      if (!colour) return null;
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((back, layer) => over(layer, back), [255, 255, 255]);
  };
  for (const each of all) {
    const field = each.matches("input, textarea, select");
    if ((!own(each) && !field) || each.matches("option, :disabled, [type=checkbox]") || each.closest(":disabled")) continue;
    const style = getComputedStyle(each);
    const svg = each.closest("svg");
    const front = parse(svg ? style.fill : style.color), back = ground(each);
    if (!front || !back) { problems.push(`colour not understood: ${name(each)} ${style.color}`); continue; }
    const [a, b] = [light(over(front, back)), light(back)].sort((one, two) => two - one);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) problems.push(`contrast ${ratio.toFixed(2)}: ${name(each)}`);
  }
  return [...new Set(problems)];
}
