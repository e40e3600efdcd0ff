// Takes an output out of the set-up's real list, adds one, builds the list again with what was changed, as when somebody
// else changed the file, and renames the first. Prints what is sent then.
class Node {
  constructor() {
    Object.assign(this, { dataset: {}, within: [], heard: {}, value: "", classList: { add() {}, toggle() {} } });
  }
  append(...more) { this.within.push(...more); }
  replaceChildren(...now) { this.within = now; }
  addEventListener(name, listener) { this.heard[name] = listener; }
  setAttribute() {}
  find(fits) {
    for (const each of this.within.filter((one) => one instanceof Node)) {
      const found = fits(each) ? each : each.find(fits);
      if (found) return found;
    }
    return null;
  }
}
globalThis.document = { createElement: () => new Node(), createElementNS: () => new Node() };

const { ofFile, outputs } = await import(process.argv[2]);
const file = [
  { kind: "rtmp", name: "a", url: "rtmps://a/x", key_from: "file", backup_key_from: "" },
  { kind: "rtmp", name: "b", url: "rtmps://b/x", key_from: "B_KEY", backup_key_from: "" },
];
let changes;
const list = (value) => outputs("mia", value, ["generic"], (now) => { changes = now; }).node;
const first = list(ofFile(file));
first.find((node) => node.className === "icon-button remove").heard.click();
first.find((node) => node.className === "adders").within[1].heard.click();
const name = list(changes).find((node) => node.dataset.part === "name");
name.value = "b2";
name.heard.input();
console.log(JSON.stringify(changes));
