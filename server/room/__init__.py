"""The control room: one site to watch and steer every channel of a run, in a process of its own."""
