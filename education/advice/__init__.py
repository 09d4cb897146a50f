"""Advice on a draft, which never blocks publication: how easily it reads, and how it scores on PEMAT-P."""
