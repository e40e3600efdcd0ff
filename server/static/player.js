import { Backoff } from "./backoff.js";
import { within } from "./deadline.js";

/* The server answers an offer in milliseconds; a path that died meanwhile never does. */
const ANSWER_MS = 6000;
/* Two seconds without another picture: the server is gone, or its new process knows nothing of this session. */
const STALL_MS = 2000;
/* A session's first picture takes four round trips, up to half a second for a keyframe, and its transfer. */
const FIRST_PICTURE_MS = 8000;
const WATCH_MS = 500;
const DISCONNECTED_MS = 2500;
/* Both streams wait equally, so that sound and picture are together from the start (else Chromium needs 10 s and more). */
const BUFFER_MS = 100;
/* Sound and picture this far apart for this many seconds never find together in useful time: a new session does. */
const APART_MS = 350;
const APART_S = 4;
/* Chromium brings sound and picture together by itself in the first seconds of a session. */
const SETTLING_MS = 6000;
const RESYNC_PAUSE_MS = 30000;
const REASONS_KEPT = 10;

/** Plays the channel by WHEP and keeps at it: a new offer after each failure. `onState` hears connecting, playing, blocked (it must be touched to play), reconnecting, full, uninvited. */
export class Player {
  constructor(video, onState, endpoint = "/whep") {
    this.video = video;
    this.onState = onState;
    this.endpoint = endpoint;
    this.backoff = new Backoff();
    this.pc = null;
    this.location = null;
    this.joinMs = null;
    this.marks = {};
    this.joins = 0;
    this.attempt = 0;
    this.timer = 0;
    this.frames = 0;
    this.moved = 0;
    this.apart = 0;
    this.resynced = -RESYNC_PAUSE_MS;
    this.joined = 0;
    /** Why the last sessions ended, newest last. */
    this.reasons = [];
    this.state = "";
    /** Nobody wants to watch now: before the first `start`, and after `rest`. */
    this.resting = true;
    this.watching = setInterval(() => this.watch(), WATCH_MS);
    this.ears = new AbortController();
    const { signal } = this.ears;
    addEventListener("online", () => this.comeBack(), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.comeBack(), { signal });
    document.addEventListener("visibilitychange", () => {
      this.moved = performance.now();
      this.playOn();
    }, { signal });
    // Only a browser pauses it by itself: for a call, to save power, or because it may not be heard.
    video.addEventListener("pause", () => this.playOn(), { signal });
    video.addEventListener("playing", () => {
      this.moved = performance.now();
      if (this.state === "blocked") this.tell("playing");
    }, { signal });
  }

  /** Play what arrives. A browser that refuses even silent pictures, such as an iPhone's in Low Power Mode, wants a touch first. */
  async play() {
    const { attempt } = this;
    try {
      await this.video.play();
    } catch (error) {
      if (error.name === "NotAllowedError" && this.pc && attempt === this.attempt) this.tell("blocked");
    }
  }

  playOn() {
    if (!document.hidden && this.location && this.video.paused) this.play();
  }

  /** End for good. */
  close() {
    clearInterval(this.watching);
    this.ears.abort();
    this.rest();
  }

  /** Play no more until `start`. */
  rest() {
    this.resting = true;
    this.leave();
  }

  async start() {
    this.resting = false;
    this.leave();
    const { attempt } = this;
    this.tell(this.joins ? "reconnecting" : "connecting");
    const begun = performance.now();
    const mark = (name) => { if (attempt === this.attempt) this.marks[name] = Math.round(performance.now() - begun); };
    const pc = new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" });
    this.pc = pc;
    const stream = new MediaStream();
    for (const kind of ["video", "audio"]) pc.addTransceiver(kind, { direction: "recvonly" }).receiver.jitterBufferTarget = BUFFER_MS;
    pc.ontrack = ({ track }) => {
      stream.addTrack(track);
      if (this.video.srcObject !== stream) this.video.srcObject = stream;
      this.play();
    };
    pc.onconnectionstatechange = () => {
      mark(pc.connectionState);
      if (attempt === this.attempt) this.changed(pc);
    };
    try {
      await pc.setLocalDescription();
      mark("offered");
      await this.exchange(pc, attempt);
      mark("answered");
      this.firstPicture(attempt, begun);
    } catch (error) {
      if (attempt === this.attempt) this.again(error);
    }
  }

  async exchange(pc, attempt) {
    // Who leaves meanwhile lets it end: the session that an answer names has to be deleted.
    const { location, sdp } = await within(ANSWER_MS, (signal) => this.offer(pc, signal));
    if (attempt !== this.attempt) return void fetch(location, { method: "DELETE" }).catch(() => {});
    this.location = location;
    await pc.setRemoteDescription({ type: "answer", sdp });
    const transport = pc.getReceivers()[0].transport;
    if (transport) transport.onstatechange = () => transport.state === "closed" && pc === this.pc && this.again(new Error("server closed"));
    this.moved = this.joined = performance.now();
    this.frames = this.apart = 0;
  }

