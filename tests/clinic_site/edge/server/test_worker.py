"""A worker that is told to end."""

from unittest import mock

from clinic_site.edge.server.worker import DRAIN_SECONDS, EdgeWorker


def test_it_says_that_it_leaves_before_it_closes_any_connection() -> None:
    worker = EdgeWorker.__new__(EdgeWorker)  # without the arbiter that it would belong to
    worker.loop, worker.alive, worker.draining = mock.Mock(), True, False
    worker.handle_exit_signal()
    assert worker.draining
    assert worker.alive
    delay, then = worker.loop.call_later.call_args.args
    assert delay == DRAIN_SECONDS
    then()
    assert not worker.alive
