"""The files for containers: not run here, but read. Linters look at them by hand: tests/faults/by_hand/kit.py."""

import re
from pathlib import Path
from typing import Any

import yaml

from clinic_site.deploy.pack import version_of
from tests.clinic_site.production import COMPLETE
from tests.clinic_site.test_variables import read
from tests.server import ROOT

DEPLOY = ROOT / "clinic_site" / "deploy"
COMPOSE, POSTGRES, KUBERNETES = (DEPLOY / name for name in ("compose.yml", "compose.postgres.yml", "kubernetes.yml"))
ENDS_TLS = "caddy"  # begins as root, which its image needs for ports 80 and 443


def services(*files: Path) -> dict[str, dict[str, Any]]:
    """As Compose joins them: what a later file says of a service is added."""
    found: dict[str, dict[str, Any]] = {}
    for file in files:
        for name, service in yaml.safe_load(file.read_text())["services"].items():
            found[name] = found.get(name, {}) | service
    return found


def test_no_container_may_do_more_than_it_needs() -> None:
    by_dockerfile = "USER 10001" in (DEPLOY / "Dockerfile").read_text()
    for name, service in services(COMPOSE, POSTGRES).items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        is_ours = service["image"] == "clinic-site"
        assert is_ours or re.search(r":\d+", service["image"]), f"{name}: which version?"
        assert (is_ours and by_dockerfile) or service.get("user") or name == ENDS_TLS, f"{name} runs as root"


def test_the_site_waits_for_a_database_and_a_cache_that_say_that_they_are_well() -> None:
    both = services(COMPOSE, POSTGRES)
    for name in ("web", "worker"):
        waits = both[name]["depends_on"]
        assert waits == {each: {"condition": "service_healthy"} for each in ("database", "cache")}
    assert all(both[name]["healthcheck"]["test"] for name in ("database", "cache"))
    assert [both[name]["network_mode"] for name in ("database", "cache")] == ["none", "none"]


def test_production_starts_with_the_addresses_that_the_file_names(tmp_path: Path) -> None:
    """By sockets nothing leaves the machine, so that none of them needs TLS."""
    words = POSTGRES.read_text()
    named = dict(re.findall(r"^#   (DATABASE_URL|CACHE_URL)=(\S+)$", words, re.M))
    settings = read(tmp_path, **COMPLETE, **named)
    database = settings["DATABASES"]["default"]
    assert (database["HOST"], database["NAME"], database["USER"]) == ("/run/postgresql", "clinic", "clinic")
    assert settings["CACHES"]["default"]["LOCATION"] == "unix:///run/cache/cache.sock"
    for name in ("web", "worker"):
        assert "database-socket:/run/postgresql" in services(POSTGRES)[name]["volumes"]
        assert "cache-socket:/run/cache" in services(POSTGRES)[name]["volumes"]


def test_the_image_is_built_of_files_that_are_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.M)
    assert all((ROOT / name).exists() for line in copied for name in line.split())


def test_on_kubernetes_the_same_holds_and_both_use_one_volume() -> None:
    documents = {each["kind"]: each for each in yaml.safe_load_all(KUBERNETES.read_text())}
    deployment = documents["Deployment"]["spec"]
    assert (deployment["replicas"], deployment["strategy"]["type"]) == (1, "Recreate"), "two would share one SQLite"
    pod = deployment["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == pod["securityContext"]["fsGroup"] == 10001
    for container in [*pod["initContainers"], *pod["containers"]]:
        careful = container["securityContext"]
        assert careful["readOnlyRootFilesystem"]
        assert not careful["allowPrivilegeEscalation"]
        assert careful["capabilities"] == {"drop": ["ALL"]}
        assert {"name": "data", "mountPath": "/var/lib/clinic-site"} in container["volumeMounts"]
        assert container["image"].endswith(f":{version_of(ROOT)}")
    assert [container["name"] for container in pod["containers"]] == ["web", "worker"]
