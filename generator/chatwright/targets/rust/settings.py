"""What the user chose for one Rust crate."""

from __future__ import annotations

from msgspec import Struct


class CrateSettings(Struct, frozen=True, kw_only=True):
    """`crate` is the name that Cargo.toml has; `version` a version of Semantic Versioning."""

    crate: str
    version: str

    @property
    def library(self) -> str:
        """The crate's name in Rust source."""
        return self.crate.replace("-", "_")
