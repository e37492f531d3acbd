"""Runs python-tuf over the simulated repositories, and lists where it says something else than modelseal-tuf.

    cargo run -p modelseal-tuf-tests --example dump > cases.jsonl
    python python_tuf.py cases.jsonl        (needs tuf==7.0.1)

Fails on a difference that EXPECTED does not explain, and on one that it explains and that is not there.
"""

import datetime
import json
import logging
import os
import sys
import tempfile
from urllib import parse

from tuf.api.exceptions import DownloadHTTPError, RepositoryError, DownloadError
from tuf.ngclient import FetcherInterface, Updater

# Case, or its role's suffix, and why the two differ. Standard: TUF 1.0.
EXPECTED = json.load(open(os.path.join(os.path.dirname(__file__), "differences.json")))


class Fetcher(FetcherInterface):
    def __init__(self, files):
        self.files = files

    def _fetch(self, url):
        path = url.removeprefix("http://mirror/")
        file = self.files.get(path)
        if file is None:
            raise DownloadHTTPError("not found", 404)
        yield file.encode()


def run(case):
    with tempfile.TemporaryDirectory() as folder:
        metadata, targets = os.path.join(folder, "m"), os.path.join(folder, "t")
        os.makedirs(os.path.join(metadata, "root_history"))
        os.makedirs(targets)
        for name, text in case["state"]["files"].items():
            if text is not None:
                with open(os.path.join(metadata, parse.quote(name, "") + ".json"), "w", newline="") as file:
                    file.write(text)
        for text in case["state"]["roots"]:
            version = json.loads(text)["signed"]["version"]
            with open(os.path.join(metadata, "root_history", f"{version}.root.json"), "w", newline="") as file:
                file.write(text)
        try:
            updater = Updater(
                metadata,
                "http://mirror/metadata/",
                targets,
                "http://mirror/targets/",
                fetcher=Fetcher(case["files"]),
                bootstrap=case["start"].encode(),
            )
            now = min(case["now"], 253402300799)
            updater._trusted_set.reference_time = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
            updater.refresh()
            if case["target"] is not None:
                info = updater.get_targetinfo(case["target"])
                if info is None:
                    return "unknown target"
                updater.download_target(info)
        except (RepositoryError, DownloadError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            return f"{type(error).__name__}: {error}"
    return "ok"


def main():
    logging.disable(logging.CRITICAL)
    differences, count = {}, 0
    for line in open(sys.argv[1]):
        case = json.loads(line)
        if "rule" not in case:
            continue
        count += 1
        theirs = run(case)
        if (theirs == "ok") != (case["ours"] == "ok"):
            name = case["name"] + ("" if case["broken"] else " (twin)")
            differences[name] = f"ours {case['ours']}, theirs {theirs}"
    for name, what in differences.items():
        print(f"{name}: {what}\n    {EXPECTED.get(name, 'NOT EXPLAINED')}")
    unexplained = [name for name in differences if name not in EXPECTED]
    gone = [name for name in EXPECTED if name not in differences]
    print(f"{count} runs, {len(differences)} differences, {len(unexplained)} not explained")
    if gone:
        print("no difference any more:", ", ".join(gone))
    sys.exit(1 if unexplained or gone else 0)


main()
