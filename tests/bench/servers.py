"""The servers to compare with. Each has one worker, a free port, and sends the same response as the site."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.figures import Refused
from tests.bench.load import Reader, Server
from tests.server import ROOT, Launcher, free_port

EXTRAS = ROOT / ".venv" / "bench"  # packages that only the benchmarks need, installed on demand
GTHREAD = ["--worker-class", "gthread", "--workers", "1", "--threads", "6", "--keep-alive", "75", "--no-control-socket"]
ASGI = [
    "--worker-class",
    "asgi",
    "--asgi-loop",
    "uvloop",
    "--workers",
    "1",
    "--keep-alive",
    "75",
    "--no-control-socket",
]
OURS = ["-c", "clinic_site/gunicorn.conf.py", "--workers", "1", "--keep-alive", "75"]


def gunicorn(launch: Launcher, application: str, how: list[str], data_dir: Path, **more: str) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *how, "--bind", f"127.0.0.1:{port}", application]
    return Server(launch(command, data_dir, port=port, **more), "/health/live")


def site(launch: Launcher, data_dir: Path) -> Server:
    """The site as it is served, with one web worker and without the background worker."""
    return gunicorn(launch, "clinic_site.asgi", OURS, data_dir).ready().at_rest()


def django_alone(launch: Launcher, data_dir: Path) -> Server:
    """The same site without the edge, which shows what each page costs to render."""
    return gunicorn(launch, "clinic_site.wsgi", GTHREAD, data_dir).ready()


def saved_response(server: Server, folder: Path) -> dict[str, str]:
    """Save the site's response to a file for the bare servers; the environment variable that names the file."""
    status, head, body = Reader(server).read()
    if status != 200:
        raise Refused(f"{server.path} answered {status}")
    lines = [line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:]]
    headers = [[name.lower(), value] for name, value in lines if name.lower() not in ("date", "connection")]
    file = folder / "answer.json"
    file.write_text(json.dumps({"headers": headers, "body": base64.b64encode(body).decode()}))
    return {"BENCH_ANSWER": str(file)}


NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; keepalive_timeout 75;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/html; default_type text/html; {headers} }}
}}
"""


def nginx(launch: Launcher, folder: Path, answer: dict[str, str]) -> Server:
    """nginx serving the same bytes and headers from a file."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise Refused("nginx is missing (on Debian or Ubuntu: sudo apt-get install nginx-light)")
    response = json.loads(Path(answer["BENCH_ANSWER"]).read_text())
    own = ("content-type", "content-length", "etag")
    headers = " ".join(
        f"add_header {name} {json.dumps(value)};" for name, value in response["headers"] if name not in own
    )
    (folder / "html").mkdir(exist_ok=True)
    (folder / "html" / "index.html").write_bytes(base64.b64decode(response["body"]))
    port = free_port()
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, port=port, headers=headers))
    return Server(launch([program, "-p", str(folder), "-c", str(file)], folder, port=port))


def packages(*names: str) -> str:
    """The path of a folder with these packages installed, for PYTHONPATH."""
    folder = EXTRAS / "-".join(names)
    if not folder.exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), *names]
        _run(command, f"{', '.join(names)} can’t be installed")
    return str(folder)


def granian(launch: Launcher, data_dir: Path, extras: str) -> Server:
    """The edge under another server, without what needs gunicorn: the guard against slow clients, the fast path."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--loop", "uvloop"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "clinic_site.asgi:application"]
    return Server(launch(command, data_dir, port=port, PYTHONPATH=extras))


def _run(command: list[str], problem: str, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode:
        raise Refused(f"{problem}: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def wagtail_python() -> str:
    """The Python of a separate virtual environment with Wagtail 8."""
    folder = EXTRAS / "wagtail"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(folder)], "A virtual environment for Wagtail can’t be made")
        requirements = ["wagtail>=8,<9", "gunicorn>=27,<28"]
        _run([str(python), "-m", "pip", "install", "--quiet", *requirements], "Wagtail 8 can’t be installed")
        (folder / "ready").touch()
    return str(python)


def wagtails(launch: Launcher, folder: Path, words: Path) -> dict[str, Server]:
    """The text of the article as a Wagtail page, without and with Wagtail's per-site cache."""
    python, here = wagtail_python(), {"PYTHONPATH": str(ROOT / "tests/bench/wagtail"), "BENCH_FOLDER": str(folder)}
    here["DJANGO_SETTINGS_MODULE"] = "wagtail_settings"
    _run([python, "-m", "wagtail_furnish", str(words)], "The Wagtail site can’t be made", **here)
    servers = {}
    for name, cache in (("default", ""), ("with per-site cache", "yes")):
        port = free_port()
        command = [python, "-m", "gunicorn", *GTHREAD, "--bind", f"127.0.0.1:{port}", "wagtail_wsgi"]
        run = launch(command, folder, port=port, **here, BENCH_CACHE=cache)
        servers[name] = Server(run, "/article/").ready()
    return servers
