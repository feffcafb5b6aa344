"""Loaded once by the server that processes are forked from."""

from faultlab.mutating.model.process_pool import load_all_but_the_model

load_all_but_the_model()
