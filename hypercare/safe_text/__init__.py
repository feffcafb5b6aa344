"""A target's text, made safe for whatever shows it: nothing of it steers, runs, or passes for another line."""
