"""Models of others: VRM 0.x, VRM 1.0 and glTF files made into bodies, and our own hosts exported to VRM 1.0."""

from engine.avatar.gltf.convert import import_model
from engine.avatar.gltf.export import export_vrm
from engine.avatar.gltf.report import Report

__all__ = ["Report", "export_vrm", "import_model"]
