// Name, package of origin, the day on which it was taken, and SHA-256. `cargo xtask roots` writes this.
[
    (
        "production",
        "npm @sigstore/tuf 5.0.1",
        "2026-11-23",
        "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66",
    ),
    (
        "staging",
        "PyPI sigstore 4.5.1",
        "2026-11-23",
        "81f5af777952d2c3955062ad56924c05ca916b5d49f3a0bce945faa475a8b1cc",
    ),
    (
        "github",
        "crate sigstore-trust-root 0.15.1",
        "2026-11-23",
        "484cdfe1a7c65479c5ba2a22193d1be90f0020db1997de696ab207434c62fbb7",
    ),
]
