"""The merchant's own YAML."""

from __future__ import annotations

from engine.settings.sources.base import Given, Origin, Reading
from engine.settings.yaml_file import read_yaml


class YamlReader:
    """Every fact is the merchant's own statement: nothing is left out, so there are no notes."""

    def read(self, origin: Origin, given: Given) -> Reading:
        """See ``Reader``. Of ``given`` only the currency counts, which is filled in later, as for every format."""
        reading = Reading("yaml", read_yaml(origin.path, "catalogue"))
        reading.file.name = origin.name
        return reading
