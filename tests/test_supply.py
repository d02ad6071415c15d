"""What is installed: a bill of materials of the lock, an audit of it, and no socket in tests."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys

import pytest

from places import ROOT

LOCK = ROOT / "requirements.lock"


def test_the_bill_of_materials_has_every_pin() -> None:
    """One component a pin, each with its version and the hashes of the lock; the same bytes."""
    made = [
        subprocess.run(
            [sys.executable, str(ROOT / ".ci" / "sbom.py"), str(LOCK)],
            capture_output=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]

    told = json.loads(made[0])
    assert made[0] == made[1]
    pins = {line.split()[0] for line in LOCK.read_text().splitlines() if "==" in line.split(" ")[0]}
    assert len(told["components"]) == len(pins)
    assert all(one["hashes"] for one in told["components"])
    hashes = sum(len(one["hashes"]) for one in told["components"])
    assert hashes == LOCK.read_text().count("--hash=sha256:")
    assert any("licenses" in one for one in told["components"])


def test_no_test_reaches_beyond_this_machine() -> None:
    """The guard lets this machine through and nothing else (RFC 5737's address is nobody's)."""
    with socket.socket() as one, pytest.raises(AssertionError, match="mark it network"):
        one.connect(("192.0.2.1", 80))
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


@pytest.mark.network
def test_audit_finds_no_known_vulnerability() -> None:
    """pip-audit, where it is installed, on the lock."""
    if shutil.which("pip-audit") is None:
        pytest.skip("pip-audit is not installed")
    done = subprocess.run(
        ["pip-audit", "--requirement", str(LOCK), "--disable-pip", "--no-deps"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
