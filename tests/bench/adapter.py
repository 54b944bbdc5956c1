"""How the bench harness drives the daemon: `class Project`, with the harness's `Peer` and `api` in scope (README.md).

Everything the daemon is told stands in `env` and in the four requests below.
"""

import re
import shutil

BINARY = pathlib.Path(os.environ.get("MIAUFLIX_BIN", "target/release/miauflix")).resolve()
ACCOUNT = {"username": "bench", "password": "a bench needs no secret"}
BASE = "/api/v1"
PATIENCE_S = 10


class Project(Peer):
    name = "project"

    def __init__(self, workdir):
        super().__init__(workdir)
        self.headers, self.playback = {}, None
        # Hashing a password takes longer than what is measured, so the account is there before the clock starts.
        self.start()
        try:
            self.sign_in()
        finally:
            self.stop()

    @property
    def env(self):
        return {
            "MIAUFLIX_SERVER__LISTEN": f"127.0.0.1:{self.port}",
            "MIAUFLIX_DATA__DIR": str(self.data),
            "MIAUFLIX_LOG__LEVEL": "warn",
            "MIAUFLIX_TORRENTS__DHT": "false",
            "MIAUFLIX_TORRENTS__UPNP": "false",
            "MIAUFLIX_TORRENTS__LISTEN": f"0.0.0.0:{self.bt_port}",
            # The most viewers at once in any metric, all of one account.
            "MIAUFLIX_TORRENTS__MAX_STREAMS": "64",
            "MIAUFLIX_TORRENTS__MAX_STREAMS_PER_USER": "64",
        }

    def argv(self, source=None):
        return [BINARY]

    def add(self, source):
        magnet = str(source).startswith("magnet:")
        title = self.ask("POST", "/torrents", {"magnet": source} if magnet else pathlib.Path(source).read_bytes())
        self.playback = self.ask("POST", "/playback", {"movie_id": title["id"]})

    def path(self, content):
        return self.playback["stream_url"]

    def progress(self):
        status = self.ask("GET", f"/playback/{self.playback['id']}/status")
        if status["state"] in ("resolving", "checking"):
            return 0.0
        return status["downloaded_bytes"] / max(1, status["total_bytes"])

    def preload(self, content):
        """Puts the finished film where the daemon keeps it: <data>/torrents/<info hash>/<file index>."""
        folder = self.data / "torrents" / str(self.infohash)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content, folder / "0")

    def sign_in(self):
        """Makes the first admin with the token of the first start."""
        token = self.soon(self.setup_token)
        signed_in = self.soon(lambda: self.ask("POST", "/setup", {"token": token, "transport": "token", **ACCOUNT}))
        self.headers = {"Authorization": f"Bearer {signed_in['access_token']}"}

    def setup_token(self):
        """From the file of the data directory, or else as the daemon printed it."""
        file = self.data / "setup-token"
        if file.is_file():
            return file.read_text().strip()
        printed = re.search(r"token=([\w-]{16,})", (self.dir / "log").read_text(errors="replace"))
        return printed and printed[1]

    def soon(self, attempt):
        """The first answer of a daemon that has only just been started."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.p.poll() is not None:
                raise RuntimeError("the daemon ended: " + (self.dir / "log").read_text(errors="replace")[-1500:])
            try:
                if answer := attempt():
                    return answer
            except OSError:
                pass
            time.sleep(0.02)
        raise TimeoutError("the daemon did not come up")

    def ask(self, method, path, body=None):
        headers = dict(self.headers)
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/x-bittorrent"
        elif body is not None:
            headers["Content-Type"], body = "application/json", json.dumps(body)
        status, answer = api(self.port, method, BASE + path, body, headers=headers)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return json.loads(answer)
