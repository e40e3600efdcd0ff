import { Backoff } from "./backoff.js";

/** A WebSocket that comes back by itself. `onMessage` gets parsed JSON, `onOpen(true|false)` whether it stands. */
export class Socket {
  constructor(path, onMessage, onOpen) {
    this.path = path;
    this.onMessage = onMessage;
    this.onOpen = onOpen;
    this.backoff = new Backoff(700, 10000);
    this.timer = 0;
    addEventListener("online", () => this.renew());
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.path}`);
    this.socket = socket;
    socket.onopen = () => {
      this.backoff.reset();
      this.onOpen(true);
    };
    socket.onmessage = ({ data }) => this.onMessage(JSON.parse(data));
    socket.onclose = ({ code }) => {
      this.onOpen(false, code);
      this.timer = setTimeout(() => this.open(), this.backoff.next());
    };
  }

  /** Open anew at once. On a dead path the old socket's end would come after minutes, so nobody waits for it. */
  renew() {
    const old = this.socket;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
    this.onOpen(false);
    this.open();
  }

  /** Send an object; false when the socket does not stand. */
  send(payload) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(payload));
    return true;
  }
}
