/**
 * What `work` gives, or an error after `ms`: `work` hands the signal it gets to its `fetch`, which would wait for minutes
 * on a dead path. Safari 15 has no AbortSignal.timeout.
 */
export async function within(ms, work) {
  const breaker = new AbortController();
  const timer = setTimeout(() => breaker.abort(new Error(`no answer in ${ms} ms`)), ms);
  try {
    return await work(breaker.signal);
  } finally {
    clearTimeout(timer);
  }
}
