"""Everhost's engine: the rooms from catalogue to packets, and the processes that run them."""
