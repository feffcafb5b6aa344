"""Loaded once by the server that processes are forked from."""

from faultlab.mutating.model.nursery import load_all_but_the_model

load_all_but_the_model()