  async offer(pc, signal) {
    const answer = await fetch(this.endpoint, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: pc.localDescription.sdp, signal });
    if (!answer.ok) {
      const wait = Number(answer.headers.get("Retry-After"));
      const { error } = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(`WHEP ${answer.status}`), { full: answer.status === 503, uninvited: error === "no_ticket", wait: wait * 1000 });
    }
    return { location: answer.headers.get("Location"), sdp: await answer.text() };
  }

  firstPicture(attempt, begun) {
    const shown = () => {
      if (attempt !== this.attempt) return;
      this.joinMs = performance.now() - begun;
      this.joins += 1;
      this.backoff.reset();
      if (this.state !== "blocked") this.tell("playing");
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(shown);
    else this.video.addEventListener("loadeddata", shown, { once: true });
  }

  changed(pc) {
    const state = pc.connectionState;
    if (state === "failed" || state === "closed") this.again(new Error(state));
    else if (state === "disconnected") setTimeout(() => pc === this.pc && pc.connectionState === "disconnected" && this.again(new Error(state)), DISCONNECTED_MS);
  }

  again(error) {
    this.reasons = [...this.reasons, error.message].slice(-REASONS_KEPT);
    this.leave();
    this.tell(error.full ? "full" : error.uninvited ? "uninvited" : this.joins ? "reconnecting" : "connecting");
    this.soon(Math.max(this.backoff.next(), error.wait || 0));
  }

  /** Begin at once what was broken off: the page was kept and is shown again, or the network is back. */
  comeBack() {
    if (!this.resting && !(this.pc && ["playing", "blocked"].includes(this.state))) this.soon(0);
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), wait);
  }

  leave() {
    this.attempt += 1;
    clearTimeout(this.timer);
    const [pc, location] = [this.pc, this.location];
    this.pc = this.location = null;
    if (pc) {
      pc.onconnectionstatechange = pc.ontrack = null;
      pc.close();
    }
    if (location) fetch(location, { method: "DELETE", keepalive: true }).catch(() => {});
  }

  /** Open a new session when no picture was decoded for a while although the page is seen, or sound and picture are apart. */
  async watch() {
    const { pc } = this;
    if (!pc || !this.location || document.hidden || this.state === "blocked") return;
    const { framesDecoded, offsetMs } = await this.stats();
    if (pc !== this.pc) return;
    const now = performance.now();
    const settled = now - this.joined > SETTLING_MS;
    this.apart = settled && offsetMs !== null && Math.abs(offsetMs) > APART_MS ? this.apart + WATCH_MS / 1000 : 0;
    if (this.apart >= APART_S && now - this.resynced > RESYNC_PAUSE_MS) {
      this.resynced = now;
      this.apart = 0;
      this.again(new Error("sound and picture apart"));
      return;
    }
    if (framesDecoded !== this.frames) {
      this.frames = framesDecoded;
      this.moved = now;
    } else if (now - this.moved > (this.frames ? STALL_MS : FIRST_PICTURE_MS)) {
      this.moved = now;
      this.again(new Error("stalled"));
    }
  }

  tell(state) {
    this.state = state;
    this.onState(state);
  }

  /** What arrives: frames, sound, and by how many milliseconds the picture plays after the sound. */
  async stats() {
    const found = { framesDecoded: 0, framesDropped: 0, freezeCount: 0, audioLevel: 0, audioEnergy: 0, codec: "", joinMs: this.joinMs, marks: this.marks, offsetMs: null };
    if (!this.pc) return found;
    const report = await this.pc.getStats();
    const playout = {};
    for (const each of report.values()) {
      if (each.type !== "inbound-rtp") continue;
      playout[each.kind] = each.estimatedPlayoutTimestamp;
      if (each.kind === "video") {
        Object.assign(found, { framesDecoded: each.framesDecoded, framesDropped: each.framesDropped, freezeCount: each.freezeCount, fps: each.framesPerSecond, width: each.frameWidth, height: each.frameHeight, packetsLost: each.packetsLost, codec: report.get(each.codecId)?.mimeType ?? "", keyFramesDecoded: each.keyFramesDecoded, pli: each.pliCount });
      } else Object.assign(found, { audioLevel: each.audioLevel, audioEnergy: each.totalAudioEnergy, concealed: each.concealedSamples, samples: each.totalSamplesReceived });
    }
    if (playout.audio && playout.video) found.offsetMs = playout.audio - playout.video;
    return found;
  }
}
