// Name, package of origin, the day on which it was taken, and SHA-256.
[
    (
        "production",
        "crate sigstore-trust-root 0.15.1",
        "2026-11-26",
        "27aea7e372aa7864065174f0661784fcf8b0e28b1dbfebeada31a0f1fb19167f",
    ),
    (
        "staging",
        "crate sigstore-trust-root 0.15.1",
        "2026-11-26",
        "3cfd686011642e1fe151d5e413524bc1fe47ac69e87d44a33a811d04fe1795b9",
    ),
    (
        "github",
        "crate sigstore-trust-root 0.15.1",
        "2026-11-26",
        "eb303461e0109458144b6ebcbfd62aaa6f6d7481e9ca77504b85f17761661462",
    ),
]
