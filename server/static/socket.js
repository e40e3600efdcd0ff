import { Backoff } from "./backoff.js";

/** A WebSocket that comes back by itself. `onMessage` gets parsed JSON, `onOpen(true|false)` whether it stands. */
export class Socket {
  constructor(path, onMessage, onOpen) {
    this.path = path;
    this.onMessage = onMessage;
    this.onOpen = onOpen;
    this.backoff = new Backoff(700, 10000);
    this.open();
  }

  open() {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.path}`);
    this.socket = socket;
    socket.onopen = () => {
      this.backoff.reset();
      this.onOpen(true);
    };
    socket.onmessage = ({ data }) => this.onMessage(JSON.parse(data));
    socket.onclose = ({ code }) => {
      this.onOpen(false, code);
      setTimeout(() => this.open(), this.backoff.next());
    };
  }

  /** Send an object; false when the socket does not stand. */
  send(payload) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(payload));
    return true;
  }
}
