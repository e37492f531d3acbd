"""Signs and verifies with the reference implementation, many times in one process.

Reads a list of jobs in JSON, writes a list of results: one start of Python for all of them.
A job is either {"name", "cli": [arguments of `model_signing`]} or
{"name", "model", "signature", "curve", "method", "hash", "shardSize", "allowSymlinks", "publicKey"}.
A result is {"name", "ok", "message"}.
"""

import contextlib
import io
import json
import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from model_signing import _cli, hashing, signing

CURVES = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}


def cli(job):
    """Runs the reference command. It exits with 0 or says why not."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(
        io.StringIO()
    ) as errors:
        try:
            _cli.main(args=job["cli"])
        except SystemExit as end:
            return end.code in (0, None), errors.getvalue()
    return True, ""


def api(job):
    """Signs with a new key, and stores its public half."""
    key = ec.generate_private_key(CURVES[job["curve"]]())
    public = pathlib.Path(job["publicKey"])
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
    )
    private = public.with_suffix(".private")
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    config = hashing.Config()
    options = {
        "hashing_algorithm": job["hash"],
        "allow_symlinks": job["allowSymlinks"],
    }
    if job["method"] == "shards":
        if job["shardSize"] is not None:
            options["shard_size"] = job["shardSize"]
        config.use_shard_serialization(**options)
    else:
        config.use_file_serialization(**options)
    config.set_ignored_paths(paths=[], ignore_git_paths=True)
    config.set_allow_symlinks(job["allowSymlinks"])
    signer = signing.Config().use_elliptic_key_signer(private_key=private)
    signer.set_hashing_config(config).sign(job["model"], job["signature"])
    return True, ""


def run(job):
    """Runs a job; an exception is a result as well."""
    try:
        ok, message = cli(job) if "cli" in job else api(job)
    except Exception as error:  # noqa: BLE001
        ok, message = False, f"{type(error).__name__}: {error}"
    return {"name": job["name"], "ok": ok, "message": message}


if __name__ == "__main__":
    json.dump([run(job) for job in json.load(sys.stdin)], sys.stdout)
