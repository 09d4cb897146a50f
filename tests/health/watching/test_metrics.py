"""What Prometheus is told: true, of nobody, and known by the board and the rules that come with the site."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from education.audit import facts
from education.consultations.models import ConsultationRequest
from education.core import sealing
from education.health import backups
from education.health.watching import beats, metrics
from tests.consultations import asking
from tests.health.planted import Site, ago, heartbeat, mail
from tests.server import ROOT

MONITORING = ROOT / "clinic_site" / "deploy" / "monitoring"
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def told() -> dict[str, float]:
    """Each figure with its labels."""

    class Here(metrics.Standing):
        def collect(self):  # type: ignore[no-untyped-def]  # the connection is the test's
            return self.figures()

    registry = CollectorRegistry()
    registry.register(Here())
    lines = generate_latest(registry).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_the_figures_say_how_the_site_stands(site: Site) -> None:
    asking.ingested("first", main_reason="Nightingale-canary")
    asking.request("later", full_name="Canary Nightingale")
    ConsultationRequest.objects.update(received_at=ago(hours=2), due_at=ago(hours=1))
    mail("failed")
    heartbeat(ago(minutes=10))
    facts.note(f"{beats.WEB}web-2:/keys", "answers", now=ago(minutes=20))
    facts.note(backups.DRILL, "x", now=ago(days=7))
    found = told()
    assert set(metrics.GAUGES) <= set(found)
    assert (found["clinic_requests_waiting"], found["clinic_requests_overdue"]) == (2, 2)
    assert (found["clinic_requests_uningested"], found["clinic_outbox_failed"]) == (1, 1)
    for name, least in {
        "clinic_queue_oldest_seconds": 7200,
        "clinic_uningested_oldest_seconds": 7200,
        "clinic_worker_beat_age_seconds": 600,
        "clinic_web_beat_age_seconds": 1200,
        "clinic_drill_age_seconds": 7 * 86400,
    }.items():
        assert least <= found[name] < least + 600, name
    assert found['clinic_wrong{check="worker"}'] == 1
    assert found['clinic_wrong{check="keys"}'] == 0
    words = repr(found).lower()
    for secret in ("canary", "nightingale", sealing.current_key_id(), ConsultationRequest.objects.all()[0].reference):
        assert secret.lower() not in words


def test_board_and_rules_name_only_figures_that_there_are() -> None:
    known = {*metrics.GAUGES, "clinic_wrong", *(f"clinic_answer_seconds_{part}" for part in ("bucket", "count", "sum"))}
    board = json.loads((MONITORING / "grafana.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    (group,) = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    rules = [rule["expr"] for rule in group["rules"]]
    assert all(rule["annotations"]["summary"] for rule in group["rules"])
    for expressions in (asked, rules):
        named = {name for words in expressions for name in re.findall(r"\bclinic_\w+", words)}
        assert named <= known
    assert known - {"clinic_answer_seconds_sum"} <= set(re.findall(r"\bclinic_\w+", " ".join(asked)))
    (job,) = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["scrape_configs"]
    assert job["static_configs"][0]["targets"] == ["127.0.0.1:9464"]
    assert f'job="{job["job_name"]}"' in " ".join(rules)
    assert "9464" in Path(ROOT / ".env.example").read_text()
