"""nginx before the shop: its configuration as data, so that a change to it is a new value."""

from __future__ import annotations

import grp
import os
import pwd
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from .programs import Command, Program, Programs, listens, path_of

SETTLING = 0.5

TEMPLATE = """\
{user}
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {logs}/error.log warn;
events {{ worker_connections 512; }}
http {{
    log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                     '"$http_referer" "$http_user_agent" rt=$request_time urt=$upstream_response_time';
    access_log {logs}/access.log timed;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    keepalive_timeout {keepalive};
    limit_req_zone $binary_remote_addr zone=search:1m rate=2r/s;
    limit_req_status 429;
    # The first half of nginx's own id is enough to follow a request through the shop.
    map $request_id $trace {{ "~^(?<half>.{{16}})" $half; }}
    upstream checkout {{ {upstreams} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://checkout;
            proxy_set_header X-Trace-Id $trace;
            proxy_read_timeout 4s;
        }}
        location /api/search {{
            limit_req zone=search burst=4 nodelay;
            proxy_pass http://checkout;
            proxy_set_header X-Trace-Id $trace;
            proxy_read_timeout 4s;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Config:
    """What of nginx's configuration is changed while it runs.

    Attributes
    ----------
    port : int
        Where customers come in.
    checkouts : tuple of int
        Ports of the copies of `checkout`.
    keepalive : str
        How long an idle connection of a customer is kept.
    """

    port: int
    checkouts: tuple[int, ...]
    keepalive: str = "15s"


class Nginx:
    """A running nginx."""

    def __init__(self, programs: Programs, directory: Path, logs: Path, config: Config) -> None:
        self._directory, self._logs, self.config = directory / "nginx", logs, config
        self._directory.mkdir()
        self._write()
        early = ["-e", str(logs / "error.log")]  # for what is wrong before the configuration is read
        arguments = [path_of("nginx"), "-p", str(self._directory), "-c", str(self._file), *early]
        command = Command("nginx", arguments, self._directory / "printed.txt", self._directory)
        self._program: Program = programs.start(command, listens(config.port))

    def apply(self, config: Config) -> None:
        """Put a new configuration in force, without dropping a request."""
        self.config = config
        self._write()
        self._program.send(signal.SIGHUP)
        time.sleep(SETTLING)

    @property
    def _file(self) -> Path:
        return self._directory / "nginx.conf"

    def _write(self) -> None:
        # Slow answers do not put a copy out of use: otherwise two copies would do worse than one, which nginx always
        # asks, and scaling would be a second fault.
        upstreams = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in self.config.checkouts)
        text = TEMPLATE.format(
            user=_user(),
            directory=self._directory,
            logs=self._logs,
            port=self.config.port,
            keepalive=self.config.keepalive,
            upstreams=upstreams,
        )
        self._file.write_text(text, encoding="utf-8")


def _user() -> str:
    """Give the line that names the workers' user; nginx only warns of it where the master is not root."""
    if os.geteuid() != 0:
        return ""
    group = grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name
    return f"user nobody {group};"
