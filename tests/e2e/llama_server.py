"""llama.cpp's own OpenAI-compatible HTTP server, in a process: prints its address and serves until it is killed."""

from __future__ import annotations

import sys
import time

import xllamacpp


def main() -> None:
    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.verbosity = -1
    params.port = 0
    server = xllamacpp.Server(params)
    print(f"address {server.listening_address}", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
