"""Each file is one command: it reads its arguments, calls one action and prints what came of it."""
