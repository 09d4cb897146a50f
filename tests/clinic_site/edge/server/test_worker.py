"""A worker that is told to end."""

import asyncio

from clinic_site.edge.server.worker import DRAIN_SECONDS, EdgeWorker


def test_it_says_that_it_leaves_before_it_closes_any_connection() -> None:
    worker = EdgeWorker.__new__(EdgeWorker)  # without the arbiter that it would belong to
    worker.loop, worker.alive, worker.draining = asyncio.new_event_loop(), True, False
    worker.handle_exit_signal()
    assert worker.draining
    assert worker.alive
    worker.loop.run_until_complete(asyncio.sleep(DRAIN_SECONDS + 0.1))
    worker.loop.close()
    assert not worker.alive
