/** Waits that grow from `first` to `most` milliseconds, with ±20 % chance so that a crowd does not come back at once. */
export class Backoff {
  constructor(first = 500, most = 8000) {
    this.first = first;
    this.most = most;
    this.reset();
  }
  reset() {
    this.wait = this.first;
  }
  next() {
    const wait = this.wait;
    this.wait = Math.min(this.most, this.wait * 1.7);
    return wait * (0.8 + Math.random() * 0.4);
  }
}
