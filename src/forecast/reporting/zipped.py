"""Zip archives whose bytes depend on their files alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

# The first date that the format can say.
DAWN = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files by path: sorted, every date 1980-01-01, every mode 0644."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, DAWN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            book.writestr(entry, files[name])
    return archive.getvalue()


def still_workbook(book: bytes) -> bytes:
    """Return an Excel workbook without the moment at which it was written."""
    with zipfile.ZipFile(BytesIO(book)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    files[core] = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z", files[core])
    return zip_bytes(files)
