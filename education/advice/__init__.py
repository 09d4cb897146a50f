"""Advice that stands beside the gate and never blocks: how a draft reads, and what PEMAT-P would say of it."""
